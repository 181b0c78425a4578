"""Rows of a CSV file as text, one at a time, with the line each began on. Pure: no Django.

A row that is no row is handed out as a flaw, and reading goes on at the next line. A workbook is read as the
CSV it would be, its rows on the lines they stand on.
"""

import csv
import io
from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from yika.lib.office import reading
from yika.standards.readings import Words

MOST_IN_EXCEL = 50_000
"""Rows of a workbook, which is held in memory as a whole; a text file has no limit."""

_EXCEL = 64_000_000  # bytes and characters of a workbook
_CHUNK = 1 << 20  # bytes; also how long a line may be
_MOST_LINES = 200  # that one row may span; behind an unclosed quote the whole file is one row


class Unreadable(ValueError):
    """The file as a whole cannot be read; ``words`` say why."""

    def __init__(self, words: Words) -> None:
        self.words = words
        super().__init__(words.zh)


@dataclass(frozen=True)
class Flaw:
    """What is wrong in a line; ``column`` empty when it is the row as a whole."""

    line: int
    column: str
    words: Words

    def told(self, lang: str) -> str:
        """第 12 行 arrived_at：早于报修时间."""
        zh = f"第 {self.line} 行 {self.column}".rstrip()
        en = f"line {self.line} {self.column}".rstrip()
        return Words(f"{zh}：{self.words.zh}", f"{en}: {self.words.en}").told(lang)


@dataclass(frozen=True)
class Coding:
    """How a file's bytes are text. ``damaged``: some bytes are none, in whatever coding."""

    name: str
    bom: bool
    damaged: bool


def coding_of(path: Path) -> Coding:
    """UTF-8 with or without BOM, else GB18030; a damaged file is what most of its lines are.

    Raises: Unreadable for a line without end.
    """
    utf8 = other = gb18030 = 0
    with path.open("rb") as file:
        bom = file.read(3) == b"\xef\xbb\xbf"
        file.seek(0)
        while block := file.read(_CHUNK):
            rest = file.readline(_CHUNK)
            if len(rest) == _CHUNK:
                raise Unreadable(Words("有超过 1 MB 的行，不是 CSV 文件", "a line of over 1 MB: no CSV file"))
            block += rest
            if block.isascii():
                continue
            if _decodes(block, "utf-8"):
                utf8 += 1
                continue
            for line in block.splitlines():
                if line.isascii():
                    continue
                if _decodes(line, "utf-8"):
                    utf8 += 1
                else:
                    other += 1
                    gb18030 += _decodes(line, "gb18030")
    if bom or utf8 >= other:
        return Coding("utf-8-sig" if bom else "utf-8", bom, other > 0)
    return Coding("gb18030", False, gb18030 < other)


def _workbook_text(path: Path) -> str:
    try:
        return reading.as_text(path.read_bytes(), most=MOST_IN_EXCEL, longest=_EXCEL)
    except reading.Unreadable as error:
        flaw = error.flaw
        if flaw.trouble is reading.Trouble.EMPTY:
            raise Unreadable(Words("空文件", "an empty file")) from error
        if flaw.trouble is reading.Trouble.DIGITS_LOST:
            zh = f"第 {flaw.line} 行 {flaw.column} 列：超过 15 位的号码被 Excel 当作数字，末几位已经丢失"
            en = f"line {flaw.line} column {flaw.column}: Excel lost the last digits of a long number"
            raise Unreadable(Words(zh, en)) from error
        if flaw.trouble in (reading.Trouble.OLD_EXCEL, reading.Trouble.NO_EXCEL):
            zh = "不是可以读取的 Excel 文件，请另存为不设密码的 .xlsx"
            raise Unreadable(Words(zh, "no Excel file that can be read: save it as .xlsx")) from error
        zh = f"Excel 文件太大（最多 {MOST_IN_EXCEL} 行），请另存为 CSV"
        raise Unreadable(
            Words(zh, f"too big an Excel file (at most {MOST_IN_EXCEL} rows): save it as CSV")
        ) from error


def _decodes(text: bytes, coding: str) -> bool:
    try:
        text.decode(coding)
    except UnicodeDecodeError:
        return False
    return True


def short(text: str) -> str:
    """A value as it is quoted in a message: one line, at most 40 characters."""
    text = text if len(text) <= 40 else text[:40] + "…"
    return "「" + "".join(c if c.isprintable() else "\ufffd" for c in text) + "」"


class _TooManyLines(Exception):
    """A row goes on and on: a quote was not closed."""


class _Lines:
    """Lines that can be handed out again, counted; ``held`` are those of the present row."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.waiting: deque[str] = deque()
        self.held: list[str] = []
        self.number = 0

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = self.waiting.popleft() if self.waiting else next(self.stream)
        self.held.append(line)
        self.number += 1
        if len(self.held) > _MOST_LINES:
            raise _TooManyLines
        return line

    def back(self) -> None:
        """Hand out the present row's lines again, less the first."""
        self.waiting.extendleft(reversed(self.held[1:]))
        self.number -= len(self.held) - 1


class Rows:
    """The rows of a file, header read and checked; ``line`` is that on which the present row began."""

    def __init__(self, path: Path, needed: Collection[str], taken: Collection[str] = ()) -> None:
        self.path, self.needed, self.taken = path, needed, taken
        with path.open("rb") as file:
            self.is_workbook = file.read(4) in reading.WORKBOOKS
        self.coding = Coding("utf-8", False, False) if self.is_workbook else coding_of(path)
        self.line = 0
        self.spans_lines = False

    def __enter__(self) -> Self:
        self.stream = self._open()
        try:
            self.lines = _Lines(self.stream)
            self.reader = csv.reader(self.lines, strict=True)
            self.header = self._header()
        except BaseException:
            self.stream.close()
            raise
        return self

    def _open(self) -> TextIO:
        if self.is_workbook:
            return io.StringIO(_workbook_text(self.path), newline="")
        # A byte that is no text stands in its row as a lone surrogate, and the row is refused.
        return self.path.open(
            encoding=self.coding.name, newline="", errors="surrogateescape" if self.coding.damaged else None
        )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stream.close()

    def _header(self) -> list[str]:
        try:
            header = [name.strip() for name in next(self.reader)]
        except StopIteration:
            raise Unreadable(Words("空文件", "an empty file")) from None
        except (csv.Error, _TooManyLines):
            raise Unreadable(Words("第 1 行不是表头", "line 1 is no header")) from None
        if missing := [name for name in self.needed if name not in header]:
            named = ", ".join(missing)
            raise Unreadable(Words(f"第 1 行缺少列：{named}", f"line 1 lacks columns: {named}"))
        if double := sorted({name for name in header if name and header.count(name) > 1}):
            named = ", ".join(short(name) for name in double)
            raise Unreadable(Words(f"第 1 行有重复的列：{named}", f"line 1 has columns twice: {named}"))
        if clash := [name for name in header if name in self.taken]:
            named = ", ".join(clash)
            words = Words(
                f"第 1 行已有结果列，请先删去：{named}", f"line 1 already has columns of the result: {named}"
            )
            raise Unreadable(words)
        return header

    def __iter__(self) -> Iterator[list[str] | Flaw]:
        lines, reader, width = self.lines, self.reader, len(self.header)
        damaged = self.coding.damaged
        while True:
            lines.held.clear()
            self.line = lines.number + 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except _TooManyLines:
                yield self._flaw(Words("引号没有闭合", "a quote is not closed"))
                continue
            except csv.Error as error:
                yield self._flaw(_no_row(error))
                continue
            if not row:
                continue
            if len(row) != width:
                words = Words(
                    f"应有 {width} 列，实有 {len(row)} 列", f"{len(row)} columns instead of {width}"
                )
                yield self._flaw(words)
                continue
            if damaged and (column := self._damaged(row)) is not None:
                lines.back()
                yield Flaw(self.line, column, Words("有无法识别的字节", "bytes that are no text"))
                continue
            self.spans_lines = len(lines.held) > 1
            yield row

    def _flaw(self, words: Words) -> Flaw:
        self.lines.back()
        return Flaw(self.line, "", words)

    def _damaged(self, row: list[str]) -> str | None:
        for name, cell in zip(self.header, row, strict=True):
            if any("\ud800" <= character <= "\udfff" for character in cell):
                return name
        return None


def _no_row(error: csv.Error) -> Words:
    said = str(error)
    if "field larger" in said:
        return Words("有过长的值，可能引号没有闭合", "a value is too long; perhaps a quote is not closed")
    if "unexpected end" in said:
        return Words("引号没有闭合", "a quote is not closed")
    return Words("引号用法有误", "a quote is out of place")
