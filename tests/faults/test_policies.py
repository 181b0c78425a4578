"""Another vendor's people have no say in a fault that is not theirs."""

from datetime import timedelta

import pytest

from tests import builders, cast
from yika.faults.policies import can_ask, can_classify, can_move, can_reveal, visible
from yika.faults.rules import RulingKind, Verb
from yika.people.models import User
from yika.people.rules import Role

pytestmark = pytest.mark.django_db
AT = cast.AT + timedelta(hours=1)


def other(role: Role) -> User:
    user = cast.person(role)
    user.organisation = cast.stranger().organisation
    user.save()
    return user


@pytest.mark.parametrize("role", [Role.MANAGER, Role.DISPATCHER, Role.TECHNICIAN])
def test_another_vendor_may_do_nothing(role: Role) -> None:
    fault, by = builders.fault(), other(role)
    decisions = [can_move(by, fault, verb) for verb in Verb]
    decisions += [can_ask(by, fault, kind) for kind in RulingKind]
    decisions += [can_classify(by, fault), can_reveal(by, fault)]
    assert not [decision for decision in decisions if decision]
    assert not visible(by).exists()


def test_the_vendor_itself_may() -> None:
    fault, desk = builders.fault(), cast.dispatcher()
    assert can_move(desk, fault, Verb.DISPATCH) and can_classify(desk, fault) and can_reveal(desk, fault)
    assert can_ask(desk, fault, RulingKind.SPECIAL)
