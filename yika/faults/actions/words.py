"""What a fault itself is found by, written with its reports, in the same transaction."""

from collections.abc import Iterable, Iterator

from yika.faults.models import Fault, FaultWords, Report
from yika.lib.grams import document, words
from yika.lib.search import add, renew
from yika.lib.text import mask_numbers


def said(*texts: str) -> str:
    """What a fault is found by: the words of its reports. Phone and identity numbers stay masked."""
    return document(dict.fromkeys(word for text in texts if text for word in words(mask_numbers(text))))


def index_new(fault: Fault) -> None:
    """Keep what a fault just reported is found by: one row, or none when nothing was said."""
    add(FaultWords, [(fault.pk, said(fault.description))])


def index_again(fault: Fault) -> None:
    """Keep what a fault is found by after a further report."""
    renew(FaultWords, words_of_faults([fault]))


def words_of_faults(faults: Iterable[Fault]) -> Iterator[tuple[int, str]]:
    """Each fault's key and what its reports, taken together, say."""
    described = {fault.pk: [fault.description] for fault in faults}
    reports = Report.objects.filter(fault__in=described).exclude(description="").order_by("id")
    for key, text in reports.values_list("fault", "description"):
        described[key].append(text)
    for key, texts in described.items():
        yield key, said(*texts)
