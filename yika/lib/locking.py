"""One door to row locks, so that two people acting at once cannot both win.

On PostgreSQL the row is locked; on SQLite every writing transaction is IMMEDIATE, so reading
again inside it is already safe.
"""

from typing import TypeVar

from django.db import connection, models

M = TypeVar("M", bound=models.Model)


def lock(row: M) -> M:
    """The same row, locked and read afresh. Only inside a transaction."""
    assert connection.in_atomic_block, "lock() only inside transaction.atomic()"
    rows: models.QuerySet[M] = type(row)._base_manager.all()
    return rows.select_for_update(of=("self",), no_key=True).get(pk=row.pk)


def claim(rows: "models.QuerySet[M]") -> M | None:
    """The first row nobody else holds, locked; None when there is none. Only inside a transaction."""
    assert connection.in_atomic_block, "claim() only inside transaction.atomic()"
    return rows.select_for_update(of=("self",), no_key=True, skip_locked=True).first()
