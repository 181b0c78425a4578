"""Impact against the plainest search there is, on random graphs with redundancy and rings."""

from collections import Counter
from collections.abc import Collection, Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from yika.network.rules import Edge, Graph, Node, down_because, impact

ROLES = ("network", "service", "power")


def up_by_search(
    nodes: Collection[int],
    edges: Collection[Edge],
    needs: Mapping[tuple[int, str], int],
    failed: Collection[int],
) -> set[int]:
    """Nothing is up; whatever has enough upstreams up comes up; until nothing more does."""
    up: set[int] = set()
    while True:
        risen = {
            key for key in nodes if key not in up and key not in failed and _fed(key, nodes, edges, needs, up)
        }
        if not risen:
            return up
        up |= risen


def _fed(
    key: int,
    nodes: Collection[int],
    edges: Collection[Edge],
    needs: Mapping[tuple[int, str], int],
    up: Collection[int],
) -> bool:
    for role in ROLES:
        uppers = {
            edge.upper
            for edge in edges
            if edge.lower == key and edge.role == role and edge.upper in nodes and edge.upper != key
        }
        if uppers and len(uppers & set(up)) < min(needs.get((key, role), 1), len(uppers)):
            return False
    return True


@st.composite
def campuses(
    draw: st.DrawFn,
) -> tuple[list[Node], list[Edge], dict[tuple[int, str], int], dict[int, int], set[int]]:
    """A few devices linked in any way, rings and dangling links included, needs, and what fails."""
    count = draw(st.integers(1, 9))
    key = st.integers(1, count + 1)  # one of them is not in use
    nodes = [
        Node(
            number,
            draw(st.sampled_from(("switch", "payment-terminal", "door-controller"))),
            terminal=draw(st.booleans()),
            users=draw(st.none() | st.integers(0, 50)),
            crowd=draw(st.integers(0, 2)),
            merchant=draw(st.integers(0, 2)),
            offline=draw(st.booleans()),
        )
        for number in range(1, count + 1)
    ]
    edges = draw(st.lists(st.builds(Edge, key, key, st.sampled_from(ROLES)), max_size=22))
    needs = draw(st.dictionaries(st.tuples(key, st.sampled_from(ROLES)), st.integers(1, 4), max_size=6))
    crowds = {1: draw(st.integers(0, 500)), 2: draw(st.integers(0, 500))}
    return nodes, edges, needs, crowds, draw(st.sets(key, max_size=4))


@given(campuses())
@settings(max_examples=600, deadline=None)
def test_what_goes_down_is_what_a_plain_search_finds(
    campus: tuple[list[Node], list[Edge], dict[tuple[int, str], int], dict[int, int], set[int]],
) -> None:
    nodes, edges, needs, crowds, failed = campus
    keys = [node.key for node in nodes]
    lost = up_by_search(keys, edges, needs, ()) - up_by_search(keys, edges, needs, failed)
    graph = Graph(nodes, edges, needs, crowds)
    found = impact(graph, failed)
    assert found.devices == sorted(lost)
    down = [node for node in nodes if node.key in lost]
    terminals = [node for node in down if node.terminal]
    assert found.terminals == Counter(node.kind for node in terminals)
    assert found.others == Counter(node.kind for node in down if not node.terminal)
    assert found.offline == Counter(node.kind for node in terminals if node.offline)
    assert found.merchants == {node.merchant for node in terminals if node.merchant}
    expected = sum(node.users for node in terminals if node.users is not None)
    for place, users in crowds.items():
        sharing = [node.key for node in nodes if node.terminal and node.users is None and node.crowd == place]
        hit = len(lost.intersection(sharing))
        expected += -(-users * hit // len(sharing)) if hit else 0
    assert found.cardholders == expected
    for key in keys:
        assert (key in found.fallen) == (key in lost)
        assert down_because(graph, key, failed) == (
            key in lost and key not in failed and _reached(key, edges, failed)
        )


def _reached(key: int, edges: Collection[Edge], failed: Collection[int]) -> bool:
    """Whether one of the failed is upstream; what is lost otherwise was its own failure."""
    found, waiting = set(), [key]
    while waiting:
        here = waiting.pop()
        for edge in edges:
            if edge.lower == here and edge.upper not in found:
                found.add(edge.upper)
                waiting.append(edge.upper)
    return bool(found & set(failed))


@given(campuses(), st.sets(st.integers(1, 9), max_size=3))
@settings(max_examples=200, deadline=None)
def test_more_failures_never_mend_anything(
    campus: tuple[list[Node], list[Edge], dict[tuple[int, str], int], dict[int, int], set[int]],
    more: set[int],
) -> None:
    nodes, edges, needs, crowds, failed = campus
    graph = Graph(nodes, edges, needs, crowds)
    assert set(impact(graph, failed).devices) <= set(impact(graph, failed | more).devices)


CORE, OTHER_CORE, ACCESS, TERMINAL = 1, 2, 3, 10


def small(
    *edges: tuple[int, int], needs: Mapping[tuple[int, str], int] | None = None, terminals: int = 1
) -> Graph:
    """Two cores, an access switch, and terminals behind it."""
    nodes = [Node(key, "switch", terminal=False) for key in (CORE, OTHER_CORE, ACCESS)]
    nodes += [Node(TERMINAL + number, "payment-terminal", crowd=1) for number in range(terminals)]
    links = [Edge(lower, upper, "network") for lower, upper in edges]
    links += [Edge(TERMINAL + number, ACCESS, "network") for number in range(terminals)]
    return Graph(nodes, links, needs, {1: 100})


def test_one_of_two_upstreams_is_enough_unless_both_are_needed() -> None:
    either = small((ACCESS, CORE), (ACCESS, OTHER_CORE))
    assert impact(either, [CORE]).devices == [CORE]
    assert impact(either, [CORE, OTHER_CORE]).terminal_count == 1
    both = small((ACCESS, CORE), (ACCESS, OTHER_CORE), needs={(ACCESS, "network"): 2})
    assert impact(both, [CORE]).terminal_count == 1


def test_a_ring_cannot_hold_itself_up() -> None:
    ring = small((ACCESS, CORE), (OTHER_CORE, ACCESS), (ACCESS, OTHER_CORE))
    assert impact(ring, [CORE]).devices == [CORE, OTHER_CORE, ACCESS, TERMINAL]


def test_what_was_down_before_is_nobodys_impact() -> None:
    """Two switches that hang only on each other were never up."""
    island = small((ACCESS, OTHER_CORE), (OTHER_CORE, ACCESS))
    assert impact(island, [OTHER_CORE]).devices == []


def test_a_device_that_lost_one_of_two_upstreams_is_weakened() -> None:
    graph = small((ACCESS, CORE), (ACCESS, OTHER_CORE))
    fallen = graph.fall([CORE])
    assert fallen.weakened(ACCESS)
    assert not fallen.weakened(TERMINAL) and not fallen.weakened(CORE)


def test_terminals_of_a_place_share_its_daily_users() -> None:
    """Three terminals stand for 100 people a day: one of them for 34, all of them for 100."""
    graph = small((ACCESS, CORE), terminals=3)
    assert impact(graph, [TERMINAL]).cardholders == 34
    assert impact(graph, [ACCESS]).cardholders == 100
    assert [(share.down, share.of) for share in impact(graph, [TERMINAL]).shares] == [(1, 3)]


def test_a_terminal_nobody_counted_is_told_as_unknown() -> None:
    graph = Graph([Node(1, "payment-terminal"), Node(2, "payment-terminal", users=7)], [])
    found = impact(graph, [1, 2, 99])
    assert (found.cardholders, found.told, found.unknown) == (7, 1, 1)


def test_what_a_device_hangs_on() -> None:
    graph = small((ACCESS, CORE), (CORE, OTHER_CORE))
    assert graph.above(TERMINAL) == {ACCESS, CORE, OTHER_CORE}
    assert graph.above(OTHER_CORE) == set() and graph.above(99) == set()
