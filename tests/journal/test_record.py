"""What an event says has one spelling, whatever wrote it and whichever database gives it back."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from tests import cast
from yika.journal.actions import event, record, record_all
from yika.journal.models import Event
from yika.journal.rules import SYSTEM, digest, plain, seal_hash

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
moments = st.datetimes(
    datetime(2020, 1, 1),
    datetime(2040, 1, 1),
    timezones=st.just(UTC),
)


def spelled(event: Event) -> str:
    return digest(
        at=event.at,
        happened_at=event.happened_at,
        actor=event.actor,
        actor_name=event.actor_name,
        verb=event.verb,
        noun=event.noun,
        key=event.key,
        data=event.data,
    )


@pytest.mark.django_db
@given(data=st.dictionaries(texts, values, max_size=5), at=moments, claimed=moments)
def test_the_digest_survives_the_database(data: dict[str, object], at: datetime, claimed: datetime) -> None:
    with transaction.atomic():
        made = event("a.b", ("thing", 1), by=SYSTEM, at=at, happened_at=claimed)
        made.data = plain(data)
        made.digest = spelled(made)
        record_all([made])
        assert spelled(Event.objects.latest("id")) == made.digest
        transaction.set_rollback(True)


@given(data=st.dictionaries(texts, values, max_size=5), at=moments)
def test_the_digest_depends_on_what_is_said_and_on_nothing_else(
    data: dict[str, object], at: datetime
) -> None:
    def of(**changed: object) -> str:
        said = {
            "at": at,
            "happened_at": at,
            "actor": "user:1",
            "actor_name": "张三",
            "verb": "a.b",
            "noun": "thing",
            "key": "1",
            "data": data,
        }
        return digest(**{**said, **changed})  # type: ignore[arg-type]

    turned = dict(reversed(data.items()))
    elsewhere = at.astimezone(timezone(timedelta(hours=8)))
    assert of() == of(data=turned) == of(at=elsewhere, happened_at=elsewhere)
    others = [
        of(at=at + timedelta(microseconds=1)),
        of(happened_at=at + timedelta(seconds=1)),
        of(actor="user:2"),
        of(actor_name="张四"),
        of(verb="a.c"),
        of(noun="thin", key="g1"),
        of(data={**data, "\x01": 1}),
    ]
    assert len({of(), *others}) == len(others) + 1


@given(entries=st.lists(st.tuples(st.integers(1), texts), min_size=2, max_size=5, unique=True), at=moments)
def test_a_seal_depends_on_the_order(entries: list[tuple[int, str]], at: datetime) -> None:
    assert seal_hash("0", at, entries) != seal_hash("0", at, entries[::-1])
    assert seal_hash("0", at, entries) != seal_hash("1", at, entries)


class Colour(StrEnum):
    RED = "red"


def test_data_is_brought_into_plain_json() -> None:
    assert plain({"a": Colour.RED, "b": (1, True, None), "c": {"d": ["e"]}}) == {
        "a": "red",
        "b": [1, True, None],
        "c": {"d": ["e"]},
    }
    assert type(plain({"a": Colour.RED})["a"]) is str


@pytest.mark.parametrize("bad", [1.5, Decimal(1), cast.AT, {1: "a"}, "a\x00b", b"a", {1, 2}])
def test_what_databases_spell_differently_is_refused(bad: object) -> None:
    with pytest.raises(TypeError, match="seconds"):
        plain({"seconds": bad})


@pytest.mark.django_db(transaction=True)
def test_an_event_belongs_to_the_transaction_of_its_action() -> None:
    with pytest.raises(AssertionError):
        record("a.b", ("thing", 1), by=SYSTEM, at=cast.AT)
    with transaction.atomic():
        record("a.b", ("thing", 1), by=SYSTEM, at=cast.AT, to="x")
        transaction.set_rollback(True)
    assert not Event.objects.exists()
