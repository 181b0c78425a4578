"""Who a name and a password belong to. Single sign-on adds a backend beside this one in the settings."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from yika.lib.ready import Ready
from yika.people.models import User

_by_key = Ready(lambda key: User.objects.active().filter(pk=key).select_related("organisation"))


class LocalBackend(BaseBackend):
    """Accounts kept by Yika itself. An inactive person is refused, also in the middle of a session."""

    def authenticate(
        self, request: HttpRequest | None, username: str = "", password: str = "", **kwargs: Any
    ) -> User | None:
        """The person, if the password is theirs and they may sign in."""
        found = User.objects.filter(username=username).first()
        if found is None:
            User().set_password(password)  # an unknown name takes as long as a known one
            return None
        if not found.check_password(password):
            return None
        return found if found.is_active else None

    def get_user(self, user_id: int) -> User | None:
        """The person behind a session."""
        return _by_key.first(int(user_id))
