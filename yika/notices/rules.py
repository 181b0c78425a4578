"""When to try again."""

from datetime import timedelta

MOST_ATTEMPTS = 6


def pause_after(attempts: int) -> timedelta:
    """How long to wait after the n-th try: 1, 5, 25 minutes, then about 2, 10 hours."""
    return timedelta(minutes=5 ** max(attempts - 1, 0))
