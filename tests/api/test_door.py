"""Tokens, scopes, limits, and every way to be refused."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests import builders, cast
from tests.api.program import Program, program, token
from yika.api import actions, rest
from yika.api.models import ApiToken
from yika.api.rest.door import MOST_BYTES
from yika.api.rules import Scope, Window, digest_of, offered
from yika.journal.models import Event
from yika.lib import clock
from yika.lib.decisions import BadInput, NotAllowed, WrongState
from yika.people.rules import Role

pytestmark = pytest.mark.django_db


def problem(response: Any, status: int) -> dict[str, Any]:
    """The problem an answer is. It says what it is in every field that RFC 9457 names."""
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    told: dict[str, Any] = json.loads(response.content)
    assert (
        told["status"] == status and told["title"] and told["detail"] and told["instance"].startswith("/api")
    )
    assert told["type"].startswith("urn:yika:problem:")
    return told


class TestTokens:
    def test_only_a_digest_is_kept_and_the_head_is_shown(self) -> None:
        secret = token(cast.office())
        row = ApiToken.objects.get()
        assert row.digest == digest_of(secret) and secret.startswith(row.prefix)
        assert secret not in str(ApiToken.objects.values().get())
        assert len(secret) == len("yika_") + 43

    def test_who_uses_it_is_told_who_they_are(self) -> None:
        user = cast.auditor("李审")
        told = program(user, Scope.READ).get("/me")
        assert (told["id"], told["name"], told["role"]) == (user.pk, "李审", "auditor")
        assert told["token"]["scopes"] == ["read"]

    @pytest.mark.parametrize(
        "header",
        [
            "",
            "Bearer ",
            "Bearer yika_wrong",
            f"Bearer yika_{'a' * 43}",
            "Basic YTpi",
            "Bearer 令牌",
            "Token x",
        ],
    )
    def test_nobody_comes_in_without_one(self, header: str) -> None:
        headers = {"Authorization": header} if header else {}
        response = Client().get("/api/v1/faults", headers=headers)
        problem(response, 401)
        assert response.headers["WWW-Authenticate"] == "Bearer"

    def test_a_session_opens_nothing(self) -> None:
        browser = Client()
        browser.force_login(cast.dispatcher())
        problem(browser.get("/api/v1/faults"), 401)
        problem(browser.post("/api/v1/faults", {"symptom": "other"}), 401)

    def test_a_revoked_expired_or_orphaned_token_opens_nothing(self) -> None:
        user = cast.dispatcher()
        one, other = program(user), program(user)
        row = ApiToken.objects.order_by("pk").first()
        assert row
        actions.revoke_token(row, by=user, at=clock.now())
        one.get("/me")
        assert one.status == 401
        with pytest.raises(WrongState):
            actions.revoke_token(row, by=user, at=clock.now())
        with clock.frozen(cast.AT + timedelta(days=90)):
            other.get("/me")
        assert other.status == 401
        with clock.frozen(cast.AT + timedelta(days=90, seconds=-1)):
            other.get("/me")
        assert other.status == 200
        user.is_active = False
        user.save()
        other.get("/me")
        assert other.status == 401

    def test_its_last_use_is_noted_at_most_once_a_minute(self) -> None:
        asks = program(cast.office())
        moments = [0, 30, 59, 60, 61]
        for second in moments:
            with clock.frozen(cast.AT + timedelta(seconds=second)):
                asks.get("/me")
            used = ApiToken.objects.get().used_at
            assert used == cast.AT + timedelta(seconds=60 if second >= 60 else 0)

    def test_what_may_be_asked_for_follows_from_the_role(self) -> None:
        assert Scope.DECIDE not in offered(Role.DISPATCHER) and Scope.DESK in offered(Role.DISPATCHER)
        user = cast.technician()
        common: dict[str, Any] = {"name": "x", "by": user, "at": clock.now()}
        with pytest.raises(NotAllowed):
            actions.create_token(user, scopes=["journal"], days=1, **common)
        for scopes, days in ((["read"], 0), (["read"], 367), ([], 5)):
            with pytest.raises(BadInput):
                actions.create_token(user, scopes=scopes, days=days, **common)
        for _n in range(20):
            actions.create_token(user, scopes=["read"], days=5, **common)
        with pytest.raises(BadInput):
            actions.create_token(user, scopes=["read"], days=5, **common)

    def test_making_and_revoking_stand_in_the_journal_without_the_secret(self) -> None:
        user, administrator = cast.office(), cast.administrator()
        secret = token(user)
        actions.revoke_token(ApiToken.objects.get(), by=administrator, at=clock.now())
        made, gone = Event.objects.filter(noun="token").order_by("pk")
        assert (made.verb, gone.verb) == ("api.create_token", "api.revoke_token")
        assert secret not in json.dumps([made.data, gone.data])
        assert gone.actor == f"user:{administrator.pk}"


def operations() -> list[tuple[str, str, list[str]]]:
    """Method, address and scopes of every operation."""
    return [
        (
            method,
            path.replace("{pk}", "1").replace("{report}", "1"),
            [scope for one in told["security"] for scope in one["token"]],
        )
        for path, methods in rest.document()["paths"].items()
        for method, told in methods.items()
    ]


@pytest.mark.parametrize("scope", Scope)
def test_every_operation_wants_its_scope(scope: Scope) -> None:
    """Scopes × endpoints: what the document names opens the door, and nothing else does."""
    user = cast.manager()
    _row, secret = actions.create_token(user, name="x", scopes=["read"], days=5, by=user, at=cast.AT)
    ApiToken.objects.update(scopes=[scope.value])
    client = Client()
    for method, path, wanted in operations():
        call = client.get if method == "get" else client.post
        more: dict[str, Any] = {} if method == "get" else {"data": "{}", "content_type": "application/json"}
        response = call(path, headers={"Authorization": f"Bearer {secret}"}, **more)
        refused = response.status_code == 403 and "权限范围" in response.content.decode()
        assert refused != (scope.value in wanted), f"{method} {path} with {scope}: {response.status_code}"


class TestProblems:
    def ask(self, path: str = "/api/v1/faults", **more: Any) -> Any:
        secret = token(cast.dispatcher())
        return Client().post(path, headers={"Authorization": f"Bearer {secret}"}, **more)

    def test_what_is_no_json_is_a_bad_request(self) -> None:
        for body in ("{", '{"a":', "[1,", "\xff", "{}" * 3, "[" * 100_000):
            problem(self.ask(data=body, content_type="application/json"), 400)

    def test_anything_but_json_is_refused(self) -> None:
        problem(self.ask(data={"symptom": "other"}), 415)
        problem(self.ask(data="a=b", content_type="application/x-www-form-urlencoded"), 415)

    def test_what_is_too_large_is_not_read(self) -> None:
        body = json.dumps({"description": "多" * MOST_BYTES})
        problem(self.ask(data=body, content_type="application/json"), 413)

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "symptom"),
            ({"symptom": "other", "unknown": 1}, "unknown"),
            ({"symptom": "other", "terminals": -1}, "terminals"),
            ({"symptom": "other", "terminals": "3"}, "terminals"),
            ({"symptom": "other", "description": "a\x00b"}, "description"),
            ({"symptom": "other", "description": "\ud800"}, "description"),
            ({"symptom": "other", "reported_at": "2026-03-02T09:12:00"}, "reported_at"),
            ({"symptom": "other", "reported_at": 5}, "reported_at"),
            ({"symptom": "other", "place": 2**63}, "place"),
            ({"symptom": "other", "place": 1}, "place"),
            ({"symptom": "other", "devices": ["没有"]}, "devices"),
            ({"symptom": "other"}, "place"),
        ],
    )
    def test_bad_input_names_the_field(self, body: dict[str, Any], field: str) -> None:
        builders.contract()
        told = problem(self.ask(data=json.dumps(body), content_type="application/json"), 422)
        assert [one["field"] for one in told["errors"]] == [field]
        assert all(one["message"] for one in told["errors"])

    def test_an_idempotency_key_is_a_uuid(self) -> None:
        asks = program(cast.dispatcher())
        told = asks.post("/faults", {"symptom": "other"}, Idempotency_Key="once")
        assert (asks.status, told["errors"][0]["field"]) == (422, "Idempotency-Key")

    def test_a_method_or_address_that_is_none(self) -> None:
        response = Client().delete("/api/v1/faults")
        problem(response, 405)
        assert set(response.headers["Allow"].split(", ")) == {"GET", "POST"}
        problem(Client().get("/api/v1/faults/1/accept"), 405)
        problem(Client().post("/api/v1/openapi.json"), 405)
        for path in ("/api/v1/", "/api/v1/faults/abc", "/api/v1/nowhere/at/all", "/api/v1/faults/-1"):
            problem(Client().get(path), 404)

    def test_a_refusal_of_the_policies_or_the_state_gives_the_reason(self) -> None:
        fault = builders.fault()
        hand = program(cast.technician())
        hand.post(f"/faults/{fault.pk}/accept")
        assert "没有派给您" in problem(hand.response, 403)["detail"]
        desk = program(cast.dispatcher())
        desk.post(f"/faults/{fault.pk}/close")
        assert fault.number in problem(desk.response, 409)["detail"]

    def test_reasons_come_in_the_readers_language(self) -> None:
        response = Client().get("/api/v1/faults", headers={"Accept-Language": "en"})
        assert problem(response, 401)["title"].isascii()

    def test_a_fault_of_ours_says_nothing_of_the_inside(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(*args: object, **kwargs: object) -> None:
            raise RuntimeError("password=secret")

        monkeypatch.setattr("yika.faults.queries.listing", broken)
        asks = program(cast.dispatcher())
        asks.get("/faults")
        assert "secret" not in str(problem(asks.response, 500))

    def test_a_cursor_of_another_list_or_of_nobody_is_refused(self) -> None:
        asks = program(cast.dispatcher())
        for cursor in ("WzFd", "WzEsMl0", "WyJ4IiwieSJd", "W3sidCI6IjIwMjYifSx7InQiOiIyMDI2In1d", "e30", "x"):
            for path in ("/faults", "/commitments", "/devices", "/places", "/rulings"):
                asks.get(path, cursor=cursor)
                assert asks.status in (200, 422), (path, cursor)


class TestLimits:
    def test_more_than_allowed_in_a_minute_is_put_off(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(settings, "API_PER_MINUTE", 3)
        user = cast.office()
        asks, other = program(user), program(user)
        assert [(asks.get("/me"), asks.status)[1] for _n in range(5)] == [200, 200, 200, 429, 429]
        assert 1 <= int(asks.response.headers["Retry-After"]) <= 60
        problem(asks.response, 429)
        other.get("/me")
        assert other.status == 200, "each token has its own limit"

    def test_the_window_slides_and_refused_tries_do_not_count(self) -> None:
        window = Window()
        waits = [window.wait(1, 2, now) for now in (0.0, 10.0, 20.0, 59.0, 60.0, 61.0, 70.0)]
        assert waits == [0.0, 0.0, 40.0, 1.0, 0.0, 9.0, 0.0]
        assert window.wait(2, 0, 0.0) == 0.0


def test_a_parameter_that_is_not_known_is_refused_by_its_name() -> None:
    reader = program(cast.auditor())
    told = reader.get("/faults", foo="1", state="all", bar="2")
    problem(reader.response, 422)
    assert [error["field"] for error in told["errors"]] == ["foo", "bar"]
    assert reader.get("/faults", state="all") and reader.status == 200
    told = program(cast.dispatcher()).get("/me", q="1")
    assert told["status"] == 422


def test_the_document_is_open_to_everybody_and_names_every_problem() -> None:
    response = Client().get("/api/v1/openapi.json")
    document = json.loads(response.content)
    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": settings.ORIGIN}]
    for methods in document["paths"].values():
        for told in methods.values():
            assert {"401", "403", "429", "500"} <= told["responses"].keys()
            for status, answer in told["responses"].items():
                kinds = set(answer["content"])
                assert int(status) < 400 or kinds == {"application/problem+json"}, (
                    told["operationId"],
                    status,
                )


def test_program_is_what_the_tests_say() -> None:
    with pytest.raises(AssertionError):
        Program("x").get("/nowhere")
