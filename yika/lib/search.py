"""The index that every search goes through: a table of pairs beside each table that is searched.

PostgreSQL keeps the pairs in a GIN index, SQLite in an FTS5 table that triggers keep in step. Both answer
``grams__has=word`` without reading what does not match, at any size.
"""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.special import RunPython
from django.db.migrations.state import StateApps
from django.db.models.expressions import Col
from django.db.models.lookups import Exact, Lookup
from django.db.models.sql.compiler import SQLCompiler

from yika.lib.grams import REST, phrase

_BATCH = 500


class GramField(models.TextField):  # type: ignore[type-arg]
    """The pairs of a thing's words, as ``grams.document`` writes them."""


class Words(models.Model):
    """What one thing is found by; its key is the thing's. A result: ``yika search rebuild`` makes it anew."""

    grams = GramField()

    class Meta:
        abstract = True


@GramField.register_lookup
class Has(Lookup):
    """Things with a word in them, by the index; a word of one character is looked for row by row."""

    lookup_name = "has"

    def get_prep_lookup(self) -> str:
        """The word as it stands in the text kept."""
        return phrase(str(self.rhs))

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """The condition, exact on both databases."""
        column, params = compiler.compile(self.lhs)
        sought = str(self.rhs)
        if len(sought) < 2:
            return f"{column} LIKE %s", (*params, f"%{sought}%")
        if connection.vendor == "postgresql":
            pairs = sought.split(" ")
            held = f"string_to_array({column}, ' ') @> %s::text[]"
            if len(pairs) == 1:
                return held, (*params, pairs)
            return f"({held} AND {column} LIKE %s)", (*params, pairs, *params, f"%{sought}%")
        assert isinstance(self.lhs, Col) and self.lhs.alias
        model = self.lhs.target.model
        quote = connection.ops.quote_name
        key = f"{quote(str(self.lhs.alias))}.{quote(str(model._meta.pk.column))}"
        index = quote(_index(model._meta.db_table))
        found = f"SELECT rowid FROM {index} WHERE {index} MATCH %s"  # noqa: S608 - names of our own tables
        return f"{key} IN ({found})", (f'"{sought}"',)


@GramField.register_lookup
class Called(Has):
    """As ``has``, with the word in what the thing itself is called."""

    lookup_name = "called"

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """The condition of ``has``, and that the word stands before ``REST``."""
        found, params = super().as_sql(compiler, connection)
        column, own = compiler.compile(self.lhs)
        before = f"({column} LIKE %s OR ({column} LIKE %s AND {column} NOT LIKE %s))"
        sought = f"%{self.rhs}%"
        whole = (*params, *own, f"{sought}{REST}%", *own, sought, *own, f"%{REST}%")
        return f"({found} AND {before})", whole


def keyed(stretch: range) -> models.Q:
    """Rows whose key is in a stretch: by the index of the keys, or by every so many of them."""
    within = models.Q(pk__gte=stretch.start, pk__lt=stretch.stop)
    if stretch.step == 1:
        return within
    return within & models.Q(Exact(models.F("pk") % stretch.step, stretch.start % stretch.step))


def add(model: type[Words], rows: Iterable[tuple[int, str]]) -> None:
    """Keep what new things are found by; one without words needs no row."""
    model._default_manager.bulk_create(_made(model, rows), batch_size=_BATCH)


def renew(model: type[Words], rows: Iterable[tuple[int, str]]) -> None:
    """Keep what things are found by now."""
    found = list(rows)
    key = model._meta.pk
    gone = [pk for pk, grams in found if not grams]
    if gone:
        model._default_manager.filter(pk__in=gone).delete()
    model._default_manager.bulk_create(
        _made(model, found),
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=[key.name],
        update_fields=["grams"],
    )


def _made(model: type[Words], rows: Iterable[tuple[int, str]]) -> list[Words]:
    key = model._meta.pk.attname
    return [model(**{key: pk, "grams": grams}) for pk, grams in rows if grams]


def _index(table: str) -> str:
    return f"{table}_found"


def index(app: str, name: str) -> RunPython:
    """The step of a migration that puts the index on a table of words, and takes it off again.

    SQLite copies a table to change it and forgets its triggers: such a migration puts this step last again.
    """

    def install(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        meta = apps.get_model(app, name)._meta
        _install(editor, meta.db_table, meta.pk.column)

    def remove(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        _remove(editor, apps.get_model(app, name)._meta.db_table)

    return RunPython(install, remove)


def _install(editor: BaseDatabaseSchemaEditor, table: str, key: str) -> None:
    _remove(editor, table)
    found = _index(table)
    if editor.connection.vendor == "postgresql":
        editor.execute(f"CREATE INDEX {found} ON {table} USING gin (string_to_array(grams, ' '))")
        return
    editor.execute(
        f"CREATE VIRTUAL TABLE {found} USING fts5(grams, content='', tokenize='ascii', columnsize=0)"
    )
    gone = f"INSERT INTO {found}({found}, rowid, grams) VALUES ('delete', old.{key}, old.grams);"  # noqa: S608
    come = f"INSERT INTO {found}(rowid, grams) VALUES (new.{key}, new.grams);"  # noqa: S608
    for event, steps in (("INSERT", come), ("DELETE", gone), ("UPDATE", gone + come)):
        editor.execute(f"CREATE TRIGGER {found}_{event.lower()} AFTER {event} ON {table} BEGIN {steps} END")
    editor.execute(f"INSERT INTO {found}(rowid, grams) SELECT {key}, grams FROM {table}")  # noqa: S608


def _remove(editor: BaseDatabaseSchemaEditor, table: str) -> None:
    found = _index(table)
    if editor.connection.vendor == "postgresql":
        editor.execute(f"DROP INDEX IF EXISTS {found}")
        return
    for event in ("insert", "delete", "update"):
        editor.execute(f"DROP TRIGGER IF EXISTS {found}_{event}")
    editor.execute(f"DROP TABLE IF EXISTS {found}")
