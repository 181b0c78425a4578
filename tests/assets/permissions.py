"""Who may do what with places and devices: everybody looks, the Office, the desk and set-up write."""

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests import builders, cast
from tests.changes.permissions import PNG, a_picture
from tests.matrix import At, Build, Row, get, post
from yika.assets import queries, rules
from yika.assets.actions import attaching
from yika.assets.models import Attribute, Device, DeviceKind, DeviceModel, Merchant
from yika.lib import clock
from yika.lib.office.bringing import keep
from yika.people.models import User


def form(build: Build | None = None) -> Row:
    return get(build, everyone=200, technician=403, auditor=403)


def written(build: Build | None = None) -> Row:
    return post(build, everyone=302, technician=403, auditor=403)


def a_place(who: User | None) -> At:
    return At(pk=builders.place().pk)


def a_device(who: User | None) -> At:
    return At(pk=builders.device().pk)


def a_new_place(who: User | None) -> At:
    return At(data={"name": "新楼"})


def a_name(who: User | None) -> At:
    return At(pk=builders.place().pk, data={"name": "新名"})


def nowhere_above(who: User | None) -> At:
    return At(pk=builders.place().pk, data={"parent": ""})


def a_new_device(who: User | None) -> At:
    return At(data={"number": "M-1", "kind": builders.kind().pk, "place": builders.place().pk})


def a_changed_device(who: User | None) -> At:
    device = builders.device()
    return At(pk=device.pk, data={"number": "M-2", "kind": device.kind.pk, "place": device.place.pk})


def a_reason(who: User | None) -> At:
    return At(pk=builders.device().pk, data={"life": "in_stock", "reason": "撤柜"})


def a_sheet(who: User | None) -> At:
    return At(query={"device": str(builders.device().pk), "sheet": "3x8"})


def a_place_sheet(who: User | None) -> At:
    return At(pk=builders.place().pk, query={"sheet": "5x13"})


def a_list(who: User | None) -> At:
    return At(data={"file": SimpleUploadedFile("l.txt", "甲/乙\n".encode())})


def a_preview(who: User | None) -> At:
    shown = rules.fingerprint(rules.plan(rules.parse("甲/乙\n"), queries.world()))
    kept = {"text": "甲/乙\n", "terminals": False, "shown": shown, "file_name": "l.txt", "sha256": "0" * 64}
    return At(data={"kept": keep(kept, at=clock.now())})


def a_kind(who: User | None) -> At:
    return At(pk=builders.kind().pk)


def a_named_kind(who: User | None) -> At:
    data = {"name": "消费机", "name_en": "Terminal", "skill": "terminal", "is_terminal": "on"}
    return At(pk=builders.kind().pk, data=data)


def an_attribute(**more: Any) -> Callable[[User | None], At]:
    def build(who: User | None) -> At:
        row = Attribute.objects.get_or_create(
            kind=builders.kind(), key="rate", defaults={"name": "波特率", "type": "integer"}
        )[0]
        return At(pk=row.pk, **more)

    return build


def a_model(**more: Any) -> Callable[[User | None], At]:
    return lambda who: At(
        pk=DeviceModel.objects.get_or_create(kind=builders.kind(), name="GK-300")[0].pk, **more
    )


def a_merchant(**more: Any) -> Callable[[User | None], At]:
    return lambda who: At(pk=Merchant.objects.get_or_create(name="豆浆铺")[0].pk, **more)


def a_merge(who: User | None) -> At:
    Merchant.objects.get_or_create(name="豆浆铺（一食堂）")
    return a_merchant(data={"into": "豆浆铺（一食堂）"})(who)


def a_new_kind(who: User | None) -> At:
    DeviceKind.objects.filter(code="printer").delete()
    return At(data={"code": "printer", "name": "制卡机", "name_en": "Card printer", "skill": "terminal"})


def a_new_attribute(who: User | None) -> At:
    Attribute.objects.filter(key="speed").delete()
    return At(pk=builders.kind().pk, data={"key": "speed", "name": "速度", "value_type": "integer"})


def a_new_model(who: User | None) -> At:
    DeviceModel.objects.filter(name="GK-900").delete()
    return At(pk=builders.kind().pk, data={"name": "GK-900"})


def a_new_merchant(who: User | None) -> At:
    Merchant.objects.filter(name="面馆").delete()
    return At(data={"name": "面馆"})


def a_place_twice(who: User | None) -> At:
    one, other = builders.place("桂子大学/一食堂/甲"), builders.place("桂子大学/一食堂/乙")
    return At(pk=one.pk, data={"into": other.pk})


FILES = {
    "models": "类型,型号\n消费机,GK-300\n",
    "merchants": "商户名称\n豆浆铺\n",
    "attributes": "类型,代号,名称,值的类型\n消费机,rate,波特率,整数\n",
    "places": "地点,日常人数\n桂子大学,100\n",
    "details": "设备编号,商户\nXF-1,豆浆铺\n",
}


def a_file(name: str) -> Build:
    """A file of a list, to be looked at."""

    def build(who: User | None) -> At:
        if not Device.objects.filter(number="XF-1").exists():
            builders.device("XF-1")
        file = SimpleUploadedFile("清单.csv", FILES[name].encode(), content_type="text/csv")
        return At(data={"file": file})

    return build


def an_attachment(**more: Any) -> Callable[[User | None], At]:
    def build(who: User | None) -> At:
        row = attaching.attach(builders.device(), file=a_picture(), by=cast.technician(), at=cast.AT)
        return At(pk=row.pk, **more)

    return build


def a_new_file(who: User | None) -> At:
    file = SimpleUploadedFile("验收.png", PNG, "image/png")
    return At(pk=builders.device().pk, data={"file": file, "title": "验收照片"})


MATRIX = {
    **{
        f"assets:bring_{name}": (form(), post(a_file(name), everyone=200, technician=403, auditor=403))
        for name in ("models", "merchants", "attributes", "places", "details")
    },
    **{
        f"assets:export_{name}": get(lambda who: At(form="csv"), everyone=200)
        for name in ("models", "attributes", "place_facts", "details")
    },
    "assets:attachment": get(an_attachment(), everyone=200, administrator=404),
    "assets:attach": post(a_new_file, everyone=302, auditor=403),
    "assets:detach": post(
        an_attachment(data={"reason": "传错了"}), everyone=302, auditor=403, administrator=404
    ),
    "assets:spares": get(everyone=200),
    "assets:export_spares": get(lambda who: At(form="csv"), everyone=200),
    "assets:kinds": get(everyone=200),
    "assets:kind": get(a_kind, everyone=200),
    "assets:add_kind": written(a_new_kind),
    "assets:edit_kind": (
        form(a_kind),
        written(a_named_kind),
    ),
    "assets:add_attribute": written(a_new_attribute),
    "assets:edit_attribute": (form(an_attribute()), written(an_attribute(data={"name": "波特率"}))),
    "assets:remove_attribute": written(an_attribute()),
    "assets:add_model": written(a_new_model),
    "assets:edit_model": (form(a_model()), written(a_model(data={"name": "GK-300"}))),
    "assets:remove_model": written(a_model()),
    "assets:merchants": get(everyone=200),
    "assets:export_merchants": get(lambda who: At(form="csv"), everyone=200),
    "assets:merchant": get(a_merchant(), everyone=200),
    "assets:add_merchant": written(a_new_merchant),
    "assets:rename_merchant": written(a_merchant(data={"name": "豆浆铺"})),
    "assets:merge_merchant": written(a_merge),
    "assets:remove_merchant": written(a_merchant()),
    "assets:places": get(everyone=200),
    "assets:place": get(a_place, everyone=200),
    "assets:create_place": (form(), written(a_new_place)),
    "assets:edit_place": (form(a_place), written(a_name)),
    "assets:move_place": (form(a_place), written(nowhere_above)),
    "assets:merge_place": (form(a_place), written(a_place_twice)),
    "assets:replace_place_label": written(a_place),
    "assets:place_labels": get(a_place, everyone=200),
    "assets:pick_place": get(everyone=200),
    "assets:import_list": (form(), post(a_list, everyone=200, technician=403, auditor=403)),
    "assets:apply_import": written(a_preview),
    "assets:devices": get(everyone=200),
    "assets:device": get(a_device, everyone=200),
    "assets:create_device": (form(), written(a_new_device)),
    "assets:edit_device": (form(a_device), written(a_changed_device)),
    "assets:change_life": written(a_reason),
    "assets:replace_device_label": written(a_device),
    "assets:labels": get(everyone=200),
    "assets:label_sheet": get(a_sheet, everyone=200),
    "assets:place_label_sheet": get(a_place_sheet, everyone=200),
    "assets:scan": get(everyone=200),
    "assets:export_devices": get(lambda who: At(form="xlsx"), everyone=200),
    "assets:export_places": get(lambda who: At(form="csv"), everyone=200),
    "assets:pick_device": get(everyone=200),
}
