"""Values of a device's details and attributes: text as people write it, and plain values as they are kept."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from yika.assets.rules.reading import has_invisible
from yika.lib.office.reading import tidy

TEXT_LENGTH = 200
KEY = re.compile(r"[a-z][a-z0-9_-]{0,29}")
"""How programs call a kind or an attribute."""
Value = str | int | bool | None

_HEX = re.compile(r"[0-9A-Fa-f]+")
_GAPS = re.compile(r"[\s:\-_.]")
KEY_DIGITS = 16  # hexadecimal digits: half of the shortest key in use (3DES, SM4: 32)
LONG_KEY_DIGITS = 32
MOST_USERS = 1_000_000
YES = frozenset({"是", "有", "yes", "y", "true", "1", "√", "✓"})
NO = frozenset({"否", "无", "no", "n", "false", "0", "×", "✗"})


class ValueType(StrEnum):
    """What sort of value an attribute has."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    CHOICE = "choice"
    DATE = "date"
    YES_NO = "yes_no"


class Misfit(StrEnum):
    """Why a value does not fit; worded in ``sentences.MISFITS``."""

    TOO_LONG = "too_long"
    INVISIBLE = "invisible"
    NOT_WHOLE = "not_whole"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_CHOICE = "not_a_choice"
    NOT_A_DATE = "not_a_date"
    NO_SUCH_DAY = "no_such_day"
    NOT_YES_NO = "not_yes_no"
    NOT_AN_IP = "not_an_ip"
    TOO_LARGE = "too_large"
    LOOKS_LIKE_A_KEY = "looks_like_a_key"
    UNKNOWN = "unknown"


class Unfit(Exception):
    """A value that does not fit, and why."""

    def __init__(self, misfit: Misfit, detail: str = "") -> None:
        super().__init__(misfit, detail)
        self.misfit = misfit
        self.detail = detail


@dataclass(frozen=True)
class Spec:
    """What an attribute takes. ``choices`` only of a choice."""

    key: str
    type: ValueType
    choices: tuple[str, ...] = ()
    length: int = TEXT_LENGTH
    most: int = 10**12


def read(spec: Spec, text: str) -> Value:
    """The plain value of a text; None for an empty one. Raises: Unfit."""
    text = tidy(text)
    if not text:
        return None
    if has_invisible(text):
        raise Unfit(Misfit.INVISIBLE)
    if spec.type is ValueType.INTEGER:
        return _whole(text, spec.most)
    if spec.type is ValueType.DECIMAL:
        return _decimal(text)
    if spec.type is ValueType.DATE:
        return _date(text)
    if spec.type is ValueType.YES_NO:
        return _yes_no(text)
    if spec.type is ValueType.CHOICE:
        if text not in spec.choices:
            raise Unfit(Misfit.NOT_A_CHOICE, "、".join(spec.choices[:10]))
        return text
    if len(text) > spec.length:
        raise Unfit(Misfit.TOO_LONG, str(spec.length))
    if looks_like_a_key(text, LONG_KEY_DIGITS):
        raise Unfit(Misfit.LOOKS_LIKE_A_KEY)
    return text


def fitting(spec: Spec, value: object) -> Value:
    """A plain value as it is kept; text is read, anything else must be of the type. Raises: Unfit."""
    if value is None or isinstance(value, str):
        return read(spec, value or "")
    if isinstance(value, bool):
        if spec.type is not ValueType.YES_NO:
            raise Unfit(Misfit.UNKNOWN)
        return value
    if isinstance(value, int | Decimal) and spec.type in (ValueType.INTEGER, ValueType.DECIMAL):
        return read(spec, str(value))
    if isinstance(value, date) and spec.type is ValueType.DATE:
        return value.isoformat()
    raise Unfit(Misfit.UNKNOWN)


def attributes(
    specs: Mapping[str, Spec], values: Mapping[str, object]
) -> tuple[dict[str, Value], dict[str, Unfit]]:
    """What is kept of a device's attributes, empty ones left out, and what does not fit, by key."""
    kept: dict[str, Value] = {}
    wrong: dict[str, Unfit] = {}
    for key, value in values.items():
        spec = specs.get(key)
        if spec is None:
            wrong[key] = Unfit(Misfit.UNKNOWN, key)
            continue
        try:
            plain = fitting(spec, value)
        except Unfit as unfit:
            wrong[key] = unfit
        else:
            if plain is not None:
                kept[key] = plain
    return kept, wrong


def shown(value: Value) -> str:
    """A plain value as the journal and tables write it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(value)


def looks_like_a_key(text: str, digits: int = KEY_DIGITS) -> bool:
    """Whether a text is long hexadecimal, as keys are: a key must never be written down here."""
    bare = _GAPS.sub("", text)
    return len(bare) >= digits and bool(_HEX.fullmatch(bare))


def read_ip(text: str) -> str | None:
    """An address in its usual form; None for an empty text. Raises: Unfit."""
    text = tidy(text)
    if not text:
        return None
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise Unfit(Misfit.NOT_AN_IP) from None


def _whole(text: str, most: int) -> int:
    plain = text.replace(",", "").removesuffix(".0")
    if not (plain.isascii() and plain.removeprefix("-").isdigit()):
        raise Unfit(Misfit.NOT_WHOLE)
    if len(plain) > 13 or abs(int(plain)) > most:
        raise Unfit(Misfit.TOO_LARGE, str(most))
    return int(plain)


def _decimal(text: str) -> str:
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise Unfit(Misfit.NOT_A_NUMBER) from None
    if not number.is_finite():
        raise Unfit(Misfit.NOT_A_NUMBER)
    if abs(number) > 10**12 or len(number.as_tuple().digits) > 18:
        raise Unfit(Misfit.TOO_LARGE, str(10**12))
    return format(number.normalize(), "f") if number else "0"


def _date(text: str) -> str:
    found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00(?::00)?)?", text)
    if not found:
        raise Unfit(Misfit.NOT_A_DATE)
    try:
        return date(*map(int, found.groups())).isoformat()
    except ValueError:
        raise Unfit(Misfit.NO_SUCH_DAY) from None


def _yes_no(text: str) -> bool:
    word = text.lower()
    if word in YES:
        return True
    if word in NO:
        return False
    raise Unfit(Misfit.NOT_YES_NO)
