"""How the matrix gets there: faults in every state, and what is posted to them."""

import uuid
from collections.abc import Callable, Mapping
from datetime import timedelta
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests import builders, cast
from tests.matrix import At, Build, Row, get, post
from yika.faults.actions import dispatching, working
from yika.faults.models import Fault
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


def a_failed_device(mine: bool = False) -> Build:
    def build(who: User | None) -> At:
        fault = builders.fault(State.WORKING, to=for_whom(who) if mine else None)
        return At(pk=fault.pk, data={"devices": builders.device().pk})

    return build


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
