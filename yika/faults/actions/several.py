"""One verb for several faults, all of them or none."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from yika.faults.actions import dispatching, finishing
from yika.faults.models import Fault
from yika.faults.rules import TOGETHER, TOGETHER_MOST, Verb
from yika.lib.decisions import BadInput, Refusal
from yika.lib.locking import lock
from yika.people.models import User


def act_on_all(
    faults: Sequence[Fault],
    verb: Verb,
    *,
    by: User,
    at: datetime,
    to: User | None = None,
    into: Fault | None = None,
    note: str = "",
) -> int:
    """Do to each fault what the verb does to one; how many.

    ``to`` is who is sent, ``into`` what the others are merged into.

    Raises: what the verb raises, naming the fault, and then nothing has happened; BadInput for no or too
    many faults, without somebody to send or something to merge into.
    """
    assert verb in TOGETHER
    act: Callable[[Fault], object]
    if verb is Verb.DISPATCH:
        if to is None:
            raise BadInput(_("请选择派给谁"), field="to")
        act = lambda fault: dispatching.dispatch(fault, to=to, by=by, at=at, note=note)  # noqa: E731
    elif verb is Verb.MERGE:
        if into is None:
            raise BadInput(_("请选择并入哪一起故障"), field="into")
        faults = [fault for fault in faults if fault.pk != into.pk]
        act = lambda fault: dispatching.merge(fault, into=into, by=by, at=at, note=note)  # noqa: E731
    elif verb is Verb.CALL_OFF:
        act = lambda fault: dispatching.call_off(fault, by=by, at=at, note=note)  # noqa: E731
    else:
        act = lambda fault: finishing.close(fault, by=by, at=at)  # noqa: E731
    if not faults:
        raise BadInput(_("没有可以办理的故障"), field="fault")
    if len(faults) > TOGETHER_MOST:
        raise BadInput(_("一次最多办理 %(most)d 起") % {"most": TOGETHER_MOST}, field="fault")
    with transaction.atomic():
        # Whoever touches several faults of a contract, merging too, takes turns: nobody deadlocks.
        for contract in sorted({fault.contract for fault in faults}, key=lambda row: row.pk):
            lock(contract)
        for fault in sorted(faults, key=lambda row: row.pk):
            try:
                act(fault)
            except Refusal as refusal:
                raise _of(fault, refusal) from refusal
    return len(faults)


def _of(fault: Fault, refusal: Refusal) -> Refusal:
    """The refusal, saying which fault it is about."""
    told = [text if fault.number in text else f"{fault.number}：{text}" for text in refusal.problems]
    if isinstance(refusal, BadInput):
        return BadInput(*(refusal.problems if refusal.field else told), field=refusal.field)
    return type(refusal)(*told)
