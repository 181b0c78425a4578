"""A fault as its reporter follows it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from yika.faults.models import (
    Fault,
)
from yika.faults.rules import (
    Verb,
)


@dataclass(frozen=True)
class Stage:
    """A stretch of the way as the reporter sees it: done since, or now, or still to come (both empty)."""

    word: str
    at: datetime | None
    now: bool


def stages(fault: Fault) -> list[Stage]:
    """报修, 派单, 赶赴现场, 到场处理, 修复: when each was reached, since the last reopening."""
    moves = list(fault.moves.all())
    last_start = max(
        (index for index, move in enumerate(moves) if move.verb in (Verb.REOPEN, Verb.REINSTATE)),
        default=-1,
    )
    reached: dict[str, datetime] = {}
    for move in moves[last_start + 1 :]:
        reached[move.verb] = move.happened_at
        if move.verb == Verb.REFUSE:
            reached.pop(Verb.DISPATCH, None)
        if move.verb == Verb.HAND_OVER:
            reached[Verb.DISPATCH] = move.happened_at
    arrived = reached.get(Verb.ARRIVE) or reached.get(Verb.START_REMOTELY)
    times = [
        (_("已报修"), fault.reported_at),
        (_("已派单"), reached.get(Verb.DISPATCH)),
        (_("正在赶来"), reached.get(Verb.SET_OUT) or arrived),
        (_("正在处理"), arrived),
        (_("已修复"), reached.get(Verb.RESTORE)),
    ]
    latest = max(index for index, (_word, at) in enumerate(times) if at)
    return [
        Stage(word, at if index <= latest else None, index == latest)
        for index, (word, at) in enumerate(times)
    ]


def ending_note(fault: Fault) -> str:
    """Why a fault was called off or referred, for its reporter."""
    last = fault.moves.filter(verb__in=(Verb.CALL_OFF, Verb.REFER)).order_by("-pk").first()
    return last.note if last else ""


def joined_by_itself(fault: Fault) -> bool:
    """Whether a merged fault joined an outage by itself, and was not merged by a person."""
    last = fault.moves.filter(verb=Verb.MERGE).order_by("-pk").first()
    return last is not None and last.by_id is None
