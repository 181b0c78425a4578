"""Who may read the journal."""

from tests.matrix import At, get, post

MATRIX = {
    "journal:list": get(everyone=403, office=200, auditor=200, administrator=200),
    "journal:export": get(
        lambda who: At(form="csv"), everyone=403, office=200, auditor=200, administrator=200
    ),
    "journal:copy": post(everyone=403, office=200, auditor=200, administrator=200),
}
