"""Who acts without an account, and how events are digested, sealed, copied and checked. Pure."""

from yika.journal.rules.actors import COMMAND_LINE, REPORTER, SYSTEM, WORKER, SystemActor
from yika.journal.rules.checking import Check, Finding, Kind, Report
from yika.journal.rules.hashing import BATCH, GENESIS, GRACE, digest, plain, seal_hash
from yika.journal.rules.said import Entry, EventCopy, SealCopy

__all__ = [
    "BATCH",
    "COMMAND_LINE",
    "GENESIS",
    "GRACE",
    "REPORTER",
    "SYSTEM",
    "WORKER",
    "Check",
    "Entry",
    "EventCopy",
    "Finding",
    "Kind",
    "Report",
    "SealCopy",
    "SystemActor",
    "digest",
    "plain",
    "seal_hash",
]
