"""Triggers that make the journal append-only in the database itself.

An event is inserted unsealed and changed once, when its seal is set; a seal never. Whoever owns the
database can drop the triggers, which ``missing`` tells and the chain of seals outlives.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

_POSTGRES_NAMES: tuple[str, ...] = (
    "journal_event_guard",
    "journal_event_truncate_guard",
    "journal_seal_guard",
    "journal_seal_truncate_guard",
)

_POSTGRES = """
CREATE OR REPLACE FUNCTION journal_event_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    unsealed journal_event;
BEGIN
    IF TG_OP = 'INSERT' AND NEW.seal_id IS NULL THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.seal_id IS NULL AND NEW.seal_id IS NOT NULL THEN
        unsealed := NEW;
        unsealed.seal_id := NULL;
        IF unsealed::text = OLD::text THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'journal_event is append-only: % refused', TG_OP USING ERRCODE = 'check_violation';
END $$;
CREATE OR REPLACE FUNCTION journal_seal_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER journal_event_guard BEFORE INSERT OR UPDATE OR DELETE ON journal_event
    FOR EACH ROW EXECUTE FUNCTION journal_event_guard();
CREATE TRIGGER journal_event_truncate_guard BEFORE TRUNCATE ON journal_event
    FOR EACH STATEMENT EXECUTE FUNCTION journal_seal_guard();
CREATE TRIGGER journal_seal_guard BEFORE UPDATE OR DELETE ON journal_seal
    FOR EACH ROW EXECUTE FUNCTION journal_seal_guard();
CREATE TRIGGER journal_seal_truncate_guard BEFORE TRUNCATE ON journal_seal
    FOR EACH STATEMENT EXECUTE FUNCTION journal_seal_guard();
"""

_COLUMNS = ("id", "at", "happened_at", "actor", "actor_name", "verb", "noun", "key", "data", "digest")
_SAME = " AND ".join(f'NEW."{name}" IS OLD."{name}"' for name in _COLUMNS)

# INSERT OR REPLACE deletes without asking a delete trigger, hence the guards on insert.
_SQLITE = {
    "journal_event_insert_guard": (
        "BEFORE INSERT ON journal_event "
        "WHEN NEW.seal_id IS NOT NULL OR EXISTS (SELECT 1 FROM journal_event WHERE id = NEW.id)",
        "journal_event is append-only: insert refused",
    ),
    "journal_event_update_guard": (
        f"BEFORE UPDATE ON journal_event "
        f"WHEN NOT (OLD.seal_id IS NULL AND NEW.seal_id IS NOT NULL AND {_SAME})",
        "journal_event is append-only: update refused",
    ),
    "journal_event_delete_guard": (
        "BEFORE DELETE ON journal_event",
        "journal_event is append-only: delete refused",
    ),
    "journal_seal_insert_guard": (
        "BEFORE INSERT ON journal_seal WHEN EXISTS (SELECT 1 FROM journal_seal "
        "WHERE id = NEW.id OR hash = NEW.hash OR previous_hash = NEW.previous_hash)",
        "journal_seal is append-only: insert refused",
    ),
    "journal_seal_update_guard": (
        "BEFORE UPDATE ON journal_seal",
        "journal_seal is append-only: update refused",
    ),
    "journal_seal_delete_guard": (
        "BEFORE DELETE ON journal_seal",
        "journal_seal is append-only: delete refused",
    ),
}


def install(connection: BaseDatabaseWrapper) -> None:
    """Put every guard in place, afresh."""
    remove(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRES)
        else:
            for name, (when, message) in _SQLITE.items():
                cursor.execute(f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{message}'); END")


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take every guard away: for migrations that must, and for tests."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for name in _POSTGRES_NAMES:
                table = "journal_event" if "event" in name else "journal_seal"
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
        else:
            for name in _SQLITE:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of guards that are not there, or switched off."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A') "
                "AND tgrelid IN ('journal_event'::regclass, 'journal_seal'::regclass)"
            )
            wanted = _POSTGRES_NAMES
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            wanted = tuple(_SQLITE)
        there = {row[0] for row in cursor.fetchall()}
    return [name for name in wanted if name not in there]
