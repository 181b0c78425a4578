"""The promise of 4.1.4, over every way and every controlled field: no consent, nothing written."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests import builders, cast
from tests.addresses import plan as plans
from tests.changes.cases import a_draft
from tests.changes.ways import ELSEWHERE, NEW, WAYS, Scene, Way, scene
from tests.matrix import NOON
from tests.network.campus import switch
from yika.addresses import actions as addresses
from yika.addresses.models import Address, AddressChange
from yika.addresses.rules import State as Holding
from yika.assets.gate import NeedsConsent
from yika.assets.models import Device, RefusedAttempt
from yika.assets.rules import controlled_as
from yika.changes.actions import executing, proposing, voting
from yika.changes.actions.proposing import Proposed
from yika.changes.doors import CARRIED, DOORS, door
from yika.changes.models import Change
from yika.changes.rules import State
from yika.configurations import actions as configurations
from yika.configurations.models import Version
from yika.journal.models import Event
from yika.lib import clock
from yika.lib.decisions import WrongState
from yika.network import actions as network
from yika.network.models import Link
from yika.network.rules import Medium
from yika.people.models import User
from yika.standards.rules import CONTROLLED

pytestmark = pytest.mark.django_db
ClientAs = Callable[[User | None], Client]
FIELDS = (
    "place", "life", "upstream_ip", "upstream", "address", "parameters.rate", "configuration.运行配置",
)  # fmt: skip


@pytest.fixture
def here(client_as: ClientAs) -> Scene:
    by = cast.manager()
    made = scene(by, client_as(by))
    builders.contract()
    return made


def standing() -> list[Any]:
    """Everything that is controlled, as it stands."""
    return [
        list(
            Device.objects.order_by("pk").values_list(
                "pk", "place__full_name", "life", "upstream_ip", "attributes"
            )
        ),
        list(
            Link.objects.order_by("pk").values_list(
                "lower", "upper", "lower_port__name", "upper_port__name", "until_at"
            )
        ),
        list(Address.objects.order_by("pk").values_list("key", "device", "state")),
        list(AddressChange.objects.values_list("pk", flat=True)),
        list(Version.objects.order_by("pk").values_list("record", "n", "text")),
    ]


@pytest.mark.parametrize(
    ("field", "way"),
    [(field, way) for field, ways in WAYS.items() for way in ways],
    ids=lambda one: getattr(one, "__name__", one),
)
def test_without_consent_nothing_is_written_and_the_attempt_is_kept(
    here: Scene, field: str, way: Way
) -> None:
    before = standing()
    with clock.frozen(NOON):
        if way.__name__.startswith("page"):
            way(here)
        else:
            with pytest.raises(NeedsConsent, match=r"XF-1 的.*须经信息化办公室同意"):
                way(here)
    assert standing() == before
    attempt = RefusedAttempt.objects.get()
    assert (controlled_as(attempt.field), attempt.device, attempt.by) == (field, here.device, here.by)
    assert attempt.door == way.__name__.partition("_")[0].replace("by", "action")
    assert attempt.before != attempt.after
    told = Event.objects.get(verb="assets.refuse")
    assert (told.key, told.data["after"]) == (str(here.device.pk), attempt.after)


@pytest.mark.parametrize("way", [way for ways in WAYS.values() for way in ways], ids=lambda way: way.__name__)
def test_before_a_contract_runs_every_way_is_free(client_as: ClientAs, way: Way) -> None:
    by = cast.manager()
    here = scene(by, client_as(by))
    before = standing()
    with clock.frozen(NOON):
        way(here)
    assert standing() != before and not RefusedAttempt.objects.exists()


def wanted(here: Scene, field: str) -> Any:
    """A value the field does not have."""
    return {
        "place": builders.place(ELSEWHERE).pk,
        "life": "in_stock",
        "upstream_ip": "10.1.1.1",
        "parameters.rate": 9600,
        "upstream": [
            {"to": here.other.pk, "role": "network", "medium": "copper", "port": "p1", "own_port": ""}
        ],
        "address": ["10.12.1.9", "10.12.1.10"],
        "configuration.运行配置": NEW,
    }[field]


def consented(here: Scene, fields: tuple[str, ...]) -> Change:
    change = a_draft([Proposed(here.device, field, wanted(here, field)) for field in fields], by=here.by)
    proposing.ask(change, by=here.by, at=NOON)
    return voting.consent(change, by=cast.office(), at=NOON)


def values(device: Device) -> dict[str, Any]:
    return {field: door(field).current(device, field) for field in FIELDS}


@pytest.mark.parametrize("field", FIELDS)
def test_with_consent_exactly_that_is_written_and_taken_back(here: Scene, field: str) -> None:
    before = values(here.device)
    change = consented(here, (field,))
    assert values(here.device) == before
    executing.execute(change, note="已改", by=here.by, at=NOON)
    assert values(here.device) == {**before, field: wanted(here, field)}
    executing.roll_back(change, reason="不行", by=here.by, at=NOON + timedelta(minutes=1))
    assert values(here.device) == before


def other(here: Scene, field: str) -> None:
    """Somebody else's consented change of the same field comes first."""
    value = {
        "place": here.upper.place_id,
        "life": "at_factory",
        "upstream_ip": "10.1.1.9",
        "parameters.rate": 115200,
        "upstream": [],
        "address": [],
        "configuration.运行配置": "mtu 1400\n",
    }[field]
    change = a_draft([Proposed(here.device, field, value)], by=here.by)
    proposing.ask(change, by=here.by, at=NOON)
    voting.consent(change, by=cast.office(), at=NOON)
    executing.execute(change, note="先行", by=here.by, at=NOON)


@pytest.mark.parametrize("field", FIELDS)
def test_what_was_overtaken_is_told_and_nothing_of_it_is_written(here: Scene, field: str) -> None:
    change = consented(here, FIELDS)
    other(here, field)
    before = standing()
    with pytest.raises(WrongState, match="已被改为"):
        executing.execute(change, note="已改", by=here.by, at=NOON)
    assert standing() == before
    change.refresh_from_db()
    assert change.state == State.CONSENTED
    assert Event.objects.filter(verb="changes.overtake").count() == 1


def test_everything_at_once_with_the_number_in_the_update_table(here: Scene) -> None:
    fields = tuple(field for field in FIELDS if field != "life")
    change = consented(here, fields)
    executing.execute(change, note="已改", by=here.by, at=NOON)
    assert values(here.device) == {**values(here.device), **{one: wanted(here, one) for one in fields}}
    lines = AddressChange.objects.filter(change=change.number)
    assert sorted(line.ip for line in lines) == ["10.12.1.10", "10.12.1.5", "10.12.1.9"]


def test_every_controlled_field_of_the_standard_has_a_door_and_is_tried() -> None:
    assert {controlled_as(field) for field in DOORS.keys() - CARRIED} == set(CONTROLLED) == set(WAYS)


def test_what_is_recorded_for_the_first_time_needs_no_consent_and_the_second_time_it_does() -> None:
    builders.contract()
    by, device = cast.manager(), builders.device("XF-1")
    upper, other = switch("SW-1"), switch("SW-2")
    plans.subnet()

    def link(to: Device) -> object:
        return network.connect(device, to, medium=Medium.COPPER, by=by, at=NOON)

    def address(ip: str) -> object:
        return addresses.take(ip, state=Holding.IN_USE, device=device, by=by, at=NOON)

    def configuration(title: str) -> object:
        return configurations.open_record(device, title=title, text="mtu 1500\n", by=by, at=NOON)

    steps: tuple[tuple[Callable[[], object], Callable[[], object]], ...] = (
        (lambda: link(upper), lambda: link(other)),
        (lambda: address("10.12.1.5"), lambda: address("10.12.1.6")),
        (lambda: configuration("运行配置"), lambda: configuration("nginx.conf")),
    )
    for first, second in steps:
        first()
        with pytest.raises(NeedsConsent):
            second()
    Link.objects.update(until_at=NOON + timedelta(minutes=1))
    with pytest.raises(NeedsConsent):
        link(other)
