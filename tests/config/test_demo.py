"""The demonstration campus: everybody gets in, every state is there, and it is all genuine."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import Count
from pytest_django import DjangoDbBlocker

from tests import cast
from yika.assets.models import Device, DeviceKind, Place
from yika.commitments import jobs
from yika.commitments.models import Commitment, Exemption
from yika.commitments.rules import Outcome
from yika.config import demo
from yika.contracts.models import Contract
from yika.faults.models import Complaint, Fault, Move, Reach, Report, Ruling
from yika.faults.rules import RulingKind, State
from yika.journal.models import Event
from yika.journal.telling import noun_name
from yika.notices.models import Notice
from yika.people.models import Shift, User
from yika.people.rules import Role

AT = cast.AT + timedelta(days=3, hours=7, minutes=41)


@pytest.fixture(scope="module")
def password(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The demonstration, loaded once for all that look at it, and taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield demo.load(AT)
        transaction.set_rollback(True)


def test_everybody_can_sign_in_at_once(password: str) -> None:
    for account in demo.ACCOUNTS:
        person = User.objects.get(username=account.username)
        assert person.check_password(password)
        assert not person.must_change_password
    assert {account.role for account in demo.ACCOUNTS} == set(Role)
    assert User.objects.count() == len(demo.ACCOUNTS)


def test_the_contract_says_that_it_is_a_demonstration(password: str) -> None:
    contract = Contract.objects.get()
    assert contract.name.endswith("（演示）")
    assert contract.starts_on <= AT.date() <= contract.ends_on


def test_there_are_places_and_devices_of_every_kind(password: str) -> None:
    assert Place.objects.count() >= 120
    assert Device.objects.count() >= 130
    assert not DeviceKind.objects.filter(devices=None).exists()


@pytest.mark.parametrize("hour", [0, 5, 24, 7 * 24 + 13, 14 * 24])
def test_somebody_is_on_duty_at_any_hour(password: str, hour: int) -> None:
    moment = AT + timedelta(hours=hour)
    on_duty = Shift.objects.filter(starts_at__lte=moment, ends_at__gt=moment)
    roles = set(on_duty.values_list("person__role", flat=True))
    assert roles == {Role.TECHNICIAN, Role.DISPATCHER}


def test_nobody_works_two_halves_of_a_day_in_a_row(password: str) -> None:
    ends = set(Shift.objects.values_list("person", "ends_at"))
    assert not ends & set(Shift.objects.values_list("person", "starts_at"))


def test_faults_stand_in_every_state_but_passing_ones(password: str) -> None:
    states = set(Fault.objects.values_list("state", flat=True))
    assert states == {state.value for state in State} - {State.LOGGED}
    assert Fault.objects.count() >= 70
    assert 12 <= Fault.objects.open().count() <= 18


def test_all_that_may_be_disputed_was_and_some_is_open(password: str) -> None:
    decided = set(Ruling.objects.values_list("kind", "granted"))
    for kind in (RulingKind.SPECIAL, RulingKind.LATE_ENTRY, RulingKind.FACTORY):
        assert {(kind, True), (kind, False)} <= decided
    waiting = {kind for kind, granted in decided if granted is None}
    assert {RulingKind.LENGTHEN, RulingKind.SPECIAL, RulingKind.TEMPORARY} <= waiting
    assert set(Exemption.objects.values_list("granted", flat=True)) == {True, False, None}
    assert Complaint.objects.filter(answered_at=None).exists()
    assert Complaint.objects.exclude(answered_at=None).exists()
    assert Report.objects.filter(rating=5).exists()
    assert Report.objects.filter(rating=2).exists()
    assert Fault.objects.exclude(follows=None).exists()


def test_a_device_failed_three_times_in_thirty_days(password: str) -> None:
    assert Device.objects.annotate(n=Count("faults")).filter(n__gte=3).exists()


def test_something_burns_and_something_is_overdue(password: str) -> None:
    running = Commitment.objects.open()
    assert running.filter(excused_due_at__gt=AT, excused_due_at__lte=AT + timedelta(minutes=10)).count() >= 2
    assert running.filter(excused_due_at__lt=AT).count() >= 2
    severe = Fault.objects.open().get(severity="severe")
    reach = Reach.objects.get(classification__fault=severe)
    assert reach.terminals >= 40 and reach.cardholders >= 1000
    assert severe.merged.count() >= 3, "reports joined it by themselves"


def test_most_promises_were_kept(password: str) -> None:
    outcomes = [row.excused_outcome(AT) for row in Commitment.objects.standing()]
    met, missed = outcomes.count(Outcome.MET), outcomes.count(Outcome.MISSED)
    assert 0.85 < met / (met + missed) < 1


def test_everything_happened_in_order_and_nothing_after_now(password: str) -> None:
    moments = list(Event.objects.order_by("pk").values_list("at", flat=True))
    assert moments == sorted(moments)
    assert moments[-1] <= AT
    assert not Move.objects.filter(recorded_at__gt=AT).exists()


def test_the_worker_finds_nothing_left_to_tell(password: str) -> None:
    assert not jobs.claimable(AT).exists()
    jobs.audit(AT)


def test_inboxes_hold_the_last_hour_only(password: str) -> None:
    unread = Notice.objects.filter(read_at=None)
    assert unread.exists()
    assert not unread.filter(at__lt=AT - timedelta(hours=1)).exists()


def test_the_journal_has_a_name_for_everything_it_speaks_of(password: str) -> None:
    nouns = set(Event.objects.values_list("noun", flat=True))
    assert not {noun for noun in nouns if noun_name(noun) == noun}
