"""What the worker does for the journal."""

from datetime import datetime

from yika.journal import actions


def seal(at: datetime) -> bool:
    """Seal one batch; true while there may be more."""
    return actions.seal(at=at) > 0
