"""Where the boxes of a sketch stand: columns from left to right by what hangs on what. Pure.

Every box stands right of all it hangs on. Each has one main upper, its rightmost; along these the boxes form
trees, and a tree takes a band of rows of its own, so that these wires never cross. What hangs on one box and
would be taller than a sheet bears is folded: its trees stand in several blocks side by side, within the band.
The same sketch gives the same drawing. Units: pixels.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from yika.network.rules.sketch import Shape

WIDTH, HEIGHT = 208, 40
GAP_X, GAP_Y, BETWEEN = 72, 10, 22
LINE = 20  # of an opened stack
COLUMNS = 2  # of an opened stack
MARGIN = 16
TALL = 1500
"""What hangs on one box is folded when it is higher."""
SHEET = 1.8
"""How much wider than high a sheet is."""
MOST_BLOCKS = 8
MOST_OPEN = 200
"""Members of an opened stack that are drawn."""


@dataclass(frozen=True)
class Box:
    """A shape in its place; ``x`` and ``y`` are its upper left corner."""

    shape: Shape
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Wire:
    """From the right edge of an upper box to the left edge of a lower one. ``main``: along a tree.

    ``bus``: how far down it runs to the right, below every box it would else cross; None for straight on.
    """

    upper: str
    lower: str
    x1: int
    y1: int
    x2: int
    y2: int
    main: bool
    bus: int | None = None


@dataclass(frozen=True)
class Drawing:
    """Boxes and wires, and how much room they take."""

    boxes: tuple[Box, ...]
    wires: tuple[Wire, ...]
    width: int
    height: int


def lay_out(shapes: Sequence[Shape], opened: frozenset[str] = frozenset()) -> Drawing:
    """Put every shape into its place; a stack that is opened has a line for every two members."""
    known = {shape.name: shape for shape in shapes}
    order = {shape.name: number for number, shape in enumerate(shapes)}
    columns = _columns(known, order)
    main = {
        shape.name: max(above, key=lambda name: (columns[name], -order[name]))
        for shape in shapes
        if (above := [name for name in shape.uppers if name in known and columns[name] < columns[shape.name]])
    }
    below: dict[str, list[str]] = defaultdict(list)
    for shape in shapes:
        if shape.name in main:
            below[main[shape.name]].append(shape.name)
    heights = {shape.name: _height(shape, opened) for shape in shapes}
    wide = dict.fromkeys(set(columns.values()), WIDTH)
    for shape in shapes:
        if shape.name in opened:
            wide[columns[shape.name]] = WIDTH + WIDTH // 2
    lefts, right = {}, MARGIN
    for column in sorted(wide):
        lefts[column] = right
        right += wide[column] + GAP_X
    lefts[len(wide)] = right
    places = {name: lefts[column] for name, column in columns.items()}
    ends = {name: lefts[column + 1] for name, column in columns.items()}
    roots = [shape.name for shape in shapes if shape.name not in main]
    tops, shifts, buses = _rows(roots, below, heights, places, ends)
    boxes = {
        shape.name: Box(
            shape,
            places[shape.name] + shifts.get(shape.name, 0),
            tops[shape.name],
            wide[columns[shape.name]] if shape.name in opened else WIDTH,
            heights[shape.name],
        )
        for shape in shapes
    }
    bottom = max((box.y + box.height for box in boxes.values()), default=0)
    right = max((box.x + box.width for box in boxes.values()), default=0)
    return Drawing(
        tuple(boxes.values()),
        tuple(_wires(shapes, boxes, main, buses)),
        max(right, MARGIN) + MARGIN,
        bottom + MARGIN,
    )


def _height(shape: Shape, opened: frozenset[str]) -> int:
    if shape.name not in opened:
        return HEIGHT
    return HEIGHT + LINE * -(-len(shown_members(shape)) // COLUMNS) + 6


def shown_members(shape: Shape) -> tuple[int, ...]:
    """The members an opened stack shows."""
    return shape.members[:MOST_OPEN]


def _columns(known: Mapping[str, Shape], order: Mapping[str, int]) -> dict[str, int]:
    """One right of the rightmost upper. An upper that closes a ring is left out."""
    columns: dict[str, int] = {}
    above = {
        name: sorted((upper for upper in shape.uppers if upper in known), key=order.__getitem__)
        for name, shape in known.items()
    }
    for start in known:
        path: list[tuple[str, int]] = [(start, 0)] if start not in columns else []
        under: set[str] = {start}
        best: dict[str, int] = {}
        while path:
            name, number = path[-1]
            if number < len(above[name]):
                path[-1] = name, number + 1
                upper = above[name][number]
                if upper in columns:
                    best[name] = max(best.get(name, 0), columns[upper] + 1)
                elif upper not in under:
                    under.add(upper)
                    path.append((upper, 0))
            else:
                path.pop()
                columns[name] = best.get(name, 0)
                under.discard(name)
                if path:
                    lower = path[-1][0]
                    best[lower] = max(best.get(lower, 0), columns[name] + 1)
    return columns


def _rows(
    roots: Sequence[str],
    below: Mapping[str, Sequence[str]],
    heights: Mapping[str, int],
    places: Mapping[str, int],
    ends: Mapping[str, int],
) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    """The top of every box: leaves under each other, each upper box beside the middle of its lower ones.

    And how far boxes of folded trees are shifted to the right of where their column begins (``places``; it
    ends at ``ends``), and how far down the wires to them run. A tree is folded once, where most hangs on one.
    """
    tops: dict[str, int] = {}
    shifts: dict[str, int] = {}
    buses: dict[str, int] = {}
    done: list[str] = []  # in the order of their tops being known: a tree is a stretch of it, its root last
    folded: set[str] = set()  # those that are, or have a folded one below
    cursor = MARGIN
    for root in roots:
        path: list[tuple[str, int, int, list[int]]] = [(root, 0, cursor, [])]
        while path:
            name, number, start, stretch = path[-1]
            lowers = below.get(name, ())
            stretch.append(len(done))
            if number < len(lowers):
                path[-1] = name, number + 1, start, stretch
                path.append((lowers[number], 0, cursor, []))
                continue
            path.pop()
            if lowers:
                trees = [done[first:last] for first, last in pairwise(stretch)]
                if cursor - start > TALL and len(trees) > 1 and folded.isdisjoint(lowers):
                    bus = _fold(trees, start, tops, shifts, heights, places, ends)
                    buses |= {tree[-1]: bus for tree in trees if shifts[tree[-1]]}
                    cursor = bus + GAP_Y
                    folded.add(name)
                elif not folded.isdisjoint(lowers):
                    folded.add(name)
                bottom = max(tops[lower] + heights[lower] for lower in lowers)
                tops[name] = (min(tops[lower] for lower in lowers) + bottom) // 2 - heights[name] // 2
            else:
                tops[name] = cursor
                cursor += heights[name] + GAP_Y
            done.append(name)
        cursor += BETWEEN - GAP_Y
    return tops, shifts, buses


def _fold(
    trees: Sequence[Sequence[str]],
    start: int,
    tops: dict[str, int],
    shifts: dict[str, int],
    heights: Mapping[str, int],
    places: Mapping[str, int],
    ends: Mapping[str, int],
) -> int:
    """Put trees that stand under each other into blocks side by side; what lies below them all."""
    first = min(places[name] for tree in trees for name in tree)
    width = max(ends[name] for tree in trees for name in tree) - first
    floors = [max(tops[name] + heights[name] for name in tree) + GAP_Y for tree in trees]
    whole = floors[-1] - start
    blocks = next(
        (count for count in range(2, MOST_BLOCKS) if first + count * width >= SHEET * whole / count),
        MOST_BLOCKS,
    )
    most, block, head, deepest = -(-whole // blocks), 0, start, start
    for tree, ceiling, floor in zip(trees, [start, *floors], floors, strict=False):
        if ceiling - head >= most:
            block, head = block + 1, ceiling
        for name in tree:
            tops[name] -= head - start
            shifts[name] = block * width
        deepest = max(deepest, floor - (head - start))
    return deepest


def _wires(
    shapes: Sequence[Shape], boxes: Mapping[str, Box], main: Mapping[str, str], buses: Mapping[str, int]
) -> list[Wire]:
    found = []
    for shape in shapes:
        lower = boxes[shape.name]
        for name in sorted(shape.uppers):
            if name in boxes:
                upper = boxes[name]
                found.append(
                    Wire(
                        name,
                        shape.name,
                        upper.x + upper.width,
                        upper.y + min(upper.height, HEIGHT) // 2,
                        lower.x,
                        lower.y + min(lower.height, HEIGHT) // 2,
                        main.get(shape.name) == name,
                        buses.get(shape.name) if main.get(shape.name) == name else None,
                    )
                )
    return found
