"""Who may do what with changes: the Office's readers look, both sides propose, the Office has the say."""

import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests import builders, cast
from tests.changes.cases import a_change, a_draft
from tests.matrix import NOON, At, Build, Row, get, post
from yika.assets.models import Device
from yika.changes.actions import noticing, planning
from yika.changes.models import Change, Difference
from yika.changes.rules import Kind, Mode, State
from yika.files.actions import store
from yika.files.models import StoredFile
from yika.files.rules import Kind as FileKind
from yika.lib.office.bringing import keep
from yika.people.models import User
from yika.people.rules import Side

ELSEWHERE = "桂子大学/二食堂"
PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde"
    b"\0\0\0\x0cIDATx\x9cc\xf8\xff\xff?\0\x05\xfe\x02\xfe\xa75\x81\x84\0\0\0\0IEND\xaeB`\x82"
)


def seen(build: Build | None = None) -> Row:
    """Everybody of the contract, and the Office's readers."""
    return get(build, everyone=200, administrator=403)


def about(build: Build) -> Row:
    """As ``seen``, of one thing: who may see none does not find it."""
    return get(build, everyone=200, administrator=404)


def proposing_form(build: Build | None = None) -> Row:
    return get(build, everyone=200, administrator=403, auditor=403)


def proposed(build: Build | None = None) -> Row:
    return post(build, everyone=302, administrator=403, auditor=403)


def moved(build: Build) -> Row:
    """A verb of the vendor's change."""
    return post(build, everyone=302, office=403, auditor=403, administrator=404)


def said(build: Build) -> Row:
    return post(build, everyone=403, office=302, administrator=404)


def planned(build: Build | None = None) -> Row:
    return post(build, everyone=403, office=302)


def asked(state: State, mode: Mode = Mode.NORMAL, **more: Any) -> Callable[[User | None], At]:
    return lambda who: At(pk=a_change(state, mode=mode).pk, **more)


def verb(word: str, state: State, mode: Mode = Mode.NORMAL) -> Callable[[User | None], At]:
    return lambda who: At(pk=a_change(state, mode=mode).pk, verb=word, data={"text": "已核实"})


def words() -> dict[str, Any]:
    return {
        "submission": str(uuid.uuid4()),
        "kind": "data",
        "mode": "normal",
        "title": "移机",
        "reason": "窗口调整",
        "risk": "十分钟不能刷卡",
        "plan": "断电，移机",
        "back_out": "移回",
        "from_at": "2026-03-02T10:00:00",
        "until_at": "2026-03-03T10:00:00",
    }


def a_new(who: User | None) -> At:
    builders.contract()
    return At(data=words())


def a_swap(who: User | None) -> At:
    builders.contract()
    spare = builders.device(in_use=False)
    return At(
        query={"device": builders.device().pk}, data={**words(), "spare": spare.pk, "old_life": "in_stock"}
    )


def own_draft(who: User | None) -> Change:
    """A draft of the asking person's own side."""
    office = who is not None and who.side is Side.OFFICE
    return a_draft(by=cast.office() if office else cast.technician())


def an_edit(who: User | None) -> At:
    return At(pk=own_draft(who).pk, data=words())


def a_line(who: User | None) -> At:
    query = {"device": builders.device().pk, "field": "life"}
    return At(pk=own_draft(who).pk, query=query, data={"value": "in_stock"})


def a_removed_line(who: User | None) -> At:
    return At(pk=own_draft(who).lines.get().pk)


def a_foreign_edit(who: User | None) -> At:
    return At(pk=a_change(State.ASKED_BACK).pk)


def a_pattern(who: User | None) -> int:
    return planning.approve_pattern(
        name="移机",
        kind=Kind.DATA,
        families=["place"],
        device_kinds=[builders.kind()],
        terms="",
        until_on=NOON.date() + timedelta(days=1),
        by=cast.office(),
        at=NOON,
    ).pk


def a_standard(who: User | None) -> At:
    office = who is not None and who.side is Side.OFFICE
    draft = a_draft(by=cast.office() if office else cast.technician(), mode=Mode.STANDARD)
    return At(pk=draft.pk, data={"pattern": a_pattern(who)})


def a_trial(who: User | None) -> At:
    data = {"item": "刷卡", "expected": "成功", "result": "成功", "passed": "yes"}
    return At(pk=a_change(State.EXECUTED).pk, data=data, verb="test")


def a_tested(who: User | None) -> At:
    change = a_change(State.EXECUTED)
    change.trials.create(
        item="刷卡", expected="成功", result="成功", passed=True, by=change.asked_by, at=NOON
    )
    return At(pk=change.pk, verb="verify")


def a_new_pattern(who: User | None) -> At:
    return At(
        data={
            "name": "移机",
            "kind": "data",
            "families": ["place"],
            "device_kinds": [builders.kind().pk],
            "until_on": "2026-12-31",
        }
    )


def a_blackout(who: User | None) -> At:
    made = planning.add_blackout(
        name="开学", from_at=NOON, until_at=NOON + timedelta(days=7), by=cast.office(), at=NOON
    )
    return At(pk=made.pk)


def a_new_blackout(who: User | None) -> At:
    return At(data={"name": "开学", "from_at": "2026-03-02T10:00:00", "until_at": "2026-03-09T10:00:00"})


def a_difference() -> Difference:
    builders.contract()
    return noticing.note_difference(
        builders.device(), "place", builders.place(ELSEWHERE).pk, by=cast.technician(), at=NOON
    )


def a_photo(who: User | None) -> At:
    from_file = a_difference()
    from_file.photo = a_picture()
    from_file.save(update_fields=["photo"])
    return At(pk=from_file.pk)


def a_picture() -> StoredFile:
    return store(SimpleUploadedFile("现场.png", PNG, "image/png"), kinds=(FileKind.IMAGE,), at=NOON)


def a_noted(who: User | None) -> At:
    builders.contract()
    device: Device = builders.device()
    query = {"device": device.pk, "field": "place"}
    return At(query=query, data={"value": builders.place(ELSEWHERE).pk})


def a_list(who: User | None) -> At:
    """A list that puts a device in use somewhere else, as its preview signs it."""
    builders.contract()
    device = builders.device()
    builders.place(ELSEWHERE)
    previewed = {
        "text": f"地点,设备编号\n{ELSEWHERE},{device.number}\n",
        "terminals": False,
        "shown": "",
        "file_name": "清单.csv",
        "sha256": "",
    }
    return At(data={"kept": keep(previewed, at=NOON)})


def of_a_commitment(who: User | None) -> At:
    return At(pk=a_change(State.EXECUTED, mode=Mode.EMERGENCY).confirmation_id)


def a_refused_edit(who: User | None) -> At:
    builders.contract()
    return At(data={**words(), "proposal": json.dumps([[builders.device().pk, "life", "in_stock"]])})


BLACKOUTS = "名称,开始时间,结束时间\n开学第一周,2026-09-01,2026-09-07\n".encode()

MATRIX = {
    "changes:list": seen(),
    "changes:export": seen(lambda who: At(form="csv")),
    "changes:export_trials": seen(lambda who: At(form="csv")),
    "changes:calendar": seen(),
    "changes:panel_device": get(lambda who: At(query={"device": builders.device().pk}), everyone=200),
    "changes:plan": seen(),
    "changes:refused": seen(),
    "changes:export_refused": seen(lambda who: At(form="csv")),
    "changes:from_refused": proposed(a_refused_edit),
    "changes:from_import": proposed(a_list),
    "changes:differences": seen(),
    "changes:export_differences": seen(lambda who: At(form="csv")),
    "changes:page": about(asked(State.ASKED)),
    "changes:of_commitment": (
        get(of_a_commitment, everyone=302, administrator=404),
        get(lambda who: At(pk=builders.fault().response_id), everyone=404),
    ),
    "changes:new": (proposing_form(), proposed(a_new)),
    "changes:swap": (proposing_form(a_swap), proposed(a_swap)),
    "changes:edit": (
        get(an_edit, everyone=200, auditor=403, administrator=404),
        get(a_foreign_edit, everyone=200, office=403, auditor=403, administrator=404),
        post(an_edit, everyone=302, auditor=403, administrator=404),
    ),
    "changes:add_line": (
        get(a_line, everyone=200, auditor=403, administrator=404),
        post(a_line, everyone=302, auditor=403, administrator=404),
    ),
    "changes:remove_line": post(a_removed_line, everyone=302, auditor=403, administrator=404),
    "changes:use_pattern": post(a_standard, everyone=302, auditor=403, administrator=404),
    "changes:again": moved(lambda who: At(pk=a_change(State.WITHDRAWN).pk)),
    "changes:act": (
        said(verb("consent", State.ASKED)),
        said(verb("refuse", State.ASKED)),
        said(verb("ask-back", State.ASKED)),
        said(verb("confirm", State.EXECUTED, Mode.EMERGENCY)),
        said(verb("decline", State.EXECUTED, Mode.EMERGENCY)),
        moved(verb("ask", State.ASKED_BACK)),
        moved(verb("withdraw", State.ASKED)),
        moved(verb("execute", State.CONSENTED)),
        moved(verb("roll-back", State.EXECUTED)),
        moved(a_tested),
        moved(a_trial),
        post(verb("drop", State.DRAFT), everyone=302, office=404, auditor=404, administrator=404),
        post(verb("execute", State.ASKED), everyone=409, office=403, auditor=403, administrator=404),
        post(verb("sell", State.ASKED), everyone=404),
    ),
    "changes:approve_pattern": planned(a_new_pattern),
    "changes:end_pattern": planned(lambda who: At(pk=a_pattern(who))),
    "changes:add_blackout": planned(a_new_blackout),
    "changes:bring_blackouts": (
        get(everyone=403, office=200),
        post(
            lambda who: At(data={"file": SimpleUploadedFile("封网.csv", BLACKOUTS)}), everyone=403, office=200
        ),
    ),
    "changes:export_blackouts": seen(lambda who: At(form="csv")),
    "changes:remove_blackout": planned(a_blackout),
    "changes:note": (proposing_form(), proposed(a_noted)),
    "changes:photo": about(a_photo),
    "changes:propose": post(
        lambda who: At(pk=a_difference().pk), everyone=302, auditor=403, administrator=404
    ),
}
