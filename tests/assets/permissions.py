"""Who may do what with places and devices: everybody looks, the Office, the desk and set-up write."""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests import builders
from tests.matrix import At, Build, Row, get, post
from yika.assets import queries, rules
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


MATRIX = {
    "assets:places": get(everyone=200),
    "assets:place": get(a_place, everyone=200),
    "assets:create_place": (form(), written(a_new_place)),
    "assets:edit_place": (form(a_place), written(a_name)),
    "assets:move_place": (form(a_place), written(nowhere_above)),
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
