"""One door to row locks, so that two people acting at once cannot both win.

On PostgreSQL the row is locked; on SQLite every writing transaction is IMMEDIATE, so reading
again inside it is already safe.
"""

from collections.abc import Iterable
from typing import TypeVar

from django.db import connection, models

M = TypeVar("M", bound=models.Model)


def lock(row: M) -> M:
    """The same row, locked and read afresh. Only inside a transaction."""
    assert connection.in_atomic_block, "lock() only inside transaction.atomic()"
    rows: models.QuerySet[M] = type(row)._base_manager.all()
    return rows.select_for_update(of=("self",), no_key=True).get(pk=row.pk)


def lock_all(rows: Iterable[M]) -> list[M]:
    """Rows of one table locked in the order of their keys, so that no two writers wait for each other.

    As given, and read afresh. Only inside a transaction.
    """
    assert connection.in_atomic_block, "lock_all() only inside transaction.atomic()"
    wanted = list(rows)
    if not wanted:
        return []
    there: models.QuerySet[M] = type(wanted[0])._base_manager.filter(pk__in={row.pk for row in wanted})
    found = {row.pk: row for row in there.select_for_update(of=("self",), no_key=True).order_by("pk")}
    return [found[row.pk] for row in wanted]


def claim(rows: "models.QuerySet[M]") -> M | None:
    """The first row nobody else holds, locked; None when there is none. Only inside a transaction."""
    assert connection.in_atomic_block, "claim() only inside transaction.atomic()"
    return rows.select_for_update(of=("self",), no_key=True, skip_locked=True).first()
