"""Queries whose SQL is worked out once in a process: for those that every report, or every page, asks.

Working a query set out anew costs more than PostgreSQL needs to answer it by a key.
"""

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler

LONGEST = 20  # of a list of values; a longer one is worked out each time

Row = TypeVar("Row")


@dataclass(frozen=True)
class _Worked:
    """A query worked out. ``slots``: for each single value, where it goes among the parameters."""

    rows: "QuerySet[Any, Any]"
    compiler: SQLCompiler
    sql: str
    params: tuple[Any, ...]
    slots: tuple[tuple[int, ...], ...]


class Ready(Generic[Row]):
    """A query with places for values: a key, a text, a day, a moment, or a list of such; none of them None.

    ``build`` is called once for each length of its lists, with a stand-in for each value, and may only
    compare it with a column.
    """

    def __init__(self, build: "Callable[..., QuerySet[Any, Row]]") -> None:
        self._build = build
        self._worked: dict[tuple[int, ...], _Worked] = {}

    def __call__(self, *values: Any) -> list[Row]:
        """What is found for these values; one query."""
        lengths = tuple(len(value) if isinstance(value, list) else -1 for value in values)
        if 0 in lengths or max(lengths, default=0) > LONGEST:
            return list(self._build(*values))
        worked = self._worked.get(lengths)
        if worked is None:
            worked = self._worked[lengths] = _work_out(self._build, values)
        params = list(worked.params)
        for value, slots in zip(_single(values), worked.slots, strict=True):
            for slot in slots:
                params[slot] = _plain(value)
        compiler = copy(worked.compiler)
        compiler.connection = connection  # each thread has its own
        compiler.as_sql = lambda *_args, **_more: (worked.sql, tuple(params))  # type: ignore[method-assign]
        rows = worked.rows.all()
        rows.query.get_compiler = lambda *_args, **_more: compiler  # type: ignore[method-assign]
        return list(rows)

    def first(self, *values: Any) -> Row | None:
        """The first found; the query says in which order, and had best end there."""
        return next(iter(self(*values)), None)


def _single(values: Sequence[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, list):
            yield from value
        else:
            yield value


def _work_out(build: "Callable[..., QuerySet[Any, Any]]", values: Sequence[Any]) -> _Worked:
    marks = [_mark(value, 100 * place) for place, value in enumerate(values, start=1)]
    rows = build(*marks)
    compiler = rows.query.get_compiler(connection=connection)
    sql, params = compiler.as_sql()
    slots = tuple(
        tuple(place for place, param in enumerate(params) if param == _plain(mark)) for mark in _single(marks)
    )
    assert all(slots), "a value is not compared with a column as it stands"
    return _Worked(rows, compiler, sql, tuple(params), slots)


def _mark(value: Any, number: int) -> Any:
    """What stands in for a value: of its type, and nothing that is ever asked for."""
    if isinstance(value, list):
        return [_mark(one, number + place) for place, one in enumerate(value)]
    if isinstance(value, datetime):
        return datetime(1, 1, 1, tzinfo=UTC) + timedelta(days=number)
    if isinstance(value, date):
        return date(1, 1, 1) + timedelta(days=number)
    return f"\ue000{number}" if isinstance(value, str) else (1 << 62) + number


def _plain(value: Any) -> Any:
    """A value as the database takes it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value
