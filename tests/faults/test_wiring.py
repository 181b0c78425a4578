"""The invented campus has a network as a real one has: everything reaches the core, and a switch matters."""

import pytest

from tests import builders
from tests.faults.test_simulate import AT
from yika.assets.models import Device, Place
from yika.faults.actions.simulating import simulate
from yika.faults.simulating import machines, tables
from yika.faults.simulating.wiring import HEADINGS, wires
from yika.journal.rules import COMMAND_LINE
from yika.lib.clock import campus_date
from yika.network import queries
from yika.network.models import Link
from yika.network.rules import Edge, Graph, Node, impact

ROLES = {"网络": "network", "服务": "service", "供电": "power"}


@pytest.mark.parametrize("count", [20, 120, 600, 4000])
def test_everything_hangs_on_the_core_and_on_nothing_that_is_not_there(count: int) -> None:
    there = list(machines("大学", "T", count))
    numbers = {one.number: key for key, one in enumerate(there, 1)}
    terminals = {"消费机", "圈存机", "自助机", "业务机", "门禁控制器", "水控"}
    drawn = list(wires(there))
    assert len(set(drawn)) == len(drawn)
    graph = Graph(
        [Node(numbers[one.number], one.kind, one.kind in terminals) for one in there],
        [Edge(numbers[lower], numbers[upper], ROLES[role]) for lower, upper, _medium, role in drawn],
    )
    assert all(graph.up), "hangs on something that hangs on nothing"
    cores = [numbers[one.number] for one in there if one.kind == "交换机" and "机房" in one.path]
    everything = sum(one.kind in terminals for one in there)
    assert impact(graph, cores).terminal_count == everything
    assert impact(graph, cores[:1]).terminal_count < everything  # the other core carries on
    floor = next((one for one in there if one.path.endswith("食堂/二楼/弱电间")), None)
    if floor is not None:
        assert impact(graph, [numbers[floor.number]]).terminal_count == 14


def test_no_device_stands_in_two_files() -> None:
    there = list(machines("大学", "T", 900))
    parts = [text.splitlines() for text in tables(there, 300)]
    assert all(lines[0] == HEADINGS and len(lines) <= 301 for lines in parts) and len(parts) > 2
    named = [{line.partition(",")[0] for line in lines[1:]} for lines in parts]
    assert sum(map(len, named)) == len(set.union(*named))


@pytest.mark.django_db
def test_the_simulated_campus_is_linked_and_its_places_are_used() -> None:
    simulate(devices=200, months=2, seed=5, faults=10, by=COMMAND_LINE, at=AT)
    assert Link.objects.at().count() == len(list(wires(list(machines("模拟大学5", "MN5", 200)))))
    floor = Device.objects.get(place__full_name__endswith="第1食堂/三楼/弱电间")
    found = queries.impact_of([floor], AT)
    assert found.terminal_count == 14 and found.cardholders == 14 * 110
    assert Place.objects.get(full_name__endswith="第1食堂/三楼").daily_users == 14 * 110


@pytest.mark.django_db
def test_beside_a_real_contract_it_was_set_up_before() -> None:
    real = builders.contract()
    simulate(devices=50, months=1, seed=3, faults=5, beside_real=True, by=COMMAND_LINE, at=AT)
    links = Link.objects.at()
    assert links.exists() and all(campus_date(link.from_at) < real.starts_on for link in links)
