"""Where a key stands in a TOML text. tomllib gives values but no lines.

Only for texts that tomllib has accepted: the scan trusts the syntax.
"""

import re
from collections.abc import Mapping

Path = tuple[str | int, ...]

_PART = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*""")
_STRINGS = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|'
    + r"'''.*?'{3,5}|"
    + r'"(?:[^"\\\n]|\\.)*"|'
    + r"'[^'\n]*'|\#[^\n]*|[\[\]{}]|\n",
    re.DOTALL,
)


def lines_of(text: str) -> Mapping[Path, int]:
    """The line, counted from 1, of every table header and of every key under one."""
    found: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    at = 0
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        line = text[at:end].strip()
        number = text.count("\n", 0, at) + 1
        if not line or line.startswith("#"):
            at = end + 1
        elif line.startswith("["):
            many = line.startswith("[[")
            table = _resolved(_parts(line.lstrip("["))[0], counts, many)
            found.setdefault(table, number)
            if many:
                found.setdefault(table[:-1], number)
            at = end + 1
        else:
            parts, used = _parts(text[at:])
            for length in range(1, len(parts) + 1):
                found.setdefault((*table, *parts[:length]), number)
            at = _value_end(text, at + used + 1)
    return found


def nearest(lines: Mapping[Path, int], path: Path) -> int:
    """The line of a path, or of the closest table around it; 1 if there is none."""
    while path:
        if path in lines:
            return lines[path]
        path = path[:-1]
    return 1


def _parts(text: str) -> tuple[list[str], int]:
    """The parts of a dotted key at the start of a text, and how long it is."""
    parts: list[str] = []
    at = 0
    while match := _PART.match(text, at):
        parts.append(next(group for group in match.groups() if group is not None))
        at = match.end()
        if text[at : at + 1] != ".":
            break
        at += 1
    return parts, at


def _resolved(parts: list[str], counts: dict[Path, int], many: bool) -> Path:
    """A header's parts as a path with the index of each array of tables."""
    path: Path = ()
    for position, part in enumerate(parts):
        path = (*path, part)
        last = position == len(parts) - 1
        if last and many:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _value_end(text: str, at: int) -> int:
    """The start of the line after a value that begins at a place."""
    depth = 0
    for match in _STRINGS.finditer(text, at):
        piece = match.group()
        if piece == "\n" and depth == 0:
            return match.end()
        if piece in "[{":
            depth += 1
        elif piece in "]}":
            depth -= 1
    return len(text)
