"""Who gets what at the pages of faults: the vendor works, the Office decides, a secret link follows."""

import hashlib
import uuid
from collections.abc import Callable, Mapping
from datetime import timedelta
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests import builders, cast
from tests.matrix import NOON, At, Build, Row, get, post
from yika.assets.forms import keep
from yika.assets.models import Place
from yika.commitments.models import Exemption
from yika.faults.actions import asking, dispatching, reporting, working
from yika.faults.models import Fault, FaultImport, Photo, Report, Ruling
from yika.faults.rules import State, Verb
from yika.files.actions import store
from yika.files.models import StoredFile
from yika.files.rules import Kind
from yika.people.models import User
from yika.people.rules import Role
from yika.standards.queries import standard_of

MINUTE = timedelta(minutes=1)


def upload() -> SimpleUploadedFile:
    """A small picture, as a phone sends it."""
    out = BytesIO()
    Image.new("RGB", (8, 6)).save(out, "JPEG")
    return SimpleUploadedFile("IMG_1.jpg", out.getvalue(), "image/jpeg")


def stored() -> StoredFile:
    return store(upload(), kinds=(Kind.IMAGE,), at=cast.AT)


def given_away(fault: Fault) -> Fault:
    """The same fault, under another vendor's contract."""
    contract = fault.contract
    contract.vendor = cast.stranger().organisation
    contract.save(update_fields=["vendor"])
    return fault


# Faults: by default somebody else's; ``mine`` is given to whoever asks, if a technician.


def fault_in(state: State) -> Build:
    return lambda who: At(pk=builders.fault(state).pk)


def foreign(who: User | None) -> At:
    return At(pk=given_away(builders.fault(State.WORKING)).pk)


def for_whom(who: User | None) -> User | None:
    return who if who is not None and who.role == Role.TECHNICIAN else None


def sent(state: State, data: Mapping[str, Any], *, mine: bool = False) -> Build:
    """A form sent to a fault in a state, one's own or a colleague's."""

    def build(who: User | None) -> At:
        fault = builders.fault(state, to=for_whom(who) if mine else None)
        return At(pk=fault.pk, data=data)

    return build


def moved(state: State, verb: Verb, *, mine: bool = False) -> Build:
    to = sent(state, {"note": "现场说明"}, mine=mine)

    def build(who: User | None) -> At:
        form = to(who)
        return At(verb=verb.value, **form.kwargs, data=form.data)

    return build


def ended(end: Callable[[Fault], object], verb: Verb) -> Build:
    """A fault that was called off, referred or merged, and the verb that brings it back."""

    def build(who: User | None) -> At:
        fault = builders.fault()
        end(fault)
        return At(pk=fault.pk, verb=verb.value, data={"note": "确属故障"})

    return build


def called_off(fault: Fault) -> object:
    return dispatching.call_off(fault, by=cast.dispatcher(), at=cast.AT + MINUTE, note="误报")


def merged(fault: Fault) -> object:
    return dispatching.merge(
        fault, into=builders.fault(), by=cast.dispatcher(), at=cast.AT + MINUTE, note="同一故障"
    )


def unknown_verb(verb: str) -> Build:
    return lambda who: At(pk=builders.fault().pk, verb=verb, data={"note": "x"})


def work(state: State, verb: Verb) -> tuple[Row, Row]:
    """Done by the technician it was sent to, or the desk for them; by nobody else."""
    everyone = {"everyone": 403, "administrator": 404, "manager": 302, "dispatcher": 302}
    return (
        post(moved(state, verb, mine=True), **everyone, technician=302),
        post(moved(state, verb), **everyone, technician=403),
    )


def restored_by_strangers(who: User | None) -> At:
    return At(**foreign(who).kwargs, verb=Verb.RESTORE.value, data={"note": "修好"})


def waiting(verb: Verb) -> tuple[Row, Row]:
    """A fault that waits, and goes on."""

    def build(mine: bool) -> Build:
        def waits(who: User | None) -> At:
            fault = builders.fault(State.WORKING, to=for_whom(who) if mine else None)
            assert fault.technician
            working.wait_part(fault, by=fault.technician, at=cast.AT + 9 * MINUTE, note="等模块")
            return At(pk=fault.pk, verb=verb.value, data={"note": ""})

        return waits

    everyone = {"everyone": 403, "administrator": 404, "manager": 302, "dispatcher": 302}
    return post(build(True), **everyone, technician=302), post(build(False), **everyone, technician=403)


def desk(build: Build) -> Row:
    return post(build, everyone=403, administrator=404, manager=302, dispatcher=302)


def desk_and_office(build: Build) -> Row:
    return post(build, everyone=403, administrator=404, manager=302, dispatcher=302, office=302)


def office(build: Build) -> Row:
    return post(build, everyone=403, administrator=404, office=302)


def vendor(build: Build) -> Row:
    return post(build, everyone=302, office=403, auditor=403, administrator=404)


def vendor_but_not_a_colleague(build: Build) -> Row:
    return post(build, everyone=403, administrator=404, manager=302, dispatcher=302)


def hidden(build: Build) -> Row:
    """A form about another vendor's fault: it does not exist for the vendor's people."""
    return post(build, everyone=404, office=403, auditor=403)


def seen(build: Build) -> Row:
    return get(build, everyone=200, administrator=404)


def strangers(**data: Any) -> Build:
    return lambda who: At(**foreign(who).kwargs, data=data)


# What is sent along


def a_new_report(who: User | None) -> At:
    data = {
        "submission": str(uuid.uuid4()),
        "channel": "phone",
        "symptom": "terminal_dead",
        "devices": [builders.device().pk],
    }
    builders.contract()
    return At(data=data)


def to_a_technician(state: State, verb: str) -> Build:
    def build(who: User | None) -> At:
        fault = builders.fault(state)
        return At(pk=fault.pk, data={"to": cast.technician().pk, "verb": verb, "note": "就近"})

    return build


def sent_by_strangers(who: User | None) -> At:
    return At(**foreign(who).kwargs, data={"to": cast.stranger().pk, "verb": "hand_over", "note": "就近"})


def scanned(mine: bool) -> Build:
    def build(who: User | None) -> At:
        fault = builders.fault(State.ON_THE_WAY, to=for_whom(who) if mine else None)
        assert fault.device
        return At(pk=fault.pk, token=fault.device.token)

    return build


def unknown_label(who: User | None) -> At:
    return At(pk=builders.fault(State.ON_THE_WAY).pk, token="no-such-label")


def a_duplicate(who: User | None) -> At:
    return At(pk=builders.fault().pk, data={"into": builders.fault().number})


def into_nothing(who: User | None) -> At:
    return At(pk=builders.fault().pk, data={"into": "G999999"})


SIZE = {"terminals": 1, "cardholders": 3, "reason": "现场清点"}
TOLD = {"way": "phone", "told": "已修复"}


def a_photo(mine: bool) -> Build:
    to = sent(State.WORKING, {}, mine=mine)
    return lambda who: At(**to(who).kwargs, data={"file": upload()})


def with_cause(state: State) -> Build:
    def build(who: User | None) -> At:
        fault = builders.fault(state)
        cause = standard_of(fault.standard).causes[0].key
        return At(pk=fault.pk, data={"cause": cause, "claim": "银行通知", "special": "1", "decision": "属实"})

    return build


def at_the_factory(who: User | None) -> At:
    fault = builders.fault(State.WORKING)
    assert fault.technician
    working.send_to_factory(fault, by=fault.technician, at=cast.AT + 9 * MINUTE, note="主板")
    return At(pk=fault.pk, data={"claim": "无备机"})


def an_interval(who: User | None) -> At:
    fault = builders.fault()
    data = {"commitment": fault.repair_id, "from_at": "2026-03-02T09:20", "until_at": "2026-03-02T09:30"}
    return At(pk=fault.pk, data={**data, "reason": "机房断电，学校通知"})


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


MATRIX: dict[str, Row | tuple[Row, ...]] = {
    # reading
    "faults:board": get(everyone=200, administrator=403),
    "faults:list": get(everyone=200, administrator=403),
    "faults:panel_load": (
        get(everyone=200, administrator=403),
        get(lambda who: At(query={"person": cast.technician().pk}), everyone=200, administrator=403),
        get(lambda who: At(query={"person": "x"}), everyone=404, administrator=403),
    ),
    "faults:panel_device": (get(panel("device"), everyone=200), get(everyone=404)),
    "faults:panel_place": (get(panel("place"), everyone=200), get(everyone=404)),
    "faults:of_commitment": (
        get(of_a_commitment, everyone=302, administrator=404),
        get(of_a_strangers_commitment, everyone=404, office=302, auditor=302),
        get(of_a_lone_commitment, everyone=404),
    ),
    "faults:photo": (
        get(a_picture(), everyone=200, administrator=404),
        get(a_picture(of_strangers=True), everyone=404, office=200, auditor=200),
    ),
    "faults:page": (
        seen(fault_in(State.REPORTED)),
        seen(fault_in(State.CLOSED)),
        get(foreign, everyone=404, office=200, auditor=200),
    ),
    "faults:new": (
        get(everyone=403, office=200, manager=200, dispatcher=200),
        post(a_new_report, everyone=403, office=302, manager=302, dispatcher=302),
        post(everyone=403, office=422, manager=422, dispatcher=422),
    ),
    # the verbs of a fault's life
    "faults:move": (
        *work(State.DISPATCHED, Verb.ACCEPT),
        *work(State.DISPATCHED, Verb.REFUSE),
        *work(State.ACCEPTED, Verb.SET_OUT),
        *work(State.ON_THE_WAY, Verb.ARRIVE),
        *work(State.ACCEPTED, Verb.START_REMOTELY),
        *work(State.WORKING, Verb.WAIT_PART),
        *work(State.WORKING, Verb.SEND_TO_FACTORY),
        *work(State.WORKING, Verb.WAIT_THIRD_PARTY),
        *work(State.WORKING, Verb.RESTORE_TEMPORARILY),
        *work(State.WORKING, Verb.RESTORE),
        *waiting(Verb.RESUME),
        desk(moved(State.LOGGED, Verb.CLOSE, mine=True)),
        desk(moved(State.WORKING, Verb.REFER, mine=True)),
        desk(ended(merged, Verb.SPLIT)),
        desk_and_office(moved(State.DISPATCHED, Verb.CALL_OFF, mine=True)),
        desk_and_office(moved(State.RESTORED, Verb.REOPEN, mine=True)),
        office(ended(called_off, Verb.REINSTATE)),
        hidden(restored_by_strangers),
        post(unknown_verb("fly"), everyone=404),
        post(unknown_verb("dispatch"), everyone=404),
    ),
    "faults:send": (
        desk(to_a_technician(State.REPORTED, "dispatch")),
        desk(to_a_technician(State.WORKING, "hand_over")),
        post(
            to_a_technician(State.CLOSED, "dispatch"),
            everyone=403,
            administrator=404,
            manager=409,
            dispatcher=409,
        ),
        hidden(sent_by_strangers),
    ),
    "faults:arrive_scanned": (
        post(scanned(True), everyone=403, administrator=404, manager=302, dispatcher=302, technician=302),
        post(scanned(False), everyone=403, administrator=404, manager=302, dispatcher=302),
        post(unknown_label, everyone=404),
    ),
    "faults:merge": (
        desk(a_duplicate),
        post(into_nothing, everyone=422, administrator=404),
        post(strangers(into="G000001"), everyone=404, office=422, auditor=422),
    ),
    "faults:classify": (
        post(sent(State.WORKING, SIZE, mine=True), everyone=302, auditor=403, administrator=404),
        post(
            sent(State.WORKING, SIZE),
            everyone=403,
            office=302,
            manager=302,
            dispatcher=302,
            administrator=404,
        ),
        post(sent(State.CLOSED, SIZE), everyone=409, technician=403, auditor=403, administrator=404),
        post(strangers(**SIZE), everyone=404, office=302, auditor=403),
    ),
    "faults:feedback": (
        vendor(sent(State.RESTORED, TOLD, mine=True)),
        vendor_but_not_a_colleague(sent(State.RESTORED, TOLD)),
        hidden(strangers(**TOLD)),
    ),
    "faults:log": (
        vendor(sent(State.FED_BACK, builders.LOG, mine=True)),
        vendor_but_not_a_colleague(sent(State.FED_BACK, builders.LOG)),
        hidden(strangers(**builders.LOG)),
    ),
    "faults:add_photo": (
        vendor(a_photo(mine=True)),
        vendor_but_not_a_colleague(a_photo(mine=False)),
        post(
            lambda who: At(**foreign(who).kwargs, data={"file": upload()}),
            everyone=404,
            office=403,
            auditor=403,
        ),
    ),
    # what the vendor asks …
    "faults:propose_special": (
        vendor(with_cause(State.WORKING)),
        post(strangers(), everyone=404, office=422, auditor=422),
    ),
    "faults:ask_factory": (vendor(at_the_factory), hidden(strangers(claim="无备机"))),
    "faults:claim_exemption": (desk(an_interval), post(strangers(), everyone=404, office=422, auditor=422)),
    "faults:reveal": (
        post(a_reporter, everyone=200, administrator=404),
        post(a_reporter_of_strangers, everyone=404, office=200, auditor=200),
        post(a_reporter_of_another_fault, everyone=404),
    ),
    # … and the Office decides
    "faults:rule_special": (
        office(with_cause(State.WORKING)),
        post(strangers(), everyone=404, office=422, auditor=422),
    ),
    "faults:rule_outcome": (office(an_outcome), post(an_outcome_of_another_fault, everyone=404)),
    "faults:rulings": get(everyone=403, office=200),
    "faults:decide": (
        office(to_decide),
        post(to_decide_of_strangers, everyone=404, office=302, auditor=403),
        post(decided_already, everyone=403, administrator=404, office=409),
    ),
    "faults:evidence": (
        seen(evidence_of_a_question),
        get(evidence_of_strangers, everyone=404, office=200, auditor=200),
        get(no_evidence, everyone=404),
    ),
    "faults:decide_exemption": (
        office(an_exemption_to_decide),
        post(an_exemption_of_strangers, everyone=404, office=302, auditor=403),
    ),
    "faults:exemption_evidence": (
        seen(lambda who: At(pk=an_exemption(evidence=True).pk)),
        get(
            lambda who: At(pk=an_exemption(evidence=True, of_strangers=True).pk),
            everyone=404,
            office=200,
            auditor=200,
        ),
        get(lambda who: At(pk=an_exemption().pk), everyone=404),
    ),
    "faults:complaints": get(**_READERS_OF_COMPLAINTS),
    "faults:complaint": (
        get(a_complaint, **_READERS_OF_COMPLAINTS),
        get(a_complaint_about_strangers, everyone=403, office=200, auditor=200, manager=404),
        post(a_complaint, everyone=403, office=302),
    ),
    "faults:export": get(lambda who: At(form="csv"), everyone=200, administrator=403),
    # the technician's
    "faults:my_work": get(everyone=403, manager=200, dispatcher=200, technician=200),
    "faults:work": (
        get(own_work, everyone=403, manager=302, dispatcher=302, technician=200),
        get(fault_in(State.ACCEPTED), everyone=403, manager=302, dispatcher=302, technician=302),
        get(foreign, everyone=403, manager=404, dispatcher=404, technician=404),
    ),
    # history: the Office brings it in, whoever reads the figures sees that it was
    "faults:imports": (
        get(everyone=200, technician=403, administrator=403),
        post(a_history, everyone=403, office=200),
    ),
    "faults:apply_import": post(a_previewed_history, everyone=403, office=302),
    "faults:undo_import": post(an_import, everyone=403, office=302, technician=404, administrator=404),
    # the public's: no account, and no more for those who have one
    "faults:report": get(public=200),
    "faults:report_device": (get(a_label, public=200), post(a_label, public=302), get(no_label, public=404)),
    "faults:report_place": (get(a_sign, public=200), post(a_sign, public=302), get(no_label, public=404)),
    "faults:simulation": get(
        under_a_contract, everyone=200, technician=403, dispatcher=200, administrator=403
    ),
    "faults:progress": (
        get(a_link(), public=200),
        get(a_link(State.CLOSED), public=200),
        get(no_link, public=404),
    ),
    "faults:rate": (
        post(a_link(State.RESTORED, rating="5"), public=302),
        post(a_link(rating="5"), public=422),
        post(no_link, public=404),
    ),
    "faults:complain": (
        post(a_link(text="一直没人来"), public=302),
        post(a_link(), public=422),
        post(no_link, public=404),
    ),
    "faults:still_broken": (
        post(a_link(State.RESTORED, submission=str(uuid.uuid4()), note="又坏了"), public=302),
        post(a_link(submission=str(uuid.uuid4())), public=422),
        post(no_link, public=404),
    ),
    "faults:own_photo": (get(own_picture, public=200), get(anothers_picture, public=404)),
}
assert NOON > cast.AT + 10 * MINUTE  # everything built above has happened by then
