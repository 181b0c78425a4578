"""Changes as lists: filtered, of a month, of a device; what was found different."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from yika.assets.models import Device
from yika.assets.queries import devices_called
from yika.assets.rules import Life
from yika.changes.models import Change, Difference, Trial, Vote
from yika.changes.policies import visible, visible_differences
from yika.changes.rules import AFTERWARDS, ENDED, STANDING, UNDONE, Mode, State, Word
from yika.commitments.rules import Month
from yika.faults.models import Fault
from yika.lib.grams import MOST_WORDS, words
from yika.lib.numbers import meant
from yika.lib.search import keyed
from yika.people.models import User
from yika.people.policies import may
from yika.people.rules import Right


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; ``state`` a state, ``open``, ``ended``, ``unconfirmed``, ``declined`` or
    ``all``."""

    text: str = ""
    state: str = "open"
    kind: str = ""
    mode: str = ""


def listed(user: User, filters: Filters) -> QuerySet[Change]:
    """The visible changes that the filters leave."""
    rows = with_answer(visible(user)).select_related("asked_by")
    if filters.state == "open":
        rows = rows.filter(ended_at__isnull=True)
    elif filters.state == "ended":
        rows = rows.filter(state__in=sorted(ENDED))
    elif filters.state == "unconfirmed":
        rows = unconfirmed(rows)
    elif filters.state == "declined":
        rows = declined(rows)
    elif filters.state in set(State):
        rows = rows.filter(state=filters.state)
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.mode:
        rows = rows.filter(mode=filters.mode)
    return rows.filter(_matching(filters.text)) if filters.text else rows


def awaiting(user: User) -> QuerySet[Change]:
    """Changes asked for that wait for this supervisor's word: nobody has the say on their own."""
    if not may(user, Right.CONSENT_TO_CHANGES):
        return Change.objects.none()
    asked = visible(user).filter(state=State.ASKED, contract__office=user.organisation_id)
    return asked.exclude(asked_by=user)


def unconfirmed(rows: QuerySet[Change]) -> QuerySet[Change]:
    """Executed emergency changes about which the Office has not said anything yet."""
    told = Change.objects.filter(votes__word__in=sorted(AFTERWARDS)).values("pk")
    return rows.filter(mode=Mode.EMERGENCY, executed_at__isnull=False).exclude(pk__in=told)


def found(user: User, text: str) -> QuerySet[Change]:
    """The visible changes with every word of a text in number, title or a device, the latest first."""
    return visible(user).filter(_matching(text)).order_by("-pk")


def declined(rows: QuerySet[Change]) -> QuerySet[Change]:
    """Emergency changes that the Office did not confirm and that were not rolled back yet."""
    told = Change.objects.filter(votes__word=Word.DECLINE).values("pk")
    return rows.filter(state=State.EXECUTED, pk__in=told)


def with_answer(rows: QuerySet[Change]) -> QuerySet[Change]:
    """Annotates ``was_declined``: the Office did not confirm the emergency change."""
    return rows.annotate(was_declined=Exists(Vote.objects.filter(change=OuterRef("pk"), word=Word.DECLINE)))


def _matching(text: str) -> Q:
    every, last = Q(), Change.objects.aggregate(last=Max("pk"))["last"] or 0
    for typed in text.split()[:MOST_WORDS]:
        term = "".join(words(typed))
        one = Q(title__icontains=typed)
        if len(term) > 1:
            devices = devices_called(term)
            about = Change.objects.filter(Q(lines__device__in=devices) | Q(devices__in=devices))
            one |= Q(pk__in=about.values("pk"))
        for stretch in meant(term, "bg", last) if "." not in typed else ():
            one |= keyed(stretch)
        every &= one
    return every


def month_of(user: User, month: Month) -> QuerySet[Change]:
    """The visible changes whose window touches a month, drafts and what came to nothing left out."""
    return (
        with_answer(visible(user))
        .exclude(state__in=(State.DRAFT, State.REFUSED, State.WITHDRAWN))
        .filter(from_at__lt=month.ends_at, until_at__gt=month.starts_at)
        .order_by("from_at", "id")
    )


def of_device(user: User, device: Device) -> QuerySet[Change]:
    """The visible changes about a device, the latest first."""
    about = Q(lines__device=device) | Q(devices=device)
    return with_answer(visible(user)).filter(about).select_related("asked_by").distinct().order_by("-pk")


def exported(rows: QuerySet[Change]) -> QuerySet[Change]:
    """With everything a line of 变更登记表 says."""
    return rows.select_related("asked_by", "executed_by", "pattern").prefetch_related(
        "lines__device", "devices", "votes__by"
    )


def agreed_by(change: Change) -> str:
    """Who of the Office agreed, before or afterwards; the pattern where one allowed it beforehand."""
    if change.pattern:
        return change.pattern.name
    agreeing = (Word.CONSENT, Word.CONFIRM)
    return "、".join(vote.by.name for vote in change.votes.all() if vote.word in agreeing)


def numbers_of(change: Change) -> str:
    """The devices it is about, of a change read by ``exported``."""
    lines = [line.device.number for line in change.lines.all()]
    return "、".join(sorted({*lines, *(device.number for device in change.devices.all())}))


def exported_trials(user: User) -> QuerySet[Trial]:
    """The tests of the visible changes: 测试记录表."""
    rows = Trial.objects.filter(change__in=visible(user))
    return rows.select_related("change", "by").order_by("change_id", "id")


def differences(user: User) -> QuerySet[Difference]:
    """What was found different, with everything a line of it names."""
    return visible_differences(user).select_related("device__kind", "device__place", "by", "change", "photo")


def unmended(rows: QuerySet[Difference]) -> QuerySet[Difference]:
    """Those for which no change was proposed, or none that came to anything."""
    return rows.filter(Q(change=None) | Q(change__state__in=sorted(UNDONE)))


def answered(change: Change) -> Word | None:
    """What the Office said about an emergency change afterwards."""
    said = change.votes.filter(word__in=sorted(AFTERWARDS)).first()
    return Word(said.word) if said else None


def spares_for(old: Device) -> QuerySet[Device]:
    """The devices of the same kind that are in stock."""
    rows = Device.objects.filter(life=Life.IN_STOCK, kind=old.kind).exclude(pk=old.pk)
    return rows.select_related("kind", "place", "model").order_by("number")


def warnings_of(spares: Sequence[Device]) -> dict[int, str]:
    """Why some spares may not do, in words by key: wanted by another change, or faulty still. Two queries."""
    keys = [spare.pk for spare in spares]
    standing = Change.objects.filter(lines__device__in=keys, state__in=sorted(STANDING)).order_by("pk")
    found = {
        device: _("已列入 %(number)s") % {"number": change.number}
        for change, device in (
            (change, change.device) for change in standing.annotate(device=F("lines__device"))
        )
    }
    faulty = Fault.objects.open().filter(device__in=keys).order_by("pk")
    for fault in faulty:
        assert fault.device_id
        found[fault.device_id] = _("故障 %(number)s 未办结") % {"number": fault.number}
    return found
