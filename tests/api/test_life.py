"""A fault's whole life, by programs alone."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests import builders, cast
from tests.api.program import program
from yika.faults.models import Fault
from yika.faults.rules import State
from yika.journal.models import Event
from yika.lib import clock
from yika.standards.queries import standard_of

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def test_a_fault_from_report_to_closed_log() -> None:
    builders.contract()
    device = builders.device()
    person = cast.technician()
    desk, hand = program(cast.dispatcher()), program(person)
    with clock.frozen(cast.AT):
        made = desk.post(
            "/faults",
            {
                "symptom": "terminal_dead",
                "channel": "monitoring",
                "devices": [device.number],
                "reporter_name": "王小明",
                "reporter_phone": "13812345678",
            },
            Idempotency_Key=str(uuid4()),
        )
        assert desk.status == 201 and desk.response.headers["Location"] == f"/api/v1/faults/{made['fault']}"
    at = f"/faults/{made['fault']}"
    with clock.frozen(cast.AT + MINUTE):
        assert [one["id"] for one in desk.get(f"{at}/candidates")] == [person.pk]
        sent = desk.post(f"{at}/dispatch", {"to": person.pk})
        assert (sent["state"]["code"], sent["technician"]["id"]) == ("dispatched", person.pk)
    steps: list[tuple[str, dict[str, object], str]] = [
        ("accept", {}, "accepted"),
        ("set-out", {}, "on_the_way"),
        ("arrive", {"label": device.token}, "working"),
        ("wait-part", {"note": "读卡模块缺货"}, "waiting_part"),
        ("resume", {}, "working"),
        ("restore", {"note": "更换读卡模块"}, "restored"),
        ("feedback", {"way": "phone", "told": "已修复"}, "fed_back"),
        ("log", {"entries": builders.LOG}, "logged"),
    ]
    for number, (verb, body, state) in enumerate(steps, 2):
        with clock.frozen(cast.AT + number * MINUTE):
            told = hand.post(f"{at}/{verb}", body)
            assert (hand.status, told.get("state", {}).get("code")) == (200, state), told
    with clock.frozen(cast.AT + 20 * MINUTE):
        closed = desk.post(f"{at}/close")
        assert closed["state"] == {"code": "closed", "name": "已办结"}
        assert (closed["response"]["outcome"], closed["repair"]["outcome"]) == ("met", "met")
        whole = desk.get(at)
    assert whole["reports"][0]["reporter_name"] == "王**"
    assert whole["reports"][0]["reporter_phone"] == "138****5678"
    assert [move["verb"]["code"] for move in whole["moves"]][:4] == [
        "dispatch",
        "accept",
        "set_out",
        "arrive",
    ]
    assert whole["moves"][3]["scanned"] is True
    assert whole["created_at"] == "2026-03-02T09:12:00+08:00"
    assert "已办结".encode() in desk.response.content, "Chinese stands as it is written"
    actors = set(Event.objects.filter(noun="fault").values_list("actor", flat=True))
    assert f"user:{person.pk}" in actors, "a token acts as its owner"


def test_what_is_asked_of_the_office_is_decided_by_its_program() -> None:
    builders.contract()
    person = cast.technician()
    fault = builders.fault(State.WORKING, to=person)
    at = f"/faults/{fault.pk}"
    desk, hand, office = program(cast.manager()), program(person), program(cast.office())
    with clock.frozen(cast.AT + 10 * MINUTE):
        cause = standard_of(fault.standard).causes[0].key
        hand.post(f"{at}/ask-special", {"cause": cause, "claim": "银行系统停机"})
        assert hand.status == 200
        claimed = desk.post(
            f"{at}/claim-exemption",
            {
                "commitment": "repair",
                "from_at": "2026-03-02T09:13:00+08:00",
                "until_at": "2026-03-02T09:20:00+08:00",
                "reason": "停电",
            },
        )
        assert desk.status == 200, claimed
        assert len(office.get("/rulings", decided="false")["items"]) == 1
        whole = office.get(at)
        (ruling,), (exemption,) = whole["rulings"], whole["exemptions"]
        office.post(f"/rulings/{ruling['id']}/decide", {"granted": False, "decision": "证据不足"})
        assert office.status == 200
        again = office.post(f"/rulings/{ruling['id']}/decide", {"granted": True, "decision": "再想想"})
        assert (office.status, again["type"]) == (409, "urn:yika:problem:wrong-state")
        decided = office.post(f"/exemptions/{exemption['id']}/decide", {"granted": True, "decision": "属实"})
        assert decided["repair"]["excused_due_at"] > decided["repair"]["due_at"]
        ruled = office.post(
            f"{at}/classify", {"terminals": 6, "cardholders": 0, "devices": [], "reason": "现场核实"}
        )
        assert ruled["severity"]["code"] != "general"
        office.post(f"{at}/rule-special", {"special": True, "cause": cause, "decision": "银行公告"})
        assert office.status == 200
        outcome = office.post(
            f"{at}/rule-outcome", {"commitment": "response", "outcome": "met", "reason": "核实"}
        )
        assert office.status in (200, 409), outcome


@pytest.mark.parametrize(
    ("verb", "body", "state"),
    [
        ("call-off", {"note": "误报"}, "called_off"),
        ("refer", {"note": "卡片断裂"}, "referred"),
    ],
)
def test_a_fault_that_is_none(verb: str, body: dict[str, str], state: str) -> None:
    fault = builders.fault()
    desk, office = program(cast.dispatcher()), program(cast.office())
    with clock.frozen(cast.AT + MINUTE):
        assert desk.post(f"/faults/{fault.pk}/{verb}", body)["state"]["code"] == state
        back = office.post(f"/faults/{fault.pk}/reinstate", {"note": "确有故障"})
        assert back["state"]["code"] == "reported"


def test_merging_joining_splitting_and_reopening() -> None:
    one, other = builders.fault(), builders.fault()
    desk = program(cast.dispatcher())
    with clock.frozen(cast.AT + 2 * MINUTE):
        joined = desk.post(f"/faults/{one.pk}/reports", {"description": "也刷不了", "channel": "phone"})
        assert (desk.status, joined["fault"]) == (201, one.pk)
        merged = desk.post(f"/faults/{other.pk}/merge", {"into": one.pk})
        assert (merged["state"]["code"], merged["merged_into"]) == ("merged", one.pk)
        assert desk.get(f"/faults/{one.pk}")["merged"] == [other.pk]
        assert desk.post(f"/faults/{other.pk}/split", {"note": "两回事"})["state"]["code"] == "reported"
    done = builders.fault(State.RESTORED)
    with clock.frozen(cast.AT + 30 * MINUTE):
        reopened = desk.post(f"/faults/{done.pk}/reopen", {"note": "又坏了"})
        assert reopened["state"]["code"] == "reported"


def test_remote_work_a_temporary_restoration_and_waiting() -> None:
    person, other = cast.technician(), cast.technician()
    fault = builders.fault(State.ACCEPTED, to=person)
    desk, hand = program(cast.manager()), program(person)
    at = f"/faults/{fault.pk}"
    with clock.frozen(cast.AT + 30 * MINUTE):
        begun = hand.post(
            f"{at}/start-remotely", {"note": "远程桌面", "happened_at": "2026-03-02T09:20:00+08:00"}
        )
        assert begun["state"]["code"] == "working"
        assert (
            hand.post(f"{at}/wait-third-party", {"note": "等银行"})["state"]["code"] == "waiting_third_party"
        )
        assert hand.post(f"{at}/resume")["state"]["code"] == "working"
        assert hand.post(f"{at}/send-to-factory", {"note": "主板"})["state"]["code"] == "at_factory"
        assert hand.post(f"{at}/ask-factory", {"claim": "无备机"})["id"] == fault.pk
        temporary = hand.post(f"{at}/restore-temporarily", {"note": "换用备机"})
        assert temporary["state"]["code"] == "temporarily_restored"
        handed = desk.post(f"{at}/hand-over", {"to": other.pk, "note": "换班"})
        assert handed["technician"]["id"] == other.pk
        refused = program(other).post(f"{at}/refuse", {"note": "不在岗"})
        assert refused["technician"] is None
    kinds = {row["kind"]["code"] for row in desk.get(at)["rulings"]}
    assert kinds == {"late_entry", "factory", "temporary"}


def test_a_reporter_is_revealed_for_a_reason_on_record() -> None:
    report = builders.report(reporter_name="王小明", reporter_phone="13812345678")
    reader = program(cast.auditor())
    at = f"/faults/{report.fault_id}/reports/{report.pk}/reveal"
    told = reader.post(at, {"reason": "回访核实"})
    assert told == {"reporter_name": "王小明", "reporter_phone": "13812345678"}
    assert Event.objects.get(verb="faults.reveal").data["reason"] == "回访核实"
    reader.post(at, {"reason": ""})
    assert reader.status == 422


def test_a_vendors_program_sees_its_own_faults_only() -> None:
    fault = builders.fault()
    outside = program(cast.stranger())
    assert outside.get("/faults")["items"] == []
    outside.get(f"/faults/{fault.pk}")
    assert outside.status == 404
    outside.post(f"/faults/{fault.pk}/accept")
    assert outside.status == 404
    assert Fault.objects.get().state == "reported"
