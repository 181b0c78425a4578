"""Many rows of a table at once, past the models: COPY on PostgreSQL, one prepared statement on SQLite.

For actions that write tens of thousands of rows in one transaction; constraints hold as for any row.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.db import connection, models

Row = Sequence[Any]


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
    """Write rows, each a value for every field named; JSON goes in as text. Only inside a transaction."""
    assert connection.in_atomic_block, "insert() only inside transaction.atomic()"
    table = connection.ops.quote_name(model._meta.db_table)
    columns = ", ".join(connection.ops.quote_name(_column(model, name)) for name in fields)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(fields))
        cursor.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({marks})",  # noqa: S608 - names of our own tables
            _as_text(rows),  # type: ignore[arg-type]  # any iterable will do, and need not stand in memory
        )


def _column(model: type[models.Model], name: str) -> str:
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field)
    return str(field.column)


def _as_text(rows: Iterable[Row]) -> Iterator[list[Any]]:
    """Moments as SQLite keeps them: UTC without offset, as Django writes them."""
    known: dict[datetime, str] = {}  # most moments stand in several columns
    for row in rows:
        told = list(row)
        for place, value in enumerate(row):
            if type(value) is datetime:
                text = known.get(value)
                if text is None:
                    text = known[value] = value.astimezone(UTC).isoformat(" ")[: -len("+00:00")]
                told[place] = text
        yield told
