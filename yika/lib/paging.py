"""Lists page by key: the cursor names the last row shown, so page 1,000 costs what page 1 does."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

from yika.lib.decisions import BadInput

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Page(Generic[M]):
    """One page of a list. ``next_cursor`` is empty on the last page."""

    rows: list[M]
    next_cursor: str


@dataclass(frozen=True)
class Lines:
    """One page of a list of plain values. ``next_cursor`` is empty on the last page."""

    rows: list[dict[str, Any]]
    next_cursor: str


def page_of_values(
    rows: "QuerySet[Any, dict[str, Any]]", order: Sequence[str], cursor: str = "", size: int = 50
) -> Lines:
    """As ``page``, of ``values()`` that include the fields of the order."""
    rows = rows.order_by(*order)
    if cursor:
        rows = rows.filter(_after(order, _decode(cursor, len(order))))
    found = list(rows[: size + 1])
    return Lines(found[:size], _encode(found[size - 1], order) if len(found) > size else "")


def page(rows: "QuerySet[M]", order: Sequence[str], cursor: str = "", size: int = 50) -> Page[M]:
    """Cut one page out of rows, ordered by fields that together are unique and never null.

    ``order`` takes field names as ``order_by`` does, a minus for descending, ``__`` for a related row's.
    Raises: BadInput when the cursor was not made by this list.
    """
    rows = rows.order_by(*order)
    if cursor:
        rows = rows.filter(_after(order, _decode(cursor, len(order))))
    found = list(rows[: size + 1])
    following = _encode(found[size - 1], order) if len(found) > size else ""
    return Page(found[:size], following)


def _after(order: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows behind the cursor: (a, b) > (x, y) spelled out, each field in its own direction."""
    condition = Q(pk__in=[])
    same = Q()
    for field, value in zip(order, values, strict=True):
        name = field.lstrip("-")
        condition |= same & Q(**{f"{name}__{'lt' if field.startswith('-') else 'gt'}": value})
        same &= Q(**{name: value})
    return condition


def _encode(row: Model | dict[str, Any], order: Sequence[str]) -> str:
    names = [field.lstrip("-") for field in order]
    values = [row[name] if isinstance(row, dict) else _followed(row, name) for name in names]
    plain = [{"t": value.isoformat()} if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def _followed(row: Model, path: str) -> Any:
    return reduce(getattr, path.split("__"), row)


def _decode(cursor: str, count: int) -> list[Any]:
    try:
        plain = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        values = [datetime.fromisoformat(v["t"]) if isinstance(v, dict) else v for v in plain]
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise BadInput("页码无效，请从第一页开始") from error
    if len(values) != count:
        raise BadInput("页码无效，请从第一页开始")
    return values
