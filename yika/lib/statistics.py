"""What the database knows of its own tables when it chooses how to read them."""

from django.db import connection

SAMPLE = 1000  # rows looked at per index: a few milliseconds, however large the table


def refresh_statistics() -> None:
    """Let SQLite look at its tables anew; PostgreSQL does so by itself."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit = {SAMPLE}")
        cursor.execute("ANALYZE")
