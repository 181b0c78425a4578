"""Who may read the journal."""

from tests.matrix import get, post

MATRIX = {
    "journal:list": get(everyone=403, office=200, auditor=200, administrator=200),
    "journal:copy": post(everyone=403, office=200, auditor=200, administrator=200),
}
