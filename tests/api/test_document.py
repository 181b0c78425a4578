"""schemathesis: whatever is asked, by the document or against it, the answer is one the document knows."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests import builders, cast
from tests.api.program import token
from tests.changes.cases import a_change
from tests.returns.cases import a_return
from yika.api import rest
from yika.api.models import ApiToken
from yika.api.rules import Scope
from yika.changes import rules as changes
from yika.faults.rules import State
from yika.people.models import Shift
from yika.returns import rules as returns

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
EXAMPLES = 10  # of what the document allows, and as many of what it does not
KEYS = 12

schema = schemathesis.openapi.from_dict(rest.document())
schema.app = get_wsgi_application()
KNOWN: list[Any] = [result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)]
GIVEN = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """A server closes idle connections around a request; the test's transaction lives in this one."""
    around = (request_started, request_finished)
    for signal in around:
        signal.disconnect(close_old_connections)
    yield
    for signal in around:
        signal.connect(close_old_connections)


@pytest.fixture
def campus() -> None:
    """Something of everything, with small keys: faults, changes and returns in many states."""
    person = cast.technician()
    Shift.objects.create(person=person, starts_at=cast.AT, ends_at=cast.AT + timedelta(hours=8))
    for state in (State.REPORTED, State.DISPATCHED, State.WORKING, State.RESTORED, State.CLOSED):
        fault = builders.fault(state, to=person, reporter_name="王小明")
        fault.rulings.create(kind="special", claim="停电", asked_by=person, asked_at=cast.AT)
        if fault.repair:
            fault.repair.exemptions.create(
                from_at=cast.AT,
                until_at=cast.AT + timedelta(minutes=5),
                reason="停电",
                claimed_by=cast.manager(),
                claimed_at=cast.AT,
            )
    for stage in changes.State:
        if stage not in (changes.State.WITHDRAWN, changes.State.ROLLED_BACK):
            a_change(stage, by=person)
    a_change(changes.State.EXECUTED, by=person, mode=changes.Mode.EMERGENCY)
    for step in returns.State:
        a_return(step, by=person)


@pytest.mark.django_db
@pytest.mark.parametrize("operation", KNOWN, ids=lambda one: f"{one.method} {one.path}")
def test_every_answer_is_a_documented_one(operation: Any, campus: None) -> None:
    """Asked as the manager, what only the Office may as the Office."""
    (wanted, *_more) = operation.definition.raw["security"][0]["token"]
    secret = token(cast.office() if wanted in (Scope.DECIDE, Scope.JOURNAL) else cast.manager())
    ApiToken.objects.update(scopes=[scope.value for scope in Scope])

    def check(case: Any) -> None:
        for name, value in (case.path_parameters or {}).items():
            if isinstance(value, int) and value > KEYS:
                case.path_parameters[name] = value % KEYS + 1  # there is something there
        case.call_and_validate(headers={"Authorization": f"Bearer {secret}"}, checks=CHECKS)

    for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):
        asked: Any = given(operation.as_strategy(generation_mode=mode))
        GIVEN(asked(check))()
