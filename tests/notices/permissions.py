"""Who gets what at the inbox."""

from tests import cast
from tests.matrix import NOON, At, get, post
from yika.notices.actions import tell
from yika.people.models import User


def mine(who: User | None) -> At:
    return At(pk=tell([who or cast.office()], "有新的工单", at=NOON)[0].pk)


def somebody_elses(who: User | None) -> At:
    return At(pk=tell([cast.office()], "有新的工单", at=NOON)[0].pk)


MATRIX = {
    "notices:inbox": get(everyone=200),
    "notices:read_all": post(everyone=302),
    "notices:open": (post(mine, everyone=302), post(somebody_elses, everyone=404)),
}
