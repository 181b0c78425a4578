"""A diagram as SVG: boxes that lead on, coloured and signed by how they stand.

Written here, not by a template: a drawing has hundreds of boxes.
"""

import unicodedata
from collections.abc import Callable
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yika.network.queries import Diagram, title_of
from yika.network.rules import Box, Look, Shape, shown_members
from yika.network.rules.layout import COLUMNS, HEIGHT, LINE, Wire

SIGNS = {
    Look.FINE: "",
    Look.FAILED: "✕",
    Look.DOWN: "!",
    Look.PARTLY: "◐",
    Look.WEAK: "△",
    Look.CUT: "○",
}
LOOKS = {
    Look.FINE: gettext_lazy("正常"),
    Look.FAILED: gettext_lazy("中断"),
    Look.DOWN: gettext_lazy("因上联中断"),
    Look.PARTLY: gettext_lazy("部分中断"),
    Look.WEAK: gettext_lazy("失去一路冗余"),
    Look.CUT: gettext_lazy("上联不通"),
}
PAD = 8
TURN = 18  # beside a box, where a wire leaves it for the bus

Address = Callable[[Shape], str]


def svg(
    diagram: Diagram, title: str, *, to: Address, to_device: Callable[[int], str], first: str = ""
) -> SafeString:
    """The drawing as an element that scales. ``to`` is where a box leads; the box ``first`` is seen first."""
    drawing = diagram.drawing
    looks = {box.shape.name: box.shape.look for box in drawing.boxes}
    parts = [
        f'<svg class="diagram" viewBox="0 0 {drawing.width} {drawing.height}" width="{drawing.width}" '
        f'height="{drawing.height}" role="group" aria-label="{escape(title)}" '
        f'data-diagram="{_middle(diagram, first)}">'
    ]
    for wire in drawing.wires:
        broken = looks[wire.upper] in (Look.FAILED, Look.DOWN, Look.CUT)
        classes = "wire" + ("" if wire.main else " wire-more") + (" wire-down" if broken else "")
        parts.append(f'<path class="{classes}" d="{_course(wire)}"/>')
    for box in drawing.boxes:
        parts += _box(diagram, box, to, to_device)
    parts.append("</svg>")
    return mark_safe("".join(parts))


def _course(wire: Wire) -> str:
    """A bend from box to box, or along the bus."""
    if wire.bus is not None:
        return f"M{wire.x1} {wire.y1}h{TURN}V{wire.bus}H{wire.x2 - TURN}V{wire.y2}H{wire.x2}"
    bend = max((wire.x2 - wire.x1) // 2, 30)
    return f"M{wire.x1} {wire.y1}C{wire.x1 + bend} {wire.y1} {wire.x2 - bend} {wire.y2} {wire.x2} {wire.y2}"


def _middle(diagram: Diagram, first: str) -> int:
    """How far down the box stands that should be seen first; else the first of the leftmost."""
    boxes = diagram.drawing.boxes
    found = [box for box in boxes if box.shape.name == first] or sorted(boxes, key=lambda box: (box.x, box.y))
    return found[0].y + HEIGHT // 2 if found else 0


def _box(diagram: Diagram, box: Box, to: Address, to_device: Callable[[int], str]) -> list[str]:
    shape = box.shape
    first, second = title_of(diagram, shape)
    opened = shape.name in diagram.asked.opened and not shape.single
    sign = SIGNS[shape.look]
    classes = f"box look-{shape.look}" + (" outside" if shape.outside else "") + _sort(shape)
    said = f"{first} {second} {LOOKS[shape.look]}" + (" " + _("在此范围之外") if shape.outside else "")
    behind = (
        f'<rect class="behind" x="{box.x + 4}" y="{box.y + 4}" width="{box.width}" height="{HEIGHT}" rx="4"/>'
        if not shape.single and not opened
        else ""
    )
    room = box.width - 2 * PAD
    ask = not shape.single and not second
    if ask:
        second = _("点击收起") if opened else _("点击展开")
    below = escape(fitting(second, room, 11))
    parts = [
        f'<a class="{classes}" href="{escape(to(shape))}" aria-label="{escape(said)}">'
        f"<title>{escape(said)}</title>{behind}"
        f'<rect x="{box.x}" y="{box.y}" width="{box.width}" height="{HEIGHT}" rx="4"/>'
        f'<text class="first" x="{box.x + PAD}" y="{box.y + 17}">'
        f"{escape(fitting(f'{sign} {first}'.strip(), room, 13))}</text>"
        f'<text class="second{" ask" if ask else ""}" x="{box.x + PAD}" y="{box.y + 33}">{below}</text></a>'
    ]
    if opened:
        members = shown_members(shape)
        width = box.width // COLUMNS
        rows = -(-len(members) // COLUMNS)
        for number, key in enumerate(members):
            label = diagram.labels.get(key)
            if label is None:
                continue
            x, y = box.x + PAD + width * (number // rows), box.y + HEIGHT + 16 + LINE * (number % rows)
            text = f"{SIGNS[label.look]} {label.number} {label.place.rpartition('/')[2]}".strip()
            parts.append(
                f'<a class="member look-{label.look}" href="{escape(to_device(key))}"><title>'
                f"{escape(f'{label.number} {label.kind} {label.place} {LOOKS[label.look]}')}</title>"
                f'<text x="{x}" y="{y}">{escape(fitting(text, width - PAD, 12))}</text></a>'
            )
    return parts


def _sort(shape: Shape) -> str:
    """A terminal, a stack, or what carries others: each has its own outline."""
    if not shape.single:
        return " stack"
    return " leaf" if shape.terminals else ""


def fitting(text: str, room: int, size: int) -> str:
    """As much of a text as a width holds, at a font size. Units: pixels."""
    used = 0.0
    for number, char in enumerate(text):
        used += size * (1 if unicodedata.east_asian_width(char) in "WF" else 0.58)
        if used > room:
            return text[: max(number - 1, 0)] + "…"
    return text
