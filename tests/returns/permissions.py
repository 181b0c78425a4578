"""Who may do what with returns: the Office's readers look, the vendor handles, the Office writes off."""

import uuid
from collections.abc import Callable
from typing import Any

from tests import builders, cast
from tests.changes.permissions import a_picture
from tests.matrix import NOON, At, Build, Row, get, post
from tests.returns.cases import a_return, diagnosed, fresh, sent, taken_out, tried
from yika.changes.actions import voting
from yika.people.models import User
from yika.returns.actions import exempting
from yika.returns.models import Return
from yika.returns.rules import State

WINDOW = {"mode": "normal", "from_at": "2026-03-02T09:00:00", "until_at": "2026-03-03T10:00:00", "risk": "无"}
SENDING = {"records": "12", "psam": "removed", "factory": "新中新", "courier": "顺丰", "waybill": "SF1"}
SPAN = {"from_at": "2026-03-02T09:12:00", "until_at": "2026-03-02T09:30:00"}
TRIAL = {"item": "刷卡", "expected": "成功", "result": "成功", "passed": "yes"}


def seen(build: Build | None = None) -> Row:
    return get(build, everyone=200, administrator=403)


def handled(build: Build) -> Row:
    """A verb of the vendor of the contract."""
    return post(build, everyone=302, office=403, auditor=403, administrator=404)


def about(state: State, **more: Any) -> Callable[[User | None], At]:
    return lambda who: At(pk=a_return(state).pk, **more)


def verb(word: str, of: Callable[[], Return], **data: str) -> Callable[[User | None], At]:
    return lambda who: At(pk=of().pk, verb=word, data=data)


def an_opening(who: User | None) -> At:
    builders.contract()
    data = {**WINDOW, "reason": "不通电", "submission": str(uuid.uuid4()), "fault": "", "spare": ""}
    return At(query={"device": builders.device().pk}, data=data)


def a_refused() -> Return:
    one = a_return()
    assert one.change
    voting.refuse(one.change, reason="先换备机", by=cast.office(), at=NOON)
    return fresh(one)


def a_fault(who: User | None) -> At:
    return At(query={"fault": builders.fault().pk})


def a_change(who: User | None) -> At:
    change = a_return().change
    assert change
    return At(query={"change": change.pk})


def of_a_commitment(who: User | None) -> At:
    return At(pk=a_return().commitment_id)


def a_claim(**more: Any) -> Callable[[User | None], At]:
    def build(who: User | None) -> At:
        made = exempting.claim_exemption(
            a_return(),
            from_at=cast.AT,
            until_at=NOON,
            reason="快递停运",
            evidence=a_picture(),
            by=cast.manager(),
            at=NOON,
        )
        return At(pk=made.pk, **more)

    return build


MATRIX = {
    "returns:decide_exemption": post(
        a_claim(data={"granted": "1", "decision": "属实"}), everyone=403, office=302, administrator=404
    ),
    "returns:evidence": get(a_claim(), everyone=200, administrator=404),
    "returns:list": seen(),
    "returns:export": seen(lambda who: At(form="csv")),
    "returns:export_trials": seen(lambda who: At(form="csv")),
    "returns:panel_device": get(lambda who: At(query={"device": builders.device().pk}), everyone=200),
    "returns:panel_change": get(a_change, everyone=200, administrator=404),
    "returns:panel_fault": get(a_fault, everyone=200, administrator=404),
    "returns:of_commitment": (
        get(of_a_commitment, everyone=302, administrator=404),
        get(lambda who: At(pk=builders.fault().response_id), everyone=404),
    ),
    "returns:new": (
        get(an_opening, everyone=200, office=403, auditor=403, administrator=403),
        post(an_opening, everyone=302, office=403, auditor=403, administrator=403),
    ),
    "returns:page": get(about(State.SENT), everyone=200, administrator=404),
    "returns:ask_again": (
        get(lambda who: At(pk=a_refused().pk), everyone=200, office=403, auditor=403, administrator=404),
        handled(lambda who: At(pk=a_refused().pk, data={**WINDOW, "spare": ""})),
    ),
    "returns:put_back": (
        get(about(State.DONE), everyone=200, office=403, auditor=403, administrator=404),
        handled(about(State.DONE, data=WINDOW)),
    ),
    "returns:act": (
        handled(verb("send", lambda: taken_out(a_return()), **SENDING)),
        handled(verb("diagnose", lambda: a_return(State.SENT), diagnosis="主板烧毁", warranty="yes")),
        handled(verb("receive", lambda: a_return(State.SENT))),
        handled(verb("test", lambda: a_return(State.BACK), **TRIAL)),
        handled(verb("finish", lambda: tried(diagnosed(a_return(State.BACK), at=NOON), at=NOON))),
        handled(verb("cancel", a_return, reason="现场修好")),
        post(
            verb("write-off", lambda: sent(a_return()), reason="厂家停产"),
            everyone=403,
            office=302,
            administrator=404,
        ),
        post(verb("finish", a_return), everyone=409, office=403, auditor=403, administrator=404),
        post(
            verb(
                "exempt",
                a_return,
                **SPAN,
                reason="停运",
            ),
            everyone=302,
            technician=403,
            office=403,
            auditor=403,
            administrator=404,
        ),
        post(
            verb("rule", lambda: a_return(State.DONE), outcome="missed", reason="未实测"),
            everyone=403,
            office=302,
            administrator=404,
        ),
        post(verb("sell", a_return), everyone=404),
    ),
}
