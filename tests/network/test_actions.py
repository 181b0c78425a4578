"""Linking, unlinking, needs and ports, and what the journal says of them."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tests import builders, cast
from tests.cast import AT
from tests.network.campus import BEFORE, hang, switch
from yika.assets.actions import change_life
from yika.assets.rules import Life
from yika.journal.queries import timeline
from yika.journal.rules import REPORTER, SYSTEM
from yika.lib.decisions import BadInput, NotAllowed, WrongState
from yika.network import actions, queries
from yika.network.models import Link, Need, Port
from yika.network.rules import LinkRole, Medium

pytestmark = pytest.mark.django_db


def told(device: int) -> list[str]:
    return [line.sentence for line in timeline("device", device)]


def test_a_link_is_made_ended_and_told() -> None:
    lower, upper = builders.device("XF-1"), switch("SW-1")
    link = hang(lower, upper, ports=("eth0", "GE1/0/1"))
    assert sorted(Port.objects.values_list("device__number", "name")) == [
        ("SW-1", "GE1/0/1"),
        ("XF-1", "eth0"),
    ]
    actions.disconnect(link, by=SYSTEM, at=AT)
    assert told(lower.pk) == [
        "断开连接：XF-1 不再上联 SW-1（网络，网线，端口 eth0 → GE1/0/1）",
        "连接：XF-1 上联 SW-1（网络，网线，端口 eth0 → GE1/0/1）",
    ]
    with pytest.raises(WrongState, match="已经断开"):
        actions.disconnect(link, by=SYSTEM, at=AT)
    assert hang(lower, upper, at=AT, ports=("eth0", "GE1/0/1")).pk != link.pk, "the ports are free again"


def test_what_cannot_be_linked() -> None:
    lower, other, upper = builders.device("XF-1"), builders.device("XF-2"), switch("SW-1")
    hang(lower, upper, ports=("", "GE1/0/1"))
    with pytest.raises(BadInput, match="它自己"):
        actions.connect(upper, upper, medium=Medium.COPPER, by=SYSTEM, at=AT)
    with pytest.raises(BadInput, match="已有上联"):
        hang(lower, upper)
    with pytest.raises(BadInput, match="SW-1 的端口 GE1/0/1 已有连接"):
        hang(other, upper, ports=("", "GE1/0/1"))
    with pytest.raises(BadInput, match="是网线端口"):
        hang(other, upper, medium=Medium.FIBRE, ports=("", "GE1/0/1"))
    with pytest.raises(BadInput, match="不在用"):
        hang(builders.device("XF-3", in_use=False), upper)
    with pytest.raises(BadInput, match="不能超过 40"):
        actions.connect(other, upper, medium=Medium.COPPER, lower_port="长" * 41, by=SYSTEM, at=AT)
    assert Link.objects.count() == 1
    hang(lower, upper, role=LinkRole.POWER)  # another role is another link


def test_a_bus_holds_many_and_the_database_holds_the_rest_to_one() -> None:
    bus, upper = switch("SW-1"), builders.device("GW-1", of="switch")
    for number in range(3):
        hang(builders.device(f"DK-{number}"), bus, medium=Medium.RS485, ports=("", "485-1"))
    assert queries.around(bus).sockets[0].port.name == "485-1"
    assert len(queries.around(bus).sockets[0].ends) == 3
    link = hang(bus, upper, ports=("up", "p1"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Link.objects.create(
            lower=builders.device(), upper=upper, upper_port=link.upper_port, medium="copper", from_at=AT
        )


def test_a_need_is_between_one_and_all_and_remembered() -> None:
    lower, uppers = builders.device("XF-1"), [switch("SW-1"), switch("SW-2")]
    for upper in uppers:
        hang(lower, upper)
    actions.set_need(lower, role=LinkRole.NETWORK, least=2, by=SYSTEM, at=BEFORE)
    actions.set_need(lower, role=LinkRole.NETWORK, least=2, by=SYSTEM, at=AT)
    actions.set_need(lower, role=LinkRole.NETWORK, least=1, by=SYSTEM, at=AT)
    assert list(Need.objects.values_list("least", "from_at", "until_at")) == [(2, BEFORE, AT)]
    assert told(lower.pk)[:2] == [
        "修改冗余：XF-1 的网络上联至少 2 路正常 → 至少 1 路正常",
        "修改冗余：XF-1 的网络上联至少 1 路正常 → 至少 2 路正常",
    ]
    for least in (0, 3):
        with pytest.raises(BadInput, match="1 到 2"):
            actions.set_need(lower, role=LinkRole.NETWORK, least=least, by=SYSTEM, at=AT)


def test_ports_are_renamed_and_removed_only_while_unused() -> None:
    lower, upper = builders.device("XF-1"), switch("SW-1")
    hang(lower, upper, ports=("eth0", "p1"))
    spare = Port.objects.create(device=upper, name="p2", medium="copper")
    actions.edit_port(spare, name="p3", note="备用", by=SYSTEM, at=AT)
    with pytest.raises(BadInput, match="已有端口 p1"):
        actions.edit_port(spare, name="p1", note="", by=SYSTEM, at=AT)
    with pytest.raises(BadInput, match="请填写"):
        actions.edit_port(spare, name=" ", note="", by=SYSTEM, at=AT)
    with pytest.raises(WrongState, match="有过连接"):
        actions.remove_port(Port.objects.get(name="p1"), by=SYSTEM, at=AT)
    actions.remove_port(spare, by=SYSTEM, at=AT)
    assert told(upper.pk) == ["删除端口：SW-1 的 p3", "修改端口：SW-1 的 p2 → p3（备用）"]


def test_who_may_link() -> None:
    lower, upper = builders.device(), switch("SW-1")
    for by in (cast.technician(), cast.auditor(), REPORTER):
        with pytest.raises(NotAllowed):
            actions.connect(lower, upper, medium=Medium.COPPER, by=by, at=AT)
    actions.connect(lower, upper, medium=Medium.COPPER, by=cast.dispatcher(), at=AT)


def test_a_process_knows_the_graph_until_something_is_written() -> None:
    """The second question asks for the revision only; a link made since is seen at once."""
    queries.forget()
    core, access, terminal = switch("SW-1"), switch("SW-2"), builders.device("XF-1")
    hang(access, core)
    assert queries.impact_of([core], AT).devices == sorted([core.pk, access.pk])
    hang(terminal, access)
    assert queries.impact_of([core], AT).terminal_count == 1
    assert queries.graph(AT) is queries.graph(AT)


def test_the_graph_of_a_past_moment() -> None:
    core, other, terminal = switch("SW-1"), switch("SW-2"), builders.device("XF-1")
    first = hang(terminal, core)
    moved = AT - timedelta(days=3)
    actions.disconnect(first, by=SYSTEM, at=moved)
    hang(terminal, other, at=moved)
    before = moved - timedelta(seconds=1)
    assert queries.affected_terminals([core], before) == [terminal]
    assert queries.affected_terminals([core], moved) == []
    assert queries.affected_terminals([other], AT) == [terminal]
    assert queries.roots_above([terminal.pk], before) == {core.pk}
    assert queries.roots_above([terminal.pk], AT) == {other.pk}
    assert queries.down_because(terminal.pk, [other.pk], AT)
    assert not queries.down_because(terminal.pk, [core.pk], AT)


def test_two_of_which_both_are_needed_at_a_past_moment() -> None:
    first, second, terminal = switch("SW-1"), switch("SW-2"), builders.device("XF-1")
    for upper in (first, second):
        hang(terminal, upper)
    actions.set_need(terminal, role=LinkRole.NETWORK, least=2, by=SYSTEM, at=AT)
    assert queries.affected_terminals([first], AT) == [terminal]
    assert queries.affected_terminals([first], AT - timedelta(minutes=1)) == []


def test_a_device_taken_out_of_use_leaves_the_graph_at_once() -> None:
    core, terminal = switch("SW-1"), builders.device("XF-1")
    hang(terminal, core)
    assert queries.affected_terminals([core], AT) == [terminal]
    change_life(terminal, Life.IN_STOCK, reason="撤柜", by=SYSTEM, at=AT)
    assert queries.affected_terminals([core], AT) == []
    change_life(terminal, Life.IN_USE, by=SYSTEM, at=AT)
    assert queries.affected_terminals([core], AT) == [terminal]
