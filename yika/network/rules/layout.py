"""Where the boxes of a sketch stand: columns from left to right by what hangs on what. Pure.

Every box stands right of all it hangs on. Each has one main upper, its rightmost; along these the boxes form
trees, and a tree takes a band of rows of its own, so that these wires never cross. The same sketch gives the
same drawing. Units: pixels.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yika.network.rules.sketch import Shape

WIDTH, HEIGHT = 208, 40
GAP_X, GAP_Y, BETWEEN = 72, 10, 22
LINE = 20  # of an opened stack
COLUMNS = 2  # of an opened stack
MARGIN = 16
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
    """From the right edge of an upper box to the left edge of a lower one. ``main``: along a tree."""

    upper: str
    lower: str
    x1: int
    y1: int
    x2: int
    y2: int
    main: bool


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
    tops = _rows([shape.name for shape in shapes if shape.name not in main], below, heights)
    wide = dict.fromkeys(set(columns.values()), WIDTH)
    for shape in shapes:
        if shape.name in opened:
            wide[columns[shape.name]] = WIDTH + WIDTH // 2
    lefts, right = {}, MARGIN
    for column in sorted(wide):
        lefts[column] = right
        right += wide[column] + GAP_X
    boxes = {
        shape.name: Box(
            shape,
            lefts[columns[shape.name]],
            tops[shape.name],
            wide[columns[shape.name]] if shape.name in opened else WIDTH,
            heights[shape.name],
        )
        for shape in shapes
    }
    bottom = max((box.y + box.height for box in boxes.values()), default=0)
    return Drawing(
        tuple(boxes.values()),
        tuple(_wires(shapes, boxes, main)),
        max(right - GAP_X, MARGIN) + MARGIN,
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
    roots: Sequence[str], below: Mapping[str, Sequence[str]], heights: Mapping[str, int]
) -> dict[str, int]:
    """The top of every box: leaves under each other, each upper box beside the middle of its lower ones."""
    tops: dict[str, int] = {}
    cursor = MARGIN
    for root in roots:
        path: list[tuple[str, int]] = [(root, 0)]
        while path:
            name, number = path[-1]
            lowers = below.get(name, ())
            if number < len(lowers):
                path[-1] = name, number + 1
                path.append((lowers[number], 0))
                continue
            path.pop()
            if lowers:
                first, last = lowers[0], lowers[-1]
                middle = (tops[first] + tops[last] + heights[last]) // 2
                tops[name] = middle - heights[name] // 2
            else:
                tops[name] = cursor
                cursor += heights[name] + GAP_Y
        cursor += BETWEEN - GAP_Y
    return tops


def _wires(shapes: Sequence[Shape], boxes: Mapping[str, Box], main: Mapping[str, str]) -> list[Wire]:
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
                    )
                )
    return found
