"""Who gets what at the pages of faults: the vendor works, the Office decides, a secret link follows."""

import uuid

from tests import builders, cast
from tests.faults.cases import (
    MINUTE,
    SIZE,
    TOLD,
    a_duplicate,
    a_failed_device,
    a_new_report,
    a_photo,
    an_interval,
    at_the_factory,
    called_off,
    desk,
    desk_and_office,
    ended,
    fault_in,
    foreign,
    hidden,
    into_nothing,
    merged,
    moved,
    office,
    restored_by_strangers,
    scanned,
    seen,
    sent,
    sent_by_strangers,
    strangers,
    to_a_technician,
    unknown_label,
    unknown_verb,
    upload,
    vendor,
    vendor_but_not_a_colleague,
    waiting,
    with_cause,
    work,
)
from tests.faults.cases_asked import (
    _READERS_OF_COMPLAINTS,
    a_colleagues_filter,
    a_complaint,
    a_complaint_about_strangers,
    a_filter,
    a_history,
    a_label,
    a_link,
    a_picture,
    a_previewed_history,
    a_reporter,
    a_reporter_of_another_fault,
    a_reporter_of_strangers,
    a_sign,
    a_simulation_as_csv,
    an_exemption,
    an_exemption_of_strangers,
    an_exemption_to_decide,
    an_import,
    an_outcome,
    an_outcome_of_another_fault,
    anothers_filter,
    anothers_picture,
    decided_already,
    evidence_of_a_question,
    evidence_of_strangers,
    marked,
    no_evidence,
    no_label,
    no_link,
    of_a_commitment,
    of_a_lone_commitment,
    of_a_strangers_commitment,
    own_filter,
    own_picture,
    own_work,
    panel,
    to_decide,
    to_decide_of_strangers,
    under_a_contract,
)
from tests.matrix import NOON, At, Row, get, post
from yika.faults.rules import State, Verb

MATRIX: dict[str, Row | tuple[Row, ...]] = {
    # reading
    "faults:board": get(everyone=200, administrator=403),
    "faults:list": get(everyone=200, administrator=403),
    "faults:ratings": (
        get(everyone=403, office=200, auditor=200, manager=200),
        get(lambda who: At(query={"month": "x"}), everyone=403, office=422, auditor=422, manager=422),
    ),
    "faults:export_ratings": get(
        lambda who: At(form="xlsx"), everyone=403, office=200, auditor=200, manager=200
    ),
    "faults:export_rulings": get(lambda who: At(form="xlsx"), everyone=403, office=200, auditor=200),
    "faults:several": (
        get(marked(State.REPORTED, "dispatch"), everyone=403, office=200, manager=200, dispatcher=200),
        get(everyone=403, office=302, manager=302, dispatcher=302),
        post(marked(State.REPORTED, "dispatch"), everyone=403, office=409, manager=302, dispatcher=302),
        post(marked(State.REPORTED, "call_off"), everyone=403, office=302, manager=302, dispatcher=302),
        post(marked(State.LOGGED, "close"), everyone=403, office=409, manager=302, dispatcher=302),
    ),
    "faults:save_filter": (
        post(a_filter(), everyone=302, administrator=403),
        post(a_filter(shared="on"), everyone=403, office=302, manager=302, dispatcher=302),
        post(lambda who: At(data={"name": "空"}), everyone=422, administrator=403),
    ),
    "faults:change_filter": (
        post(own_filter, everyone=302, administrator=404),
        post(a_colleagues_filter, everyone=403, administrator=404),
        post(anothers_filter, everyone=404),
    ),
    "faults:move_filter_forward": (
        post(own_filter, everyone=302, administrator=404),
        post(a_colleagues_filter, everyone=403, administrator=404),
        post(anothers_filter, everyone=404),
    ),
    "faults:remove_filter": (
        post(own_filter, everyone=302, administrator=404),
        post(a_colleagues_filter, everyone=403, administrator=404),
        post(anothers_filter, everyone=404),
    ),
    "faults:panel_load": (
        get(everyone=200, administrator=403),
        get(lambda who: At(query={"person": cast.technician().pk}), everyone=200, administrator=403),
        get(lambda who: At(query={"person": "x"}), everyone=404, administrator=403),
    ),
    "faults:panel_device": (get(panel("device"), everyone=200), get(everyone=404)),
    "faults:panel_arriving": (
        get(panel("device"), everyone=403, manager=200, dispatcher=200, technician=200),
        get(everyone=403, manager=404, dispatcher=404, technician=404),
    ),
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
    "faults:name_failed": (
        post(a_failed_device(mine=True), everyone=302, auditor=403, administrator=404),
        post(a_failed_device(), everyone=403, office=302, manager=302, dispatcher=302, administrator=404),
        post(sent(State.WORKING, {}), everyone=422, administrator=404),
        post(strangers(), everyone=404, office=422, auditor=422),
    ),
    "faults:affected": (
        get(lambda who: At(query={"fault": builders.fault().pk}), everyone=200, administrator=404),
        get(everyone=404),
    ),
    "faults:export_affected": get(lambda who: At(form="csv"), everyone=200, administrator=403),
    "faults:network_now": get(everyone=302, administrator=403),
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
    "faults:rulings": get(everyone=403, office=200, auditor=200),
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
    "faults:export_complaints": get(lambda who: At(form="csv"), **_READERS_OF_COMPLAINTS),
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
    "faults:export_simulation": get(
        a_simulation_as_csv, everyone=200, technician=403, dispatcher=200, administrator=403
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
