"""What must not stand in a configuration, and what changed between two. Pure."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

TITLE_LENGTH = 80
FAMILY = "configuration"
NOTE_LENGTH = 200
MOST_CHARACTERS = 200_000
MOST_LINES = 5_000


class Sort(StrEnum):
    """What kind of secret a line seems to hold; worded in ``sentences``."""

    PASSWORD = "password"  # noqa: S105 a name
    TOKEN = "token"  # noqa: S105 a name
    PRIVATE_KEY = "private_key"
    CREDENTIALS = "credentials"
    COMMUNITY = "community"
    HEX_KEY = "hex_key"


@dataclass(frozen=True)
class Secret:
    """A line, from 1, that seems to hold a secret."""

    line: int
    sort: Sort


_MASKED = (
    r"(?:[*xX•]{2,}|<[^>]*>|\$\{[^}]*\}|\{\{[^}]*\}\}|（[^）]*）"
    r"|\(?(?:hidden|redacted|none|null|已隐去|略)\)?)"
)
_IS = rf"[\"']?\s*(?:[:=>]|为|是|\s)\s*[\"']?(?!{_MASKED}[\"',;]?(?:\s|<|$))\S"
_RULES = (
    (Sort.PRIVATE_KEY, re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY", re.I)),
    (Sort.CREDENTIALS, re.compile(rf"\w+://[^\s/:@]*:(?!{_MASKED}@)[^\s/@]+@")),
    (Sort.COMMUNITY, re.compile(rf"\bcommunity(?:\s+(?:read|write|ro|rw|cipher|simple))*{_IS}", re.I)),
    (
        Sort.TOKEN,
        re.compile(
            rf"(?:secret|token|api[_-]?key|access[_-]?key|private[_-]?key|密钥|令牌)[\w-]*{_IS}", re.I
        ),
    ),
    (
        Sort.PASSWORD,
        re.compile(
            r"(?:passw(?:or)?d|passphrase|requirepass|masterauth|shared[_-]?key|(?<![a-z])(?:psk|pwd|pass)(?![a-z])"
            rf"|密码|口令)[\w-]*"
            rf"(?:\s+(?:cipher|simple|irreversible-cipher|[0-9]))*{_IS}",
            re.I,
        ),
    ),
    (
        Sort.HEX_KEY,
        re.compile(
            r"(?<![0-9a-fA-F:-])(?=[0-9a-fA-F]*[a-fA-F])(?:[0-9a-fA-F]{2}){16,}(?![0-9a-fA-F:-])"
            r"|(?:key|KEY|Key)[\"']?\s*[:=>]\s*[\"']?(?:[0-9a-fA-F]{2}){8,}(?![0-9a-fA-F])"
        ),
    ),
)


def secrets(text: str) -> list[Secret]:
    """The lines that seem to hold a secret, one finding each. A value that is masked is none."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        plain = unicodedata.normalize("NFKC", line)
        sort = next((sort for sort, pattern in _RULES if pattern.search(plain)), None)
        if sort:
            found.append(Secret(number, sort))
    return found


def field_of(title: str) -> str:
    """Under which key a configuration changes: ``configuration.nginx.conf``."""
    return f"{FAMILY}.{title}"


def title_of(field: str) -> str:
    """The configuration that a key means."""
    return field.partition(".")[2]


def tidied(text: str) -> str:
    """A text with one kind of line end, one at its end."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip("\n") + "\n"


class Fate(StrEnum):
    """What became of a line."""

    SAME = "same"
    CHANGED = "changed"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True)
class Row:
    """Two lines side by side; a number of 0 means that there is none on this side."""

    fate: Fate
    left: int = 0
    before: str = ""
    right: int = 0
    after: str = ""


CONTEXT = 3  # lines shown around a change


def side_by_side(before: str, after: str) -> list[list[Row]]:
    """What changed, in groups with a few lines around; no group when nothing did."""
    old, new = before.splitlines(), after.splitlines()
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    groups = matcher.get_grouped_opcodes(CONTEXT)
    return [[row for code in group for row in _rows(code, old, new)] for group in groups]


def _rows(code: tuple[str, int, int, int, int], old: list[str], new: list[str]) -> Iterator[Row]:
    tag, i, i_end, j, j_end = code
    while i < i_end or j < j_end:
        left, right = i < i_end, j < j_end
        fate = Fate.CHANGED if left and right else Fate.REMOVED if left else Fate.ADDED
        yield Row(
            Fate.SAME if tag == "equal" else fate,
            i + 1 if left else 0,
            old[i] if left else "",
            j + 1 if right else 0,
            new[j] if right else "",
        )
        i, j = i + left, j + right
