"""What the pages of faults promise to those who work with them."""

import re
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import builders, cast
from tests.cast import AT
from tests.faults.cases_asked import an_exemption
from yika.commitments import actions as commitments
from yika.commitments.models import Exemption
from yika.commitments.rules import Outcome
from yika.faults import queries
from yika.faults.actions import asking, classifying, dispatching, intake, reporting, working
from yika.faults.models import Channel, Fault, Move, Report, Ruling
from yika.faults.rules import RulingKind, State
from yika.journal.models import Event
from yika.lib import clock
from yika.lib.paging import page as cut
from yika.lib.text import moment
from yika.people.models import User
from yika.standards.queries import standard_of

ClientAs = Callable[[User | None], Client]
pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NAME, PHONE = "诸葛小明", "13911112222"
EVIL = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


def html(browser: Client, name: str, *args: object, **query: Any) -> str:
    with clock.frozen(AT + 30 * MINUTE):
        answer = browser.get(reverse(name, args=args), query)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def asked(browser: Client, name: str, *args: object) -> int:
    """How many queries a page takes, once warm."""
    html(browser, name, *args)
    with CaptureQueriesContext(connection) as taken:
        html(browser, name, *args)
    return len(taken)


def busy(desk: User, tech: User) -> Fault:
    """A fault in work, with everything a list or page could show of it."""
    fault = builders.fault(State.ACCEPTED, to=tech, reporter_name=NAME, reporter_phone=PHONE)
    cause = standard_of(fault.standard).causes[0].key
    asking.propose_special(fault, cause=cause, claim="银行通知", by=desk, at=AT + 5 * MINUTE)
    assert fault.repair
    asking.claim_exemption(
        fault,
        fault.repair,
        from_at=AT,
        until_at=AT + MINUTE,
        reason="断电",
        by=desk,
        at=AT + 5 * MINUTE,
    )
    reporting.complain(fault.reports.get(), text="没人来", at=AT + 6 * MINUTE)
    classifying.classify(fault, terminals=7, cardholders=0, reason="整排", by=desk, at=AT + 7 * MINUTE)
    return fault


# As many queries however much there is to show


@pytest.mark.parametrize("name", ["board", "list", "rulings", "complaints", "my_work"])
def test_lists_take_as_many_queries_for_many_as_for_few(name: str, client_as: ClientAs) -> None:
    desk, tech = cast.manager(), cast.technician()
    reader = {"board": desk, "list": desk, "complaints": desk, "my_work": tech}.get(name) or cast.office()
    browser = client_as(reader)
    for _ in range(2):
        busy(desk, tech)
    few = asked(browser, f"faults:{name}")
    for _ in range(6):
        busy(desk, tech)
        builders.fault()
    assert asked(browser, f"faults:{name}") == few


@pytest.mark.parametrize("name", ["page", "work"])
def test_the_page_of_a_fault_takes_as_many_queries_for_a_long_story(name: str, client_as: ClientAs) -> None:
    desk, tech, office = cast.dispatcher(), cast.technician(), cast.office()
    fault = busy(desk, tech)
    browser = client_as(tech if name == "work" else office)

    def more() -> None:
        intake.join(
            fault,
            channel=Channel.PHONE,
            submission=uuid.uuid4(),
            by=desk,
            at=AT + 8 * MINUTE,
            reporter_name=NAME,
            reporter_phone=PHONE,
        )
        devices = [builders.device() for _ in range(3)]
        classifying.classify(
            fault, terminals=3, cardholders=9, devices=devices, reason="复核", by=desk, at=AT + 9 * MINUTE
        )
        dispatching.hand_over(fault, to=cast.technician(), by=desk, at=AT + 10 * MINUTE, note="换人")
        dispatching.hand_over(fault, to=tech, by=desk, at=AT + 10 * MINUTE, note="换回")
        other = builders.fault()
        dispatching.merge(other, into=fault, by=desk, at=AT + 11 * MINUTE)

    more()
    few = asked(browser, f"faults:{name}", fault.pk)
    for _ in range(4):
        more()
    assert asked(browser, f"faults:{name}", fault.pk) == few


# What is shown


def test_faults_of_an_open_state_stand_by_urgency_page_after_page() -> None:
    desk = cast.dispatcher()
    builders.contract()
    calm = builders.fault(at=AT)
    late = builders.fault(at=AT - 3 * HOUR)
    between = builders.fault(at=AT - HOUR)
    builders.fault(State.DISPATCHED, to=cast.technician(), at=AT - HOUR)
    rows, order = queries.listing(desk, queries.Filters(state=State.REPORTED))
    first = cut(rows, order, size=2)
    assert first.rows == [late, between]
    assert cut(rows, order, first.next_cursor, size=2).rows == [calm]
    if connection.vendor == "sqlite":
        everywhere, _order = queries.listing(cast.office(), queries.Filters(state=State.REPORTED))
        assert "faults_burning" in everywhere.order_by(*order)[:50].explain(), "what has ended is not read"
    for fault in (late, calm):
        dispatching.call_off(fault, by=desk, at=AT, note="误报")
    rows, order = queries.listing(desk, queries.Filters(state=State.CALLED_OFF))
    assert cut(rows, order).rows == [calm, late], "what has ended, the latest first"


def test_a_merged_fault_says_so_once_with_what_it_was_merged_into(client_as: ClientAs) -> None:
    fault, other = builders.fault(), builders.fault()
    desk = cast.dispatcher()
    dispatching.merge(other, into=fault, by=desk, at=AT + MINUTE)
    told = re.search(r"<dt>状态</dt><dd>(.*?)</dd>", html(client_as(desk), "faults:page", other.pk))
    assert told and re.sub(r"<[^>]+>|\s+", " ", told[1]).split() == ["已并入", fault.number]


def test_the_page_shows_both_clocks_the_class_with_its_reason_and_the_main_step(client_as: ClientAs) -> None:
    fault = builders.fault(terminals=6)
    page = html(client_as(cast.dispatcher()), "faults:page", fault.pk)
    assert "响应" in page and "修复" in page
    assert '<span class="sev sev-larger">较大</span>' in page
    assert "影响终端 6 台、持卡人 0 人（2.2）" in page
    main = re.search(r'<summary class="btn btn-primary">([^<]*)</summary>', page)
    assert main and main[1] == "派单"


def test_a_call_entered_later_is_marked(client_as: ClientAs) -> None:
    desk = cast.dispatcher()
    fault = builders.report(
        by=desk, channel=Channel.PHONE, at=AT + 20 * MINUTE, reported_at=AT, of=builders.device()
    ).fault
    page = html(client_as(desk), "faults:page", fault.pk)
    assert "补录于" in page
    assert fault.response and fault.response.due_at == AT + HOUR


def test_a_button_that_cannot_be_pressed_says_why(client_as: ClientAs) -> None:
    fault = builders.fault(State.CLOSED)
    browser = client_as(cast.dispatcher())
    with clock.frozen(AT + 40 * HOUR):
        page = browser.get(reverse("faults:page", args=[fault.pk])).content.decode()
    button = re.search(r'<button type="submit"[^>]*disabled aria-describedby="(why-[^"]*)">重开', page)
    assert button
    assert re.search(rf'<ul class="reasons" id="{button[1]}"><li>重开期限已过[^<]*</li>', page)


def test_who_comes_second_is_told_what_happened_and_loses_nothing(client_as: ClientAs) -> None:
    fault, first = builders.fault(), cast.dispatcher("王调度")
    to = cast.technician()
    dispatching.dispatch(fault, to=to, by=first, at=AT + MINUTE)
    browser = client_as(cast.dispatcher())
    events = Event.objects.filter(noun="fault").count()
    form = {"to": cast.technician().pk, "verb": "dispatch", "note": ""}
    with clock.frozen(AT + 2 * MINUTE):
        answer = browser.post(reverse("faults:send", args=[fault.pk]), form)
    assert answer.status_code == 409
    told = answer.content.decode()
    assert "王调度" in told and "已派单" in told and fault.number in told
    fault.refresh_from_db()
    assert fault.technician == to and Event.objects.filter(noun="fault").count() == events


def test_a_form_with_a_mistake_comes_back_with_what_was_typed(client_as: ClientAs) -> None:
    builders.contract()
    form = {
        "submission": str(uuid.uuid4()),
        "channel": "phone",
        "symptom": "system",
        "description": "整栋楼刷不了卡",
        "terminals": "-3",
        "reporter_phone": PHONE,
    }
    answer = client_as(cast.dispatcher()).post(reverse("faults:new"), form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "整栋楼刷不了卡" in page and PHONE in page and form["submission"] in page
    assert not Fault.objects.exists()


def test_the_desks_form_sent_twice_leads_to_the_same_fault(client_as: ClientAs) -> None:
    builders.contract()
    form = {
        "submission": str(uuid.uuid4()),
        "channel": "phone",
        "symptom": "terminal_dead",
        "devices": [builders.device().pk],
    }
    browser = client_as(cast.dispatcher())
    places = {browser.post(reverse("faults:new"), form).headers["Location"] for _ in range(2)}
    assert len(places) == 1 and Fault.objects.count() == 1


def test_what_waits_for_the_office_is_on_one_page_and_gone_once_answered(client_as: ClientAs) -> None:
    office = cast.office()
    fault = busy(cast.manager(), cast.technician())
    browser = client_as(office)
    kinds = set(Ruling.objects.filter(fault=fault).values_list("kind", flat=True))
    assert kinds == {RulingKind.SPECIAL, RulingKind.LENGTHEN}
    for ruling in Ruling.objects.filter(fault=fault):
        assert f'id="ruling-{ruling.pk}"' in html(browser, "faults:rulings")
        with clock.frozen(AT + 31 * MINUTE):
            answer = browser.post(
                reverse("faults:decide", args=[ruling.pk]), {"granted": "0", "decision": "证据不足"}
            )
        assert answer.status_code == 302
        assert f'id="ruling-{ruling.pk}"' not in html(browser, "faults:rulings")
    assert "证据不足" in html(client_as(cast.manager()), "faults:page", fault.pk)


def test_each_claim_says_what_granting_would_make_of_its_limit_and_outcome(client_as: ClientAs) -> None:
    def shown(claim: Exemption, at: datetime) -> str:
        with clock.frozen(at):
            text = client_as(cast.office()).get(reverse("faults:rulings")).content.decode()
        (line,) = re.findall(rf'id="exemption-{claim.pk}".*?同意后：(.*?)</div>', text, re.S)
        return str(line)

    claim = an_exemption()
    due = claim.commitment.excused_due_at
    line = shown(claim, due + 5 * MINUTE)
    assert f"由 {moment(due)} 改为 {moment(due + 9 * MINUTE)}" in line
    assert "结果由“超时”改为“进行中”" in line
    assert "结果仍为“超时”" in shown(claim, due + 10 * MINUTE)
    commitments.rule_outcome(
        claim.commitment, outcome=Outcome.MET, reason="已修好", by=cast.office(), at=due + MINUTE
    )
    assert "结果仍为“按时”" in shown(claim, due + 10 * MINUTE)


def test_the_auditor_reads_what_waits_for_the_office_and_decides_nothing(client_as: ClientAs) -> None:
    claim, fault = an_exemption(), busy(cast.manager(), cast.technician())
    text = html(client_as(cast.auditor()), "faults:rulings")
    assert f'id="exemption-{claim.pk}"' in text
    assert all(f'id="ruling-{ruling.pk}"' in text for ruling in fault.rulings.all())
    assert 'name="granted"' not in text
    assert reverse("faults:rulings") in html(client_as(cast.auditor()), "portal:home")


def said(browser: Client, name: str, *args: object, **form: Any) -> str:
    """What one is told after an action."""
    with clock.frozen(AT + 32 * MINUTE):
        answer = browser.post(reverse(name, args=args), form, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    return "".join(str(message) for message in answer.context["messages"])


def test_after_an_action_one_is_told_what_was_done(client_as: ClientAs) -> None:
    tech = cast.technician()
    fault = busy(cast.manager(), tech)
    other = builders.fault()
    office, desk = client_as(cast.office()), client_as(cast.dispatcher())
    exemption = Exemption.objects.get(commitment=fault.repair)
    answer = {"granted": "1", "decision": "属实"}
    assert said(office, "faults:decide_exemption", exemption.pk, **answer) == f"{fault.number}：已同意豁免"
    ruling = fault.rulings.get(kind=RulingKind.SPECIAL)
    refused = {"granted": "0", "decision": "证据不足"}
    assert said(office, "faults:decide", ruling.pk, **refused) == f"{fault.number}：未同意“特殊故障”"
    assert said(desk, "faults:merge", other.pk, into=fault.number) == f"{other.number}：已并入 {fault.number}"
    assert said(desk, "faults:move", other.pk, "split", note="不是") == (
        f"{other.number}：已取消合并，现为“已报修”"
    )
    assert said(desk, "faults:send", other.pk, to=tech.pk) == f"{other.number}：已派给 {tech.name}"
    assert said(
        desk, "faults:send", other.pk, to=cast.technician().pk, verb="hand_over", note="忙"
    ).startswith(f"{other.number}：已改派给")


# Personal data


def everywhere(client_as: ClientAs, fault: Fault) -> dict[str, str]:
    """Every page that has to do with a fault, as those who may see most see it."""
    office, desk, tech = client_as(cast.office()), client_as(cast.manager()), client_as(fault.technician)
    complaint = fault.reports.get().complaints.get()
    pages = {
        f"{role} {name}": html(browser, f"faults:{name}", *args)
        for role, browser in (("office", office), ("desk", desk))
        for name, args in (
            ("board", ()),
            ("list", ()),
            ("page", (fault.pk,)),
            ("complaints", ()),
            ("complaint", (complaint.pk,)),
        )
    }
    pages["rulings"] = html(office, "faults:rulings")
    pages["my work"] = html(tech, "faults:my_work")
    pages["work"] = html(tech, "faults:work", fault.pk)
    pages["panel"] = html(office, "faults:panel_device", device=fault.device_id)
    pages["new"] = html(desk, "faults:new", devices=fault.device_id)
    pages["progress"] = html(Client(), "faults:progress", fault.reports.get().secret)
    assert fault.device and fault.place
    pages["report"] = html(Client(), "faults:report_device", fault.device.token)
    pages["report place"] = html(Client(), "faults:report_place", fault.place.token)
    pages["start"] = html(Client(), "faults:report", q=fault.place.name)
    return pages


def test_name_and_phone_stand_on_no_page_unless_revealed(client_as: ClientAs) -> None:
    fault = busy(cast.manager(), cast.technician())
    pages = everywhere(client_as, fault)
    assert not [name for name, page in pages.items() if NAME in page or PHONE in page]
    assert "诸" in pages["office page"] and "139****2222" in pages["office page"]


@pytest.mark.parametrize("htmx", [False, True])
def test_revealing_is_on_record_with_its_reason_and_kept_by_nobody(htmx: bool, client_as: ClientAs) -> None:
    fault = busy(cast.manager(), cast.technician())
    report, office = fault.reports.get(), cast.office()
    browser = client_as(office)
    url = reverse("faults:reveal", args=[fault.pk, report.pk])
    headers = {"HX-Request": "true"} if htmx else {}
    refused = browser.post(url, {"reason": " "}, headers=headers)
    assert refused.status_code == 422 and PHONE not in refused.content.decode()
    assert not Event.objects.filter(verb="faults.reveal").exists()
    answer = browser.post(url, {"reason": "核实到场时间"}, headers=headers)
    shown = answer.content.decode()
    assert NAME in shown and PHONE in shown
    assert answer.headers["Cache-Control"] == "no-store"
    event = Event.objects.get(verb="faults.reveal")
    assert (event.actor, event.data["reason"], event.data["report"]) == (
        office.actor_key,
        "核实到场时间",
        report.pk,
    )
    assert PHONE not in str(event.data) and NAME not in str(event.data)
    page = html(browser, "faults:page", fault.pk)
    assert PHONE not in page and "核实到场时间" in page, "seen by all who read the story"


def test_no_event_and_no_notice_carries_personal_data() -> None:
    fault = busy(cast.manager(), cast.technician())
    told = str(list(Event.objects.values_list("data", "actor_name")))
    assert PHONE not in told and NAME not in told
    assert fault.reports.get().reporter_phone == PHONE


# What was typed stays text


def test_what_people_type_is_never_code(client_as: ClientAs) -> None:
    desk, tech = cast.manager(), cast.technician()
    device = builders.device(EVIL[:30], at=builders.place(f"{builders.CAMPUS}/{EVIL.replace('/', '')}"))
    fault = builders.fault(
        State.ACCEPTED, to=tech, of=device, description=EVIL, reporter_name=EVIL[:40], reporter_phone=PHONE
    )
    working.arrive(fault, by=tech, at=AT + 5 * MINUTE, note=EVIL)
    classifying.classify(fault, terminals=12, cardholders=0, reason=EVIL, by=desk, at=AT + 6 * MINUTE)
    reporting.complain(fault.reports.get(), text=EVIL, at=AT + 7 * MINUTE)
    for name, shown in everywhere(client_as, fault).items():
        assert "<script>alert(1)" not in shown and "<img src=x" not in shown, name


def test_every_move_is_told_in_words(client_as: ClientAs) -> None:
    fault = builders.fault(State.CLOSED)
    page = html(client_as(cast.auditor()), "faults:page", fault.pk)
    assert Move.objects.filter(fault=fault).count() == 8
    for words in ("派单给", "接单", "更换读卡模块", "办结"):
        assert words in page
    assert "faults." not in page, "no verb is left without its sentence"


def test_a_technician_who_scans_the_label_finds_arrival_there(client_as: ClientAs) -> None:
    tech = cast.technician()
    fault = builders.fault(State.ON_THE_WAY, to=tech)
    assert fault.device
    browser = client_as(tech)
    page = html(browser, "faults:report_device", fault.device.token)
    url = reverse("faults:arrive_scanned", args=[fault.pk, fault.device.token])
    assert f'action="{url}"' in page
    assert url not in html(client_as(cast.technician()), "faults:report_device", fault.device.token)
    with clock.frozen(AT + 31 * MINUTE):
        assert browser.post(url).status_code == 302
    move = Move.objects.get(fault=fault, verb="arrive")
    assert move.scanned and not move.late
    assert Report.objects.filter(fault=fault).count() == 1
