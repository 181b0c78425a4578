"""Who gets what at the inbox."""

from tests import cast
from tests.matrix import NOON, At, get, post
from tests.telling import say
from yika.notices.models import Notice
from yika.people.models import User


def told(whom: User) -> At:
    say([whom], "有新的工单", at=NOON)
    return At(pk=Notice.objects.latest("id").pk)


def mine(who: User | None) -> At:
    return told(who or cast.office())


def somebody_elses(who: User | None) -> At:
    return told(cast.office())


MATRIX = {
    "notices:inbox": get(everyone=200),
    "notices:read_all": post(everyone=302),
    "notices:open": (post(mine, everyone=302), post(somebody_elses, everyone=404)),
}
