"""Who gets what at the frame's own pages."""

from tests.matrix import At, get, post
from yika.people.models import User


def chinese(who: User | None) -> At:
    return At(data={"language": "zh-hans", "next": "/keys/"})


def dark(who: User | None) -> At:
    return At(data={"theme": "dark", "next": "/keys/"})


MATRIX = {
    "portal:home": get(everyone=200, dispatcher=302, technician=302),
    "portal:wall": get(everyone=200, administrator=403),
    "portal:status": get(everyone=200),
    "portal:health": get(public=200),
    "portal:health_worker": get(public=503),  # no worker runs in a test
    "portal:language": post(chinese, public=302),
    "portal:theme": post(dark, public=302),
    "portal:favicon": get(public=301),
    "portal:keys": get(public=200),
}
