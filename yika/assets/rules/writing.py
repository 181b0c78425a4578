"""Writing lists that ``reading.parse`` reads again."""

import csv
import io
import re
from collections.abc import Iterable

from yika.assets.rules.reading import COLUMNS, HEADERS

# What a spreadsheet takes for the start of a formula, the full-width forms included.
_FORMULA = re.compile(r"'*[=+\-@＝＋－＠]")


def render_paths(paths: Iterable[str]) -> str:
    """Paths as a list that ``parse`` reads, one a line."""
    return "".join(f"{path}\n" for path in paths)


def table_lines(rows: Iterable[tuple[str, ...]]) -> Iterable[str]:
    """Rows of (place, number, kind, model, serial) as CSV lines with the header, safe in a spreadsheet."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(HEADERS[column][0] for column in COLUMNS)
    for row in rows:
        yield _drained(buffer)
        writer.writerow(_guarded(cell) for cell in row)
    yield _drained(buffer)


def _drained(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _guarded(cell: str) -> str:
    """A cell that no spreadsheet runs as a formula; ``parse`` takes the guard off again."""
    return f"'{cell}" if _FORMULA.match(cell) else cell
