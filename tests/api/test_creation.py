"""One key, one report: whatever the network does."""

import json
import threading
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from tests import builders, cast
from tests.api.program import program, token
from yika.api.jobs.forgetting import forget
from yika.api.models import IdempotencyKey
from yika.faults.models import Fault, Report
from yika.lib import clock
from yika.people.models import User


def a_body() -> dict[str, Any]:
    builders.contract()
    return {"symptom": "terminal_dead", "devices": [builders.device().number], "description": "不开机"}


@pytest.mark.django_db
class TestOneAfterTheOther:
    def test_two_identical_creations_make_one_fault(self) -> None:
        desk, body, key = program(cast.dispatcher()), a_body(), str(uuid4())
        first = desk.post("/faults", body, Idempotency_Key=key)
        assert desk.status == 201
        with clock.frozen(cast.AT + timedelta(hours=5)):
            again = desk.post("/faults", dict(reversed(body.items())), Idempotency_Key=key.upper())
        assert (desk.status, again) == (200, first), "the order of the fields is not another body"
        assert Fault.objects.count() == Report.objects.count() == 1

    def test_the_same_key_for_something_else_is_refused(self) -> None:
        user = cast.dispatcher()
        desk, body, key = program(user), a_body(), str(uuid4())
        made = desk.post("/faults", body, Idempotency_Key=key)
        desk.post("/faults", body | {"description": "别的"}, Idempotency_Key=key)
        assert desk.status == 422
        desk.post(f"/faults/{made['fault']}/reports", {}, Idempotency_Key=key)
        assert desk.status == 422
        other = program(cast.manager())
        other.post("/faults", body, Idempotency_Key=key)
        assert other.status == 422, "somebody else's key tells nothing"
        assert Report.objects.count() == 1

    def test_a_key_that_made_nothing_can_be_used_again(self) -> None:
        desk, body, key = program(cast.dispatcher()), a_body(), str(uuid4())
        desk.post("/faults", body | {"reported_at": "2027-01-01T00:00:00+08:00"}, Idempotency_Key=key)
        assert desk.status == 422
        desk.post("/faults", body, Idempotency_Key=key)
        assert desk.status == 201

    def test_a_key_of_a_form_somebody_else_sent_is_refused(self) -> None:
        report = builders.report(by=cast.manager())
        desk = program(cast.dispatcher())
        desk.post("/faults", a_body(), Idempotency_Key=str(report.submission))
        assert desk.status == 422
        assert not IdempotencyKey.objects.exists()

    def test_without_a_key_every_request_is_a_report(self) -> None:
        desk, body = program(cast.dispatcher()), a_body()
        assert [desk.post("/faults", body) and desk.status for _n in range(2)] == [201, 201]
        assert Fault.objects.count() == 2

    def test_joining_is_idempotent_too(self) -> None:
        fault, key = builders.fault(), str(uuid4())
        desk = program(cast.dispatcher())
        answers = [desk.post(f"/faults/{fault.pk}/reports", {}, Idempotency_Key=key) for _n in range(2)]
        assert answers[0] == answers[1] and desk.status == 200
        assert Report.objects.count() == 2

    def test_keys_are_forgotten_after_a_week(self) -> None:
        desk = program(cast.dispatcher())
        desk.post("/faults", a_body(), Idempotency_Key=str(uuid4()))
        forget(cast.AT + timedelta(days=6))
        assert IdempotencyKey.objects.count() == 1
        forget(cast.AT + timedelta(days=8))
        assert not IdempotencyKey.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_identical_creations_at_once_make_one_fault() -> None:
    user: User = cast.dispatcher()
    secret, body, key = token(user), json.dumps(a_body()), str(uuid4())
    ready = threading.Barrier(6)
    answers: list[tuple[int, bytes]] = []

    def ask() -> None:
        try:
            ready.wait()
            with clock.frozen(cast.AT):
                response = Client().post(
                    "/api/v1/faults",
                    body,
                    content_type="application/json",
                    headers={"Authorization": f"Bearer {secret}", "Idempotency-Key": key},
                )
            answers.append((response.status_code, response.content))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(status for status, _body in answers) == [200] * 5 + [201]
    assert len({content for _status, content in answers}) == 1
    assert Fault.objects.count() == 1
