"""Who is asking."""

from django.http import HttpRequest

from yika.people.models import User


def person(request: HttpRequest) -> User:
    """The signed-in person. Only in views behind sign-in."""
    assert isinstance(request.user, User)
    return request.user
