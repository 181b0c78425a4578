"""Whoever keeps the house in order: accounts, the roster, places and labels, and nothing beyond."""

from playwright.sync_api import FilePayload, expect

from tests import cast
from tests.journeys.browsing import DESKTOP, Size, Visit, shot
from tests.journeys.conftest import Campus
from yika.assets.models import Device, Place
from yika.people.models import Shift, User


def listed(text: str) -> FilePayload:
    """A list as a spreadsheet would save it."""
    return {"name": "places.csv", "mimeType": "text/csv", "buffer": text.encode()}


def test_a_new_colleague_gets_a_password_once_and_must_change_it(
    visit: Visit, campus: Campus, size: Size
) -> None:
    page = visit(campus.administrator, "/people/", size)
    page.get_by_role("link", name="新建人员").click()
    page.get_by_label("登录名").fill("sunli")
    page.get_by_label("姓名").fill("孙丽")
    page.get_by_label("角色").select_option(label="维护人员")
    page.get_by_label("单位").select_option(label="运维服务供应商")
    page.get_by_label("胸牌号").fill("Y0099")
    page.get_by_label("终端", exact=True).check()
    shot(page, "house-1-new-person")
    page.get_by_role("button", name="保存").click()
    password = page.locator("code.strong").inner_text()
    shot(page, "house-2-password-once")
    page.get_by_role("link", name="已记下").click()
    expect(page.locator("h1")).to_contain_text("孙丽")
    expect(page.locator("body")).not_to_contain_text(password)

    theirs = visit(path="/", size=size)
    theirs.get_by_label("登录名").fill("sunli")
    theirs.get_by_label("密码").fill(password)
    theirs.get_by_role("button", name="登录").click()
    expect(theirs.locator("h1")).to_have_text("修改密码")
    theirs.goto("/my/")
    expect(theirs.locator("h1")).to_have_text("修改密码")
    theirs.get_by_label("当前密码").fill(password)
    theirs.locator("[name=new]").fill("12345")
    theirs.get_by_label("再次输入新密码").fill("12345")
    theirs.get_by_role("button", name="保存新密码").click()
    expect(theirs.get_by_role("alert")).to_be_visible()
    shot(theirs, "house-3-forced-change")
    theirs.get_by_label("当前密码").fill(password)
    theirs.locator("[name=new]").fill(cast.PASSWORD)
    theirs.get_by_label("再次输入新密码").fill(cast.PASSWORD)
    theirs.get_by_role("button", name="保存新密码").click()
    expect(theirs.locator("h1")).not_to_have_text("修改密码")
    theirs.goto("/my/")
    expect(theirs.locator("h1")).to_have_text("我的工单")
    assert not User.objects.get(username="sunli").must_change_password


def test_the_manager_puts_somebody_on_duty(visit: Visit, campus: Campus, size: Size) -> None:
    page = visit(campus.manager, "/roster/", size)
    page.locator("#id_person").select_option(label="赵伟")
    page.get_by_label("日期").fill("2026-03-03")
    page.get_by_label("开始").fill("18:00")
    page.get_by_label("结束").fill("08:00")
    page.get_by_role("button", name="添加").click()
    expect(page.locator("table").first).to_contain_text("18:00–次日 08:00")
    shot(page, "house-4-roster")
    page.get_by_label("删除 赵伟 的班次").click()
    expect(page.locator("details.act[open]")).to_contain_text("的班次将被删除")
    page.get_by_role("button", name="确认删除").locator("visible=true").click()
    expect(page.locator("table").first).not_to_contain_text("次日")
    assert Shift.objects.count() == 1


def test_the_roster_is_taken_away_changed_and_brought_in(visit: Visit, campus: Campus, size: Size) -> None:
    page = visit(campus.manager, "/roster/", size)
    with page.expect_download() as taken:
        page.get_by_role("link", name="导出 Excel").click()
    page.get_by_role("link", name="从文件导入").click()
    page.get_by_label("文件").set_input_files(taken.value.path())
    page.get_by_role("button", name="预览").click()
    expect(page.locator("main")).to_contain_text("文件与现有数据一致，无需导入")
    shot(page, "house-import-same")
    page.get_by_label("文件").set_input_files(
        [listed("日期,姓名,开始,结束\n2026-03-03,赵伟,18:00,08:00\n2026-03-04,没有,8:00,9:00\n")]
    )
    page.get_by_role("button", name="预览").click()
    expect(page.get_by_role("alert")).to_contain_text("文件有误，不能导入")
    expect(page.get_by_role("row", name="3 姓名 本单位没有此人的在用账号")).to_be_visible()
    page.get_by_label("文件").set_input_files([listed("日期,姓名,开始,结束\n2026-03-03,赵伟,18:00,08:00\n")])
    page.get_by_role("button", name="预览").click()
    assert Shift.objects.count() == 1
    page.get_by_role("button", name="确认导入").click()
    expect(page.locator("table").first).to_contain_text("18:00–次日 08:00")
    assert Shift.objects.count() == 2


def test_a_list_with_an_error_changes_nothing_and_a_good_one_is_previewed_first(
    visit: Visit, campus: Campus, size: Size
) -> None:
    before = Place.objects.count()
    page = visit(campus.manager, "/places/import/", size)
    page.get_by_label("清单文件").set_input_files(
        [
            listed(
                "地点,设备编号,类型\n桂子大学/二食堂/一楼/饺子,XF-0101,消费机\n桂子大学/二食堂/一楼/粥,XF-0102,飞机\n"
            )
        ]
    )
    page.get_by_role("button", name="预览").click()
    expect(page.get_by_role("alert")).to_contain_text("清单有误，不能导入")
    expect(page.locator("tbody tr").first).to_contain_text("3")
    expect(page.get_by_role("button", name="确认导入")).to_have_count(0)
    shot(page, "house-5-import-error")
    page.get_by_label("清单文件").set_input_files(
        [listed("地点,设备编号,类型\n桂子大学/二食堂/一楼/饺子,XF-0101,消费机\n桂子大学/二食堂/一楼/粥,,\n")]
    )
    page.get_by_role("button", name="预览").click()
    expect(page.locator("main")).to_contain_text("XF-0101")
    assert Place.objects.count() == before
    shot(page, "house-6-import-preview")
    page.get_by_role("button", name="确认导入").click()
    expect(page.locator("h1")).not_to_have_text("导入地点和设备")
    assert Place.objects.count() == before + 4
    assert Device.objects.get(number="XF-0101").place.full_name.endswith("饺子")


def test_the_labels_of_chosen_devices_are_printed_with_their_codes(
    visit: Visit, campus: Campus, size: Size
) -> None:
    page = visit(campus.manager, "/devices/", size)
    page.get_by_label("选择 XF-0001").check()
    page.get_by_label("选择 XF-0002").check()
    page.get_by_role("button", name="打印勾选设备的标签").click()
    expect(page.locator(".labels > li")).to_have_count(2)
    expect(page.locator(".labels svg")).to_have_count(2)
    shot(page, "house-7-labels")
    page.emulate_media(media="print")
    expect(page.locator("header.top")).to_be_hidden()
    expect(page.locator(".hint.no-print")).to_be_hidden()
    expect(page.locator(".labels > li").first).to_be_visible()
    page.emulate_media(media="screen")


def test_only_the_office_can_adopt_a_standard_and_is_asked_first(visit: Visit, campus: Campus) -> None:
    for other in (campus.manager, campus.administrator):
        page = visit(other, "/standard/")
        expect(page.get_by_role("link", name="载入新版本")).to_have_count(0)
        assert page.goto("/standard/load/").status == 403  # type: ignore[union-attr]
        expect(page.get_by_role("alert")).to_be_visible()
    page = visit(campus.office, "/standard/", DESKTOP)
    page.get_by_role("link", name="载入新版本").click()
    expect(page.get_by_role("button", name="采用")).to_have_count(0)


def test_the_administrator_keeps_accounts_but_has_no_say_in_faults(visit: Visit, campus: Campus) -> None:
    page = visit(campus.administrator, "/status/")
    expect(page.get_by_role("navigation", name="主导航").last).not_to_contain_text("故障")
    shot(page, "house-8-status")
    for path in ("/faults/", "/board/", "/rulings/", "/complaints/"):
        assert page.goto(path).status == 403  # type: ignore[union-attr]


def test_a_colleague_who_leaves_is_signed_out_at_once(visit: Visit, campus: Campus) -> None:
    theirs = visit(campus.other, "/my/")
    page = visit(campus.administrator, f"/people/{campus.other.pk}/")
    page.locator("summary", has_text="停用账号").click()
    page.get_by_role("button", name="确认停用").click()
    expect(page.locator("h1")).to_contain_text("已停用")
    theirs.reload()
    expect(theirs.locator("h1")).to_have_text("登录")
