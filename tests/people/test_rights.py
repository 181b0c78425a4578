"""The table of rights, and what the pages and the document make of it."""

import re
from pathlib import Path

import pytest

import yika
from tests import cast
from yika.journal.rules import COMMAND_LINE, REPORTER, WORKER
from yika.lib.decisions import Refused
from yika.people.models import ROLE_NAMES, SKILL_NAMES
from yika.people.policies import RIGHT_NAMES, can_see_card, may, visible
from yika.people.rules import HOLDERS, Right, Role, Skill, holds

VENDOR = {Role.MANAGER, Role.DISPATCHER, Role.TECHNICIAN}
PROPOSALS = (Right.PROPOSE_SPECIAL, Right.CLAIM_EXEMPTION, Right.ASK_CONSENT)
DECISIONS = (
    Right.RULE_CLASS,
    Right.DECIDE_SPECIAL,
    Right.DECIDE_EXEMPTION,
    Right.ACCEPT_TEMPORARY,
    Right.GIVE_CONSENT,
    Right.CONSENT_TO_CHANGES,
    Right.RULE_OUTCOME,
    Right.HANDLE_COMPLAINTS,
    Right.ADOPT_STANDARD,
)
READING = {right for right in Right if right.value.startswith(("see_", "read_", "reveal_"))}


def test_every_right_has_holders_and_a_name() -> None:
    assert set(HOLDERS) == set(RIGHT_NAMES) == set(Right)
    assert all(HOLDERS.values())
    assert set(ROLE_NAMES) == set(Role)
    assert set(SKILL_NAMES) == set(Skill)


@pytest.mark.parametrize("right", PROPOSALS)
def test_the_vendor_proposes_and_the_office_does_not(right: Right) -> None:
    assert HOLDERS[right] <= VENDOR


@pytest.mark.parametrize("right", DECISIONS)
def test_the_office_alone_decides(right: Right) -> None:
    assert HOLDERS[right] == {Role.OFFICE}


def test_the_auditor_reads_everything_and_changes_nothing() -> None:
    held = {right for right in Right if holds(Role.AUDITOR, right)}
    assert held == READING


def test_the_administrator_has_no_say_in_the_contract() -> None:
    held = {right for right in Right if holds(Role.ADMINISTRATOR, right)}
    assert held.isdisjoint({*PROPOSALS, *DECISIONS, Right.SEE_FAULTS, Right.DISPATCH, Right.WORK})
    assert Right.MANAGE_PEOPLE in held
    assert HOLDERS[Right.MANAGE_PEOPLE] == {Role.ADMINISTRATOR}


@pytest.mark.django_db
def test_a_refusal_names_who_may() -> None:
    decision = may(cast.technician(), Right.DISPATCH)
    assert decision == Refused("只有运维负责人、调度可以派单")


@pytest.mark.django_db
def test_a_person_who_left_may_nothing() -> None:
    whose = cast.office()
    whose.is_active = False
    assert not any(may(whose, right) for right in Right)


@pytest.mark.parametrize("right", Right)
def test_the_system_may_and_a_reporter_may_not(right: Right) -> None:
    assert may(WORKER, right)
    assert may(COMMAND_LINE, right)
    assert not may(REPORTER, right)


@pytest.mark.django_db
def test_vendor_staff_see_their_own_and_the_office_by_name() -> None:
    office, technician, stranger = cast.office(), cast.technician(), cast.stranger()
    dispatcher = cast.dispatcher()
    assert {office, technician, dispatcher} <= set(visible(dispatcher))
    assert stranger not in visible(dispatcher)
    assert can_see_card(dispatcher, technician)
    assert not can_see_card(dispatcher, office)
    assert {office, technician, stranger} <= set(visible(office))
    assert can_see_card(office, stranger)


def test_the_document_is_equal_to_the_table() -> None:
    page = Path(yika.__file__).parents[1] / "docs" / "mechanisms" / "permissions.md"
    rows = re.findall(r"^\| `(\w+)` \| (\S+) \|(.*)\|$", page.read_text(), re.M)
    written = {key: (name, [cell.strip() == "●" for cell in cells.split("|")]) for key, name, cells in rows}
    assert written == {
        right.value: (str(RIGHT_NAMES[right]), [holds(role, right) for role in Role]) for right in Right
    }
