"""历史导入: past faults brought in as closed history of a contract, all or nothing; and taken out again."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from yika.commitments.models import Commitment, Term
from yika.contracts.models import Contract
from yika.faults.actions.bulk import write
from yika.faults.importing import History, Seen
from yika.faults.models import Classification, Fault, FaultImport, FaultWords, Move, Report, Ruling
from yika.faults.policies import can_import, can_undo
from yika.faults.queries.imports import earlier, known, worked_on
from yika.journal.actions import record
from yika.lib.decisions import BadInput, WrongState, require
from yika.lib.locking import lock
from yika.people.models import User
from yika.people.policies import Doer
from yika.standards.queries import standard_of

NAMED = 5
_CHUNK = 800


def fingerprint(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def import_faults(
    path: Path,
    *,
    contract: Contract,
    file_name: str,
    shown: str,
    by: Doer,
    at: datetime,
    progress: Callable[[int], object] = lambda done: None,
) -> FaultImport:
    """Bring in what the preview of a file showed; ``shown`` is the fingerprint of the file then.

    One transaction: every row or none. Nobody is told, now or later: it is history.
    Raises: NotAllowed, BadInput when a row cannot be used, WrongState when the file has changed since or
    was brought in before, Unreadable.
    """
    require(can_import(by))
    if fingerprint(path) != shown:
        raise WrongState(_("文件在预览之后有改动，没有导入任何内容，请重新预览"))
    try:
        with transaction.atomic():
            before = earlier(shown)
            if before is not None:
                raise WrongState(already(before))
            history = History(path, standard_of(contract.standard), known(contract), at)
            made = FaultImport.objects.create(
                contract=contract,
                file_name=file_name[:120],
                sha256=shown,
                rows=0,
                first_reported_at=at,
                last_reported_at=at,
                at=at,
                by=by if isinstance(by, User) else None,
                by_name=by.actor_name,
            )
            for done in write(history.lives(), contract=contract, imported=made, by=by, at=at):
                progress(done)
            _finish(made, history.seen, by=by, at=at)
    except IntegrityError as error:  # somebody has just brought the same file in
        before = earlier(shown)
        if before is None:
            raise
        raise WrongState(already(before)) from error
    return made


def already(before: FaultImport) -> str:
    """That a file was brought in before, by whom and when."""
    return _("这份文件已由 %(who)s 导入过（第 %(number)d 号导入，%(rows)d 件），不能重复导入") % {
        "who": before.by_name,
        "number": before.pk,
        "rows": before.rows,
    }


def _finish(made: FaultImport, seen: Seen, *, by: Doer, at: datetime) -> None:
    if seen.tally.bad_rows:
        raise BadInput(
            _("%(rows)d 行有误，没有导入任何内容") % {"rows": seen.tally.bad_rows},
            *(flaw.told("zh") for flaw in seen.tally.problems[:NAMED]),
        )
    if not seen.first or not seen.last:
        raise BadInput(_("文件里没有故障"))
    made.rows, made.first_reported_at, made.last_reported_at = seen.rows, seen.first, seen.last
    made.save(update_fields=["rows", "first_reported_at", "last_reported_at"])
    counts: dict[str, int] = {}
    for (severity, _response, _repair), count in seen.tally.rows.items():
        counts[severity] = counts.get(severity, 0) + count
    record(
        "faults.import_file",
        ("fault_import", made.pk),
        by=by,
        at=at,
        file_name=made.file_name,
        sha256=made.sha256,
        contract=made.contract.number,
        rows=seen.rows,
        never_repaired=seen.unrepaired,
        first=seen.first.date().isoformat(),
        last=seen.last.date().isoformat(),
        counts=counts,
    )


def undo_import(imported: FaultImport, *, by: Doer, at: datetime) -> int:
    """Take a whole import out again, and only it; how many faults that were.

    Raises: NotAllowed, WrongState when it is out already, or naming the faults somebody has worked on since.
    """
    require(can_undo(by, imported))
    with transaction.atomic():
        row = lock(imported)
        if row.undone_at is not None:
            raise WrongState(_("这次导入已由 %(who)s 撤回") % {"who": row.undone_by_name})
        touched = worked_on(row)
        if touched:
            numbers = _("、").join(fault.number for fault in touched)
            raise WrongState(_("导入之后已有人处理过：%(numbers)s，不能撤回") % {"numbers": numbers})
        faults = Fault.objects.filter(imported=row)
        count = faults.count()
        kept = [key for pair in faults.values_list("response", "repair") for key in pair if key is not None]
        for model in (Move, Report, Ruling, Classification, FaultWords):
            model.objects.filter(fault__imported=row)._raw_delete(using="default")
        faults._raw_delete(using="default")
        for keys in _chunks(kept):
            Term.objects.filter(commitment__in=keys)._raw_delete(using="default")
            Commitment.objects.filter(pk__in=keys)._raw_delete(using="default")
        row.undone_at, row.undone_by_name = at, by.actor_name
        row.save(update_fields=["undone_at", "undone_by_name"])
        record(
            "faults.undo_import",
            ("fault_import", row.pk),
            by=by,
            at=at,
            file_name=row.file_name,
            sha256=row.sha256,
            rows=count,
        )
    return count


def _chunks(keys: list[int]) -> Iterator[list[int]]:
    source = iter(keys)
    while chunk := list(islice(source, _CHUNK)):
        yield chunk
