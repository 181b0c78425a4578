"""How the matrix gets there: questions to the Office, history, and the public pages."""

import hashlib
import uuid
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests import builders, cast
from tests.faults.cases import MINUTE, for_whom, given_away, stored
from tests.matrix import NOON, At, Build
from yika.assets.models import Place
from yika.commitments.models import Exemption
from yika.faults.actions import asking, reporting
from yika.faults.models import FaultImport, Photo, Report, Ruling, SavedFilter
from yika.faults.rules import State
from yika.lib.office.bringing import keep
from yika.people.models import User
from yika.standards.queries import standard_of


def a_reporter(who: User | None) -> At:
    made = builders.report(reporter_name="王小明", reporter_phone="13911112222")
    return At(pk=made.fault_id, report=made.pk, data={"reason": "联系报修人"})


def a_reporter_of_strangers(who: User | None) -> At:
    made = builders.report(reporter_name="王小明", reporter_phone="13911112222")
    given_away(made.fault)
    return At(pk=made.fault_id, report=made.pk, data={"reason": "联系报修人"})


def a_reporter_of_another_fault(who: User | None) -> At:
    return At(pk=builders.fault().pk, report=builders.report().pk, data={"reason": "联系报修人"})


def an_outcome(who: User | None) -> At:
    fault = builders.fault(State.RESTORED)
    return At(pk=fault.pk, commitment=fault.repair_id, data={"outcome": "missed", "reason": "虚报"})


def an_outcome_of_another_fault(who: User | None) -> At:
    return At(
        pk=builders.fault(State.RESTORED).pk,
        commitment=builders.fault(State.RESTORED).repair_id,
        data={"outcome": "missed", "reason": "虚报"},
    )


def a_question(evidence: bool = False) -> Ruling:
    fault = builders.fault()
    return asking.propose_special(
        fault,
        cause=standard_of(fault.standard).causes[0].key,
        claim="银行通知",
        evidence=stored() if evidence else None,
        by=cast.dispatcher(),
        at=cast.AT + MINUTE,
    )


def to_decide(who: User | None) -> At:
    return At(pk=a_question().pk, data={"granted": "1", "decision": "属实"})


def to_decide_of_strangers(who: User | None) -> At:
    ruling = a_question()
    given_away(ruling.fault)
    return At(pk=ruling.pk, data={"granted": "1", "decision": "属实"})


def decided_already(who: User | None) -> At:
    ruling = a_question()
    asking.decide(ruling, granted=False, decision="不属实", by=cast.office(), at=cast.AT + 2 * MINUTE)
    return At(pk=ruling.pk, data={"granted": "1", "decision": "属实"})


def evidence_of_a_question(who: User | None) -> At:
    return At(pk=a_question(evidence=True).pk)


def evidence_of_strangers(who: User | None) -> At:
    ruling = a_question(evidence=True)
    given_away(ruling.fault)
    return At(pk=ruling.pk)


def no_evidence(who: User | None) -> At:
    return At(pk=a_question().pk)


def an_exemption(*, evidence: bool = False, of_strangers: bool = False) -> Exemption:
    fault = builders.fault()
    assert fault.repair
    claim = asking.claim_exemption(
        fault,
        fault.repair,
        from_at=cast.AT + MINUTE,
        until_at=cast.AT + 10 * MINUTE,
        reason="学校断电",
        evidence=stored() if evidence else None,
        by=cast.manager(),
        at=cast.AT + 11 * MINUTE,
    )
    if of_strangers:
        given_away(fault)
    return claim


def an_exemption_to_decide(who: User | None) -> At:
    return At(pk=an_exemption().pk, data={"granted": "0", "decision": "无证据"})


def an_exemption_of_strangers(who: User | None) -> At:
    return At(pk=an_exemption(of_strangers=True).pk, data={"granted": "0", "decision": "无证据"})


def a_complaint(who: User | None) -> At:
    complaint = reporting.complain(builders.report(), text="态度差", at=cast.AT + MINUTE)
    return At(pk=complaint.pk, data={"answer": "已约谈"})


def a_complaint_about_strangers(who: User | None) -> At:
    complaint = reporting.complain(builders.report(), text="态度差", at=cast.AT + MINUTE)
    given_away(complaint.report.fault)
    return At(pk=complaint.pk, data={"answer": "已约谈"})


def of_a_commitment(who: User | None) -> At:
    return At(pk=builders.fault().repair_id)


def of_a_strangers_commitment(who: User | None) -> At:
    fault = builders.fault()
    assert fault.repair
    fault.repair.owed_by = given_away(fault).contract.vendor
    fault.repair.save(update_fields=["owed_by"])
    return At(pk=fault.repair_id)


def of_a_lone_commitment(who: User | None) -> At:
    return At(pk=builders.commitment().pk)


def a_picture(of_strangers: bool = False) -> Build:
    def build(who: User | None) -> At:
        fault = builders.fault(photos=[stored()])
        if of_strangers:
            given_away(fault)
        return At(pk=Photo.objects.get(fault=fault).pk)

    return build


def panel(of: str) -> Build:
    def build(who: User | None) -> At:
        fault = builders.fault()
        key = fault.device_id if of == "device" else fault.place_id
        return At(query={of: key})

    return build


def own_work(who: User | None) -> At:
    return At(pk=builders.fault(State.ACCEPTED, to=for_whom(who)).pk)


# The public's


def a_label(who: User | None) -> At:
    device = builders.device()
    builders.contract()
    return At(token=device.token, data={"submission": str(uuid.uuid4()), "symptom": "terminal_dead"})


def a_sign(who: User | None) -> At:
    place: Place = builders.place()
    builders.contract()
    return At(token=place.token, data={"submission": str(uuid.uuid4()), "symptom": "system"})


def no_label(who: User | None) -> At:
    return At(token="no-such-label")


def a_link(state: State = State.REPORTED, **data: Any) -> Build:
    return lambda who: At(secret=Report.objects.get(fault=builders.fault(state)).secret, data=data)


def no_link(who: User | None) -> At:
    return At(secret="no-such-secret")


def own_picture(who: User | None) -> At:
    report = builders.report(photos=[stored()])
    photo = report.photos.get()
    return At(secret=report.secret, pk=photo.pk)


def anothers_picture(who: User | None) -> At:
    report = builders.report(photos=[stored()])
    return At(secret=builders.report().secret, pk=report.photos.get().pk)


_READERS_OF_COMPLAINTS = {"everyone": 403, "office": 200, "auditor": 200, "manager": 200}


def a_history(who: User | None) -> At:
    """A file of one past fault, under the contract in force."""
    return At(data={"contract": str(builders.contract().pk), "file": SimpleUploadedFile("a.csv", HISTORY)})


def a_previewed_history(who: User | None) -> At:
    previewed = {
        "what": "history",
        "data": HISTORY.decode(),
        "contract": builders.contract().pk,
        "file_name": "a.csv",
        "shown": hashlib.sha256(HISTORY).hexdigest(),
    }
    return At(data={"kept": keep(previewed, at=NOON)})


def an_import(who: User | None) -> At:
    made = FaultImport.objects.create(
        contract=builders.contract(), file_name="a.csv", sha256="0" * 64, rows=0,
        first_reported_at=cast.AT, last_reported_at=cast.AT, at=cast.AT, by_name="周敏",
    )  # fmt: skip
    return At(pk=made.pk)


HISTORY = (
    b"ref,reported_at,arrived_at,repaired_at,terminals,cardholders,cause\n"
    b"1,2025-11-02T08:00,,2025-11-02T09:00,1,0,\n"
)


def under_a_contract(who: User | None) -> At:
    builders.contract()
    return At()


def a_simulation_as_csv(who: User | None) -> At:
    builders.contract()
    return At(form="csv")


# Marked in the list, and kept filters


def marked(state: State, verb: str) -> Build:
    """One fault marked, with what each verb asks for."""

    def build(who: User | None) -> At:
        fault = builders.fault(state)
        said = {"verb": verb, "fault": [fault.pk], "to": cast.technician().pk, "note": "误报"}
        return At(query=said, data=said)

    return build


def a_filter(**more: str) -> Build:
    """What is sent to keep the list of overdue faults."""
    return lambda who: At(data={"name": "超时", "query": "overdue=on", **more})


def _kept(owner: User, *, shared: bool) -> At:
    row = SavedFilter.objects.create(owner=owner, name="旧", query="overdue=on", shared=shared)
    return At(pk=row.pk, data={"name": "新"})


def own_filter(who: User | None) -> At:
    """Kept by whoever asks."""
    return _kept(who or cast.dispatcher(), shared=False)


def a_colleagues_filter(who: User | None) -> At:
    """Kept and shared by somebody of the same organisation."""
    colleague = cast.dispatcher("同事")
    if who is not None:
        colleague.organisation = who.organisation
        colleague.save(update_fields=["organisation"])
    return _kept(colleague, shared=True)


def anothers_filter(who: User | None) -> At:
    """Shared among strangers."""
    return _kept(cast.stranger(), shared=True)
