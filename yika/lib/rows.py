"""Keys of rows, and rows of one table by rows of another."""

from typing import Any

from django.db.models import Q, QuerySet


def within(path: str, rows: QuerySet[Any]) -> Q:
    """That ``path`` leads to one of these rows.

    Where these are all rows of their table nothing is asked but that there is one: SQLite would walk the
    whole table to learn that every row is in it.
    """
    if rows.query.has_filters() or rows.query.is_sliced or rows.query.combinator or rows.query.is_empty():
        return Q(**{f"{path}__in": rows})
    return Q(**{f"{path}__isnull": False})


def is_key(value: object) -> bool:
    """Whether a plain value can be a row's key: a whole number that a database can hold."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63
