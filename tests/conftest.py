"""What every test shares."""

from collections.abc import Callable

import pytest
from django.test import Client

from yika.people.models import User


@pytest.fixture
def client_as() -> Callable[[User | None], Client]:
    """A browser in which somebody is signed in; None: nobody."""

    def open_browser(user: User | None) -> Client:
        client = Client()
        if user is not None:
            client.force_login(user)
        return client

    return open_browser
