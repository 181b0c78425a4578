"""Label sheets as they are sold: A4, so many labels of such a size, where the first one begins."""

from dataclasses import dataclass

A4 = (210.0, 297.0)  # mm
MOST_LABELS = 1_000


@dataclass(frozen=True)
class Sheet:
    """One A4 label sheet. All lengths in mm; ``gap`` lies between columns, rows touch each other."""

    columns: int
    rows: int
    width: float
    height: float
    left: float
    top: float
    gap: float = 0.0

    @property
    def labels(self) -> int:
        """How many labels it holds."""
        return self.columns * self.rows

    @property
    def key(self) -> str:
        """Its name in an address."""
        return f"{self.columns}x{self.rows}"

    @property
    def size(self) -> str:
        """Width and height of a label, as printed on the packet."""
        return f"{self.width:g} × {self.height:g}"


# Left and top margins of the usual sheets (Avery L7159, L7160, L7163, L7165, L7651, L7654 and their like)
# and of sheets cut without margins.
SHEETS = (
    Sheet(3, 8, 63.5, 33.9, 7.2, 12.9, 2.5),
    Sheet(3, 7, 63.5, 38.1, 7.2, 15.1, 2.5),
    Sheet(2, 7, 99.1, 38.1, 4.65, 15.1, 2.5),
    Sheet(2, 4, 99.1, 67.7, 4.65, 13.1, 2.5),
    Sheet(4, 10, 45.7, 25.4, 9.7, 21.5, 2.6),
    Sheet(5, 13, 38.1, 21.2, 4.7, 10.7, 2.5),
    Sheet(3, 9, 70.0, 33.0, 0.0, 0.0),
    Sheet(2, 5, 105.0, 57.0, 0.0, 6.0),
)
BY_KEY = {sheet.key: sheet for sheet in SHEETS}
USUAL = SHEETS[0]


def spots(sheet: Sheet, count: int, used: int) -> list[tuple[int, float, float]]:
    """Page, x and y in mm of each of ``count`` labels when ``used`` of the first sheet are gone."""
    found = []
    for place in range(used, used + count):
        page, on_page = divmod(place, sheet.labels)
        row, column = divmod(on_page, sheet.columns)
        found.append((page, sheet.left + column * (sheet.width + sheet.gap), sheet.top + row * sheet.height))
    return found
