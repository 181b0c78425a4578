"""Who may do what with configurations: everybody looks, the Office, the desk and set-up write."""

from django.db import transaction

from tests import builders, cast
from tests.matrix import At, Build, Row, get, post
from yika.configurations.actions import begin
from yika.journal.rules import SYSTEM
from yika.people.models import User


def form(build: Build | None = None) -> Row:
    return get(build, everyone=200, technician=403, auditor=403)


def written(build: Build | None = None) -> Row:
    return post(build, everyone=302, technician=403, auditor=403)


def a_record(who: User | None) -> At:
    device = builders.device()
    with transaction.atomic():  # as a consented change leaves it
        row = begin(device, "运行配置", "mtu 1500", "", by=SYSTEM, at=cast.AT)
    return At(pk=row.pk, data={"text": "mtu 9000", "note": "巨帧"})


def a_version(who: User | None) -> At:
    return At(pk=a_record(who).kwargs["pk"], n=1)


def a_new_one(who: User | None) -> At:
    return At(data={"device": builders.device().pk, "title": "运行配置", "text": "mtu 1500"})


MATRIX = {
    "configurations:list": get(everyone=200),
    "configurations:export": get(lambda who: At(form="xlsx"), everyone=200),
    "configurations:new": (form(), written(a_new_one)),
    "configurations:panel_device": get(lambda who: At(query={"device": builders.device().pk}), everyone=200),
    "configurations:record": get(a_record, everyone=200),
    "configurations:add_version": (form(a_record), written(a_record)),
    "configurations:diff": get(a_record, everyone=200),
    "configurations:download": get(a_version, everyone=200),
}
