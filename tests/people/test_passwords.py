"""A password that is refused is refused in the reader's language."""

import re

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import override

from tests import cast

REFUSED = {
    "short": "短 1a",
    "common": "password12345",
    "numeric": "73625178463520",
    "similar": "dispatcher-1-x",
}


@pytest.mark.django_db
@pytest.mark.parametrize("password", REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_why_stands_in_the_readers_language(language: str, password: str) -> None:
    person = cast.dispatcher()
    person.username = "dispatcher-1"
    with override(language), pytest.raises(ValidationError) as told:
        validate_password(password, person)
    for message in told.value.messages:
        assert bool(re.search("[一-鿿]", message)) == (language == "zh-hans"), message
