"""The door for consented upstreams: exactly what was consented to, the rest untouched."""

from datetime import timedelta

import pytest
from django.db import transaction

from tests import builders, cast
from tests.cast import AT
from tests.network.campus import hang, switch
from yika.assets.models import Device
from yika.assets.rules import Warrant
from yika.journal.queries import timeline
from yika.lib.decisions import BadInput
from yika.network import consented, queries
from yika.network.models import Link
from yika.network.rules import Medium

pytestmark = pytest.mark.django_db
WARRANT = Warrant(1, "BG-000001")


def one(to: Device, **more: object) -> dict[str, object]:
    return {"to": to.pk, "role": "network", "medium": "copper", "port": "", "own_port": "", **more}


def write(device: Device, value: object) -> None:
    with transaction.atomic():
        consented.write(device, "upstream", value, warrant=WARRANT, by=cast.office(), at=AT)


def test_exactly_the_consented_upstreams_are_there_and_what_stays_is_not_touched() -> None:
    lower, stays, goes, comes = builders.device("XF-1"), switch("SW-1"), switch("SW-2"), switch("SW-3")
    kept = hang(lower, stays, ports=("eth0", "p1"))
    hang(lower, goes)
    value = [one(stays, port="p1", own_port="eth0"), one(comes, medium="fibre", port="x1")]
    assert not consented.problems(lower, "upstream", value)
    write(lower, value)
    assert consented.current(lower, "upstream") == value
    kept.refresh_from_db()
    assert kept.until_at is None and Link.objects.filter(lower=lower).count() == 3
    assert [line.sentence[:4] for line in timeline("device", lower.pk)][:2] == ["连接：X", "断开连接"]
    write(lower, value)
    assert Link.objects.filter(lower=lower).count() == 3
    assert queries.roots_above([lower.pk], AT + timedelta(seconds=1)) == {stays.pk, comes.pk}
    assert consented.words("upstream", value) == "eth0 → SW-1 p1（网络，网线）；SW-3 x1（网络，光纤）"


def test_what_cannot_be_written_is_said() -> None:
    lower = builders.device("XF-1")
    assert consented.problems(lower, "upstream", "SW-1") == ["上联须逐条写明设备、用途和介质"]
    assert consented.problems(lower, "upstream", [{"to": 1}]) == ["上联须逐条写明设备、用途和介质"]
    assert consented.problems(lower, "upstream", [one(lower)]) == ["设备不能上联它自己"]
    upper = switch("SW-2")
    assert consented.problems(lower, "upstream", [one(upper), one(upper)]) == [
        "同一上联设备的同一用途写了两次"
    ]
    hang(builders.device(), upper, medium=Medium.COPPER, ports=("", "p1"))
    with pytest.raises(BadInput, match="已有连接"):
        write(lower, [one(upper, port="p1")])
    with pytest.raises(BadInput, match="SW-1 不在用"):
        write(lower, [one(builders.device("SW-1", of="switch", in_use=False))])
    assert consented.current(lower, "upstream") == []
    assert consented.words("upstream", []) == "没有上联"
