"""What is drawn and where it stands: everything once, nothing over another, upper left of lower."""

from collections.abc import Collection, Mapping
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.network.test_rules import campuses
from yika.network.rules import (
    Edge,
    Graph,
    Look,
    Node,
    Shape,
    backbone,
    building,
    lay_out,
    layout,
    surroundings,
)

ROLES = frozenset({"network", "service", "power"})
Campus = tuple[list[Node], list[Edge], dict[tuple[int, str], int], dict[int, int], set[int]]


def drawn_of(graph: Graph, failed: Collection[int] = (), roles: Collection[str] = ROLES) -> list[Shape]:
    return list(building(graph, graph.nodes, roles, graph.fall(failed), failed).shapes)


@pytest.mark.parametrize("tall", [120, layout.TALL])
@given(campuses(), st.booleans())
@settings(max_examples=200, deadline=None)
def test_every_device_stands_once_and_no_box_covers_another(tall: int, campus: Campus, whole: bool) -> None:
    with mock.patch.object(layout, "TALL", tall):
        insist_on_a_sound_drawing(campus, whole)


def insist_on_a_sound_drawing(campus: Campus, whole: bool) -> None:
    nodes, edges, needs, crowds, failed = campus
    nodes = [node._replace(area=1 + node.key % 3) for node in nodes]
    graph = Graph(nodes, edges, needs, crowds)
    fallen = graph.fall(failed)
    sketch = (
        backbone(graph, ROLES, fallen, failed)
        if whole
        else building(graph, graph.nodes, ROLES, fallen, failed)
    )
    members = [key for shape in sketch.shapes for key in shape.members]
    assert len(members) == len(set(members)) == len(nodes) - sketch.loose
    drawing = lay_out(sketch.shapes, frozenset(shape.name for shape in sketch.shapes if not shape.single))
    assert lay_out(sketch.shapes, frozenset()).boxes == lay_out(sketch.shapes).boxes
    boxes = drawing.boxes
    for number, box in enumerate(boxes):
        assert box.x >= 0 and box.x + box.width <= drawing.width
        assert box.y >= 0 and box.y + box.height <= drawing.height
        for other in boxes[number + 1 :]:
            apart_x = box.x + box.width <= other.x or other.x + other.width <= box.x
            apart_y = box.y + box.height <= other.y or other.y + other.height <= box.y
            assert apart_x or apart_y, (box, other)
    mains = [wire.lower for wire in drawing.wires if wire.main]
    assert len(mains) == len(set(mains)), "one main upper each"
    assert all(wire.x1 < wire.x2 for wire in drawing.wires if wire.main)
    for wire in drawing.wires:
        across = [box for box in boxes if wire.x1 < box.x + box.width and box.x < wire.x2]
        assert wire.bus is None or not any(box.y <= wire.bus <= box.y + box.height for box in across)


def campus(needs: Mapping[tuple[int, str], int] | None = None) -> Graph:
    """A core, two buildings with a switch each, behind them five terminals and a door; a lonely terminal."""
    nodes = [
        Node(1, "switch", False, area=1),
        Node(2, "switch", False, area=2),
        Node(3, "switch", False, area=3),
    ]
    nodes += [Node(10 + number, "payment-terminal", area=2) for number in range(5)]
    nodes += [Node(20, "door-controller", area=2), Node(21, "payment-terminal", area=3)]
    nodes += [Node(30, "payment-terminal", area=3)]
    edges = [Edge(2, 1, "network"), Edge(3, 1, "network")]
    edges += [Edge(10 + number, 2, "network") for number in range(5)]
    edges += [Edge(20, 2, "network"), Edge(21, 3, "network"), Edge(10, 3, "power")]
    return Graph(nodes, edges, needs)


@pytest.mark.parametrize("behind", [0, 3])
def test_a_hundred_neighbours_fit_a_sheet(behind: int) -> None:
    """Whether they are leaves or carry a stack each, a drawing is about as wide as a sheet of paper."""
    nodes = [Node(1, "switch", False)] + [Node(2 + key, "switch", False) for key in range(100)]
    edges = [Edge(2 + key, 1, "network") for key in range(100)]
    for key in range(100 * behind):
        nodes.append(Node(1000 + key, "payment-terminal"))
        edges.append(Edge(1000 + key, 2 + key // behind, "network"))
    graph = Graph(nodes, edges)
    shapes = surroundings(graph, 1, ROLES, graph.fall(()), ()).shapes
    if not behind:
        shapes = (shapes[0], *(Shape(f"d{key}", (key,), frozenset({"d1"})) for key in range(2, 102)))
    drawing = lay_out(shapes)
    assert 1 < drawing.width / drawing.height < 3 and drawing.height < 1600
    assert min(box.y for box in drawing.boxes) == layout.MARGIN


def test_the_backbone_has_a_stack_a_building() -> None:
    graph = campus()
    sketch = backbone(graph, {"network"}, graph.fall(()), ())
    assert [(shape.name, shape.members) for shape in sketch.shapes] == [
        ("d1", (1,)),
        ("a2", (2, 10, 11, 12, 13, 14, 20)),
        ("a3", (3, 21)),
    ]
    assert sketch.loose == 1
    assert sketch.shapes[1].kinds == (("payment-terminal", 5), ("door-controller", 1), ("switch", 1))


def test_only_what_has_links_of_the_role_is_drawn() -> None:
    graph = campus()
    sketch = backbone(graph, {"power"}, graph.fall(()), ())
    assert [(shape.name, shape.members) for shape in sketch.shapes] == [("d3", (3,)), ("a2", (10,))]
    assert sketch.loose == 9
    inside = building(graph, [2, *range(10, 15), 20], {"power"}, graph.fall(()), ())
    assert [shape.name for shape in inside.shapes] == ["d10", "d3"] and inside.loose == 6
    assert not backbone(graph, {"service"}, graph.fall(()), ()).shapes


@given(campuses(), st.sets(st.sampled_from(sorted(ROLES)), min_size=1))
@settings(max_examples=200, deadline=None)
def test_what_has_links_of_the_roles_is_drawn_at_its_own_building(campus: Campus, roles: set[str]) -> None:
    nodes, edges, needs, crowds, failed = campus
    nodes = [node._replace(area=1 + node.key % 3) for node in nodes]
    graph = Graph(nodes, edges, needs, crowds)
    there = {node.key for node in nodes}
    linked = {
        key
        for edge in edges
        if edge.role in roles and edge.lower != edge.upper and {edge.lower, edge.upper} <= there
        for key in (edge.lower, edge.upper)
    }
    for sketch in (
        backbone(graph, roles, graph.fall(failed), failed),
        building(graph, graph.nodes, roles, graph.fall(failed), failed),
    ):
        assert {key for shape in sketch.shapes for key in shape.members} == linked
        for shape in sketch.shapes:
            assert not shape.area or {graph.nodes[key].area for key in shape.members} == {shape.area}


def test_leaves_of_a_kind_are_stacked_and_outsiders_marked() -> None:
    graph = campus()
    inside = [2, *range(10, 15), 20]
    sketch = building(graph, inside, {"network"}, graph.fall(()), ())
    assert [(shape.name, len(shape.members), shape.outside) for shape in sketch.shapes] == [
        ("d2", 1, False),
        ("s10", 5, False),
        ("d20", 1, False),
        ("d1", 1, True),
    ]


def test_around_a_terminal_stands_what_it_hangs_on_and_itself() -> None:
    graph = campus()
    sketch = surroundings(graph, 12, {"network"}, graph.fall(()), ())
    assert {shape.name for shape in sketch.shapes} == {"d1", "d2", "d12"}
    assert {shape.name for shape in surroundings(graph, 30, ROLES, graph.fall(()), ()).shapes} == {"d30"}
    assert not surroundings(graph, 99, ROLES, graph.fall(()), ()).shapes


def test_how_things_stand_after_a_failure() -> None:
    graph = campus()
    looks = {shape.name: shape.look for shape in drawn_of(graph, [2])}
    assert looks["d2"] is Look.FAILED and looks["d20"] is Look.DOWN and looks["d3"] is Look.FINE
    fallen = graph.fall([11])
    stacks = {shape.name: shape.look for shape in backbone(graph, ROLES, fallen, [11]).shapes}
    assert stacks["a2"] is Look.PARTLY
    twins = Graph(
        [Node(key, "switch", False) for key in (1, 2, 3)] + [Node(4, "switch", False)],
        [Edge(3, 1, "network"), Edge(3, 2, "network"), Edge(4, 3, "network")],
    )
    assert {shape.name: shape.look for shape in drawn_of(twins, [1])}["d3"] is Look.WEAK
    ring = Graph(
        [Node(1, "switch", False), Node(2, "switch", False)], [Edge(1, 2, "network"), Edge(2, 1, "network")]
    )
    assert {shape.look for shape in drawn_of(ring)} == {Look.CUT}
