"""The first visible sheet of an Excel workbook, opened only when it is of a size that can be held."""

import re
import zipfile
from collections.abc import Sequence
from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

INFLATED = 64_000_000  # bytes of everything in the file
MOST_PARTS = 1_000
HELD = 512_000_000  # characters the texts of a sheet may come to

# A cell's or a row's own place, and a cell that repeats a text kept elsewhere.
_CELL = re.compile(rb"""\sr\s*=\s*["']([A-Z]{0,4})([0-9]{1,9})["']""")
_REPEATED = re.compile(rb"""\st\s*=\s*["']s["']""")
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)


class Unopened(Exception):
    """The bytes are no workbook."""


class TooLarge(Exception):
    """The workbook holds more than is read; says what of: ``bytes``, ``rows`` or ``columns``."""


def cells_of(data: bytes, *, rows: int, columns: int) -> Sequence[Sequence[object]]:
    """Every row of the first visible sheet from its first on, values as they are kept.

    Raises: Unopened, TooLarge.
    """
    try:
        _weigh(data, rows=rows, columns=columns)
        with CalamineWorkbook.from_filelike(BytesIO(data)) as book:
            for sheet in book.sheets_metadata:
                if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible:
                    return book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
    except (zipfile.BadZipFile, NotImplementedError, CalamineError, OSError, EOFError, ValueError) as error:
        raise Unopened(str(error)) from error
    raise Unopened("no sheet")


def _weigh(data: bytes, *, rows: int, columns: int) -> None:
    """Look through the parts before anything is built; what a part says of its size is not believed."""
    repeated, longest, left = 0, 0, INFLATED
    with zipfile.ZipFile(BytesIO(data)) as parts:
        if len(parts.infolist()) > MOST_PARTS:
            raise TooLarge("bytes")
        for part in parts.infolist():
            if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or part.flag_bits & 1:
                raise Unopened("compression")
            part.file_size = left + 1
            part.CRC = None  # type: ignore[assignment]  # of the size it says, which may be another
            with parts.open(part) as file:
                text = file.read(left + 1)
            left -= len(text)
            if left < 0:
                raise TooLarge("bytes")
            if _SHEET.fullmatch(part.filename):
                repeated += len(_REPEATED.findall(text))
                _within(text, rows=rows, columns=columns)
            elif part.filename.lower().endswith("sharedstrings.xml"):
                longest = max(map(len, text.split(b"</si>")))
    if repeated * longest > HELD:
        raise TooLarge("bytes")


def _within(text: bytes, *, rows: int, columns: int) -> None:
    for letters, digits in _CELL.findall(text):
        if int(digits) > rows:
            raise TooLarge("rows")
        if letters and _column(letters) > columns:
            raise TooLarge("columns")


def _column(letters: bytes) -> int:
    """A → 1, Z → 26, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
