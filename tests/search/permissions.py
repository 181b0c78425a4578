"""Who gets what at the search: everybody signed in, each finding what they may see."""

from tests.matrix import At, get
from yika.people.models import User


def a_text(who: User | None) -> At:
    return At(query={"q": "食堂"})


MATRIX = {"search:page": (get(everyone=200), get(a_text, everyone=200))}
