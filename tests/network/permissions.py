"""Who may do what with links: everybody looks, the Office, the desk and set-up write."""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests import builders
from tests.matrix import At, Build, Row, get, post
from tests.network.campus import hang
from yika.journal.rules import SYSTEM
from yika.lib import clock
from yika.network import actions
from yika.network.models import Port
from yika.people.models import User


def form(build: Build | None = None) -> Row:
    return get(build, everyone=200, technician=403, auditor=403)


def written(build: Build | None = None) -> Row:
    return post(build, everyone=302, technician=403, auditor=403)


def a_device(who: User | None) -> At:
    return At(pk=builders.device().pk)


def a_panel(who: User | None) -> At:
    return At(query={"device": builders.device().pk})


def an_impact(who: User | None) -> At:
    return At(form="xlsx", query={"device": builders.device().pk})


def a_version(who: User | None) -> At:
    return At(pk=actions.keep_snapshot(by=SYSTEM, at=clock.now()).pk)


def a_file(who: User | None) -> At:
    lower, upper = builders.device(), builders.device(of="switch")
    text = f"设备编号,上联设备编号\n{lower.number},{upper.number}\n"
    return At(data={"file": SimpleUploadedFile("l.csv", text.encode())})


def a_link(who: User | None) -> At:
    upper, lower = builders.device(of="switch"), builders.device()
    return At(pk=hang(lower, upper).pk)


def a_new_link(who: User | None) -> At:
    upper, lower = builders.device(of="switch"), builders.device()
    return At(pk=lower.pk, data={"upper": upper.pk, "role": "network", "medium": "copper"})


def a_need(who: User | None) -> At:
    uppers, lower = [builders.device(of="switch") for _ in range(2)], builders.device()
    for upper in uppers:
        hang(lower, upper)
    return At(pk=lower.pk, data={"role": "network", "least": 2})


def a_port(who: User | None) -> At:
    port = Port.objects.create(device=builders.device(), name="eth0", medium="copper")
    return At(pk=port.pk, data={"name": "eth1", "note": "备用"})


MATRIX = {
    "network:versions": get(everyone=200),
    "network:version": get(a_version, everyone=200),
    "network:keep": written(),
    "network:changes": get(everyone=200),
    "network:export_changes": get(lambda who: At(form="csv"), everyone=200),
    "network:backbone": get(everyone=200),
    "network:building": get(lambda who: At(pk=builders.place().pk), everyone=200),
    "network:around": get(a_device, everyone=200),
    "network:links": get(everyone=200),
    "network:export": get(lambda who: At(form="csv"), everyone=200),
    "network:import_links": (form(), post(a_file, everyone=200, technician=403, auditor=403)),
    "network:impact": get(everyone=200),
    "network:export_impact": get(an_impact, everyone=200),
    "network:panel_place": get(lambda who: At(query={"place": builders.place().pk}), everyone=200),
    "network:panel_impact": get(a_panel, everyone=200),
    "network:device": get(a_device, everyone=200),
    "network:panel_device": get(a_panel, everyone=200),
    "network:connect": (form(a_device), written(a_new_link)),
    "network:disconnect": written(a_link),
    "network:set_need": written(a_need),
    "network:edit_port": (form(a_port), written(a_port)),
    "network:remove_port": written(a_port),
}
