"""Many rows of a table at once, past the models: COPY on PostgreSQL, one prepared statement on SQLite.

For actions that write tens of thousands of rows in one transaction; constraints hold as for any row.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection, models

Row = Sequence[Any]
FEW = 40  # rows that go in as one statement


def take_keys(model: type[models.Model], count: int) -> list[int]:
    """Keys for new rows of a table, never given out again. Only inside a transaction."""
    assert connection.in_atomic_block, "take_keys() only inside transaction.atomic()"
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [key for (key,) in cursor.fetchall()]
        cursor.execute("UPDATE sqlite_sequence SET seq = seq + %s WHERE name = %s", [count, table])
        if not cursor.rowcount:  # no row was ever written
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, count])
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last: int = cursor.fetchone()[0]
        return list(range(last - count + 1, last + 1))


@contextmanager
def roomy() -> Iterator[None]:
    """Give SQLite 64 MB to keep its indexes in while millions of rows go in, in place of its 2."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size")
        before = int(cursor.fetchone()[0])
        cursor.execute("PRAGMA cache_size = -65536")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size = {before}")


def insert(model: type[models.Model], fields: Sequence[str], rows: Iterable[Row]) -> None:
    """Write rows, each a value for every field named; JSON goes in as text. Only inside a transaction.

    A few rows are one statement, so that an action may write this way too.
    """
    assert connection.in_atomic_block, "insert() only inside transaction.atomic()"
    table, columns = _names(model, tuple(fields))
    on_postgres = connection.vendor == "postgresql"
    marks = f"({', '.join(['%s'] * len(fields))})"
    into = f"INSERT INTO {table} ({', '.join(columns)}) VALUES "  # noqa: S608 - names of our own tables
    with connection.cursor() as cursor:
        if isinstance(rows, Sequence) and len(rows) <= FEW:
            if rows:
                values = rows if on_postgres else _as_text(rows)
                cursor.execute(
                    into + ", ".join([marks] * len(rows)), [value for row in values for value in row]
                )
        elif on_postgres:
            with (
                connection.wrap_database_errors,
                cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy,
            ):
                for row in rows:
                    copy.write_row(row)
        else:
            cursor.executemany(
                into + marks,
                _as_text(rows),  # type: ignore[arg-type]  # any iterable will do, and need not stand in memory
            )


def write(rows: Sequence[models.Model]) -> None:
    """Write a few new rows of one table as they stand, and note the keys they get. Only inside a transaction.

    A third of what ``save`` costs: values are not prepared field by field. Not for JSON.
    """
    assert connection.in_atomic_block, "write() only inside transaction.atomic()"
    if not rows:
        return
    keyless = rows[0].pk is None
    fields = _fields(type(rows[0]))[keyless:]
    table, columns = _names(type(rows[0]), tuple(name for name, _attribute in fields))
    values: Iterable[Row] = [[_plain(getattr(row, attribute)) for _name, attribute in fields] for row in rows]
    if connection.vendor != "postgresql":
        values = _as_text(values)
    marks = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * len(rows))
    said = f"INSERT INTO {table} ({', '.join(columns)}) VALUES {marks}"  # noqa: S608 - names of our own tables
    with connection.cursor() as cursor:
        cursor.execute(said + " RETURNING id" * keyless, [value for row in values for value in row])
        if keyless:
            for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
                row.pk = key
    for row in rows:
        row._state.adding = False


@lru_cache
def _fields(model: type[models.Model]) -> list[tuple[str, str]]:
    """Names and attributes of what is stored of a model, its key first."""
    stored = sorted(model._meta.concrete_fields, key=lambda field: not field.primary_key)
    assert not any(isinstance(field, models.JSONField) for field in stored)
    return [(field.name, field.attname) for field in stored]


def _plain(value: Any) -> Any:
    """A choice as its text."""
    return str(value) if isinstance(value, str) else value


def update(model: type[models.Model], fields: Sequence[str], rows: Iterable[Row]) -> None:
    """Change rows: a value for every field named, and then the key. Only inside a transaction."""
    assert connection.in_atomic_block, "update() only inside transaction.atomic()"
    table, columns = _names(model, tuple(fields))
    changes = ", ".join(f"{column} = %s" for column in columns)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table} SET {changes} WHERE id = %s",  # noqa: S608 - names of our own tables
            list(rows if connection.vendor == "postgresql" else _as_text(rows)),
        )


@lru_cache
def _names(model: type[models.Model], fields: tuple[str, ...]) -> tuple[str, list[str]]:
    """The table and its columns for some fields, quoted."""
    quote = connection.ops.quote_name
    found = [model._meta.get_field(name) for name in fields]
    return quote(model._meta.db_table), [
        quote(str(one.column)) for one in found if isinstance(one, models.Field)
    ]


def _as_text(rows: Iterable[Row]) -> Iterator[list[Any]]:
    """Moments and UUIDs as SQLite keeps them, moments in UTC without offset, as Django writes them."""
    known: dict[datetime, str] = {}  # most moments stand in several columns
    for row in rows:
        told = list(row)
        for place, value in enumerate(row):
            if type(value) is datetime:
                text = known.get(value)
                if text is None:
                    text = known[value] = value.astimezone(UTC).isoformat(" ")[: -len("+00:00")]
                told[place] = text
            elif type(value) is UUID:
                told[place] = value.hex
        yield told
