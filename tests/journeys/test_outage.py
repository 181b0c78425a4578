"""A switch dies, and forty reports become one fault."""

import uuid

from django.test import Client
from playwright.sync_api import expect

from tests import builders
from tests.journeys.browsing import DESKTOP, PHONE, Size, Visit, shot
from tests.journeys.conftest import Campus, Hand
from tests.journeys.test_dispatcher import tick
from tests.network.campus import hang
from yika.assets.models import Device
from yika.faults.actions import dispatching, working
from yika.faults.models import Fault, Report

REPORTS = 40
FLOOR = f"{builders.CAMPUS}/二食堂/一楼"


def a_floor() -> tuple[Device, list[Device]]:
    """A switch, and forty windows that hang on it."""
    core = builders.device("SW-0201", of="switch", at=f"{FLOOR}/弱电间")
    windows = [
        builders.device(f"XF-{number:04d}", at=f"{FLOOR}/{number} 号窗口") for number in range(201, 241)
    ]
    for window in windows:
        hang(window, core)
    return core, windows


def scanned(device: Device, symptom: str) -> str:
    """Somebody scans a label and reports from a network of their own; where they follow it."""
    sent = {"submission": str(uuid.uuid4()), "symptom": symptom}
    answer = Client(REMOTE_ADDR=f"10.{Report.objects.count()}.0.1").post(f"/r/d/{device.token}/", sent)
    assert answer.status_code == 302, answer.content.decode()
    return answer.headers["Location"]


def test_a_switch_dies_and_forty_reports_become_one_fault(
    visit: Visit, campus: Campus, hand: Hand, size: Size
) -> None:
    core, windows = a_floor()
    for window in windows[:6]:
        hand.forward(seconds=20)
        scanned(window, "terminal_offline")
    assert Fault.objects.open().count() == 6

    # The dispatcher takes the call about the switch: the network says how large it is.
    page = visit(campus.dispatcher, "/faults/new/", size)
    page.get_by_label("来源").select_option(label="监控发现")
    page.get_by_label("现象").select_option(label="系统、网络异常")
    tick(page, "故障设备", "SW-0201", "SW-0201")
    page.get_by_role("button", name="登记", exact=True).click()
    main = page.locator("main")
    expect(page.locator("h1")).to_contain_text("G0")
    expect(main).to_contain_text("影响终端 40 台")
    expect(main).to_contain_text("按网络推算")
    expect(main).to_contain_text("消费机 40、交换机 1")
    root = Fault.objects.get(device=core)
    assert root.severity == "major"
    shot(page, "outage-1-named")

    # Those that came just before are offered, ticked already, and taken in with one click.
    expect(page.locator(".checks input:checked")).to_have_count(6)
    page.get_by_role("button", name="勾选的并入本故障").click()

    expect(page.locator("main")).to_contain_text("报修人 7 位")
    assert Fault.objects.open().count() == 1
    page.get_by_role("link", name="受影响设备清单").click()
    expect(page.locator("main")).to_contain_text("XF-0201")
    shot(page, "outage-2-affected")

    # Those that come now join by themselves, and are told so.
    hand.forward(minutes=1)
    phone = visit(path=f"/r/d/{windows[6].token}/", size=PHONE)
    expect(phone.locator("main")).to_contain_text("已知故障：上联的交换机中断，影响该终端。")
    shot(phone, "outage-3-label")
    phone.get_by_text("刷卡不扣款或扣款出错").click()
    phone.get_by_role("button", name="提交报修").click()
    expect(phone.locator("main")).to_contain_text(f"已知故障 {root.number}：上联的交换机中断")
    expect(phone.locator("main")).to_contain_text("不必重复报修")
    shot(phone, "outage-4-progress")
    for window in windows[7:]:
        hand.forward(seconds=5)
        scanned(window, "cannot_pay")
    assert Fault.objects.open().count() == 1 and Report.objects.count() == REPORTS + 1

    # A card that cannot be read is no part of it.
    scanned(windows[0], "card_unreadable")
    assert Fault.objects.open().count() == 2
    desk = visit(campus.dispatcher, f"/board/?fault={root.pk}", DESKTOP if size is DESKTOP else PHONE)
    expect(desk.locator("#burning .row-link")).to_have_count(2)
    expect(desk.locator("#chosen")).to_contain_text("现象不同，请核对")
    shot(desk, "outage-5-board")

    # The switch is back: everybody reads it.
    worker = campus.technician
    dispatching.dispatch(root, to=worker, by=campus.dispatcher, at=hand.forward(minutes=1))
    working.accept(root, by=worker, at=hand.forward(minutes=1))
    working.arrive(root, by=worker, at=hand.forward(minutes=9), scanned=core)
    working.restore(root, by=worker, at=hand.forward(minutes=9), note="更换电源模块")
    phone.reload()
    expect(phone.locator("main")).to_contain_text("现已修复")
    page.goto(f"/faults/{root.pk}/")
    expect(page.locator("main")).to_contain_text("报修人 41 位")
    shot(page, "outage-6-restored")
