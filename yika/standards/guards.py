"""The trigger that keeps a loaded standard from being changed, in the database itself."""

from django.db.backends.base.base import BaseDatabaseWrapper

_FIXED = "code, version, title, source, sha256, loaded_at"

_POSTGRES = f"""
CREATE OR REPLACE FUNCTION standards_version_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a loaded standard is never changed' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER standards_version_guard BEFORE UPDATE OF {_FIXED} ON standards_standardversion
    FOR EACH ROW EXECUTE FUNCTION standards_version_guard();
"""

_SQLITE = (
    f"CREATE TRIGGER standards_version_guard BEFORE UPDATE OF {_FIXED} ON standards_standardversion "
    "BEGIN SELECT RAISE(ABORT, 'a loaded standard is never changed'); END"
)


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the guard in place."""
    with connection.cursor() as cursor:
        cursor.execute(_POSTGRES if connection.vendor == "postgresql" else _SQLITE)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the guard away."""
    table = " ON standards_standardversion" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER IF EXISTS standards_version_guard{table}")
