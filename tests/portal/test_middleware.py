"""Headers on everything, refusals as answers, pages for what went wrong."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests import builders, cast
from yika.people.models import User
from yika.portal.middleware import above

ClientAs = Callable[[User | None], Client]
pytestmark = pytest.mark.django_db
probe = pytest.mark.urls("tests.portal.probe")


@probe
@pytest.mark.parametrize(
    ("kind", "status", "reasons"),
    [
        ("not-allowed", 403, ["只有调度可以派单"]),
        ("wrong-state", 409, ["故障已由李四接单", "故障已合并"]),
        ("bad-input", 422, ["终端数不能为负"]),
    ],
)
def test_a_refusal_is_a_page_with_every_reason_and_a_way_back(
    kind: str, status: int, reasons: list[str], client_as: ClientAs
) -> None:
    client = client_as(cast.dispatcher())
    answer = client.post(f"/probe/{kind}/", headers={"Referer": "http://testserver/status/"})
    html = answer.content.decode()
    assert answer.status_code == status
    assert all(f"<li>{reason}</li>" in html for reason in reasons)
    assert 'href="http://testserver/status/"' in html
    assert "<nav" in html


@probe
def test_htmx_gets_the_reasons_as_a_box_above_the_content(client_as: ClientAs) -> None:
    answer = client_as(cast.dispatcher()).post("/probe/wrong-state/", headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert answer.headers["HX-Retarget"] == "#messages"
    html = answer.content.decode()
    assert "故障已合并" in html
    assert "<html" not in html


@probe
def test_the_way_back_never_leads_to_another_site() -> None:
    answer = Client().post("/probe/wrong-state/", headers={"Referer": "http://evil.example/x"})
    assert b"evil.example" not in answer.content


@probe
def test_an_error_speaks_both_languages_and_needs_no_database() -> None:
    client = Client(raise_request_exception=False)
    answer = client.get("/probe/fail/")
    assert answer.status_code == 500
    html = answer.content.decode()
    assert "系统出错" in html
    assert "Something went wrong" in html
    assert "broken on purpose" not in html


def test_an_unknown_address_is_explained_to_everybody(client_as: ClientAs) -> None:
    for client in (Client(), client_as(cast.technician())):
        answer = client.get("/no/such/page/")
        assert answer.status_code == 404
        assert "没有找到此页" in answer.content.decode()


def test_a_form_without_its_token_is_explained() -> None:
    answer = Client(enforce_csrf_checks=True).post("/language/", {"language": "en"})
    assert answer.status_code == 403
    assert "页面已过期" in answer.content.decode()


@probe
@pytest.mark.parametrize(
    "path", ["/keys/", "/status/", "/health", "/", "/no/such/page/", "/probe/fail/", "/probe/not-allowed/",
             "/static/portal/yika.css"],
)  # fmt: skip
def test_every_answer_carries_the_strict_policy(path: str, client_as: ClientAs) -> None:
    client = client_as(cast.office())
    client.raise_request_exception = False
    answer = client.get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "camera=(self)" in answer.headers["Permissions-Policy"]


INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:|(?:src|href)=[\"'](?:https?:)?//", re.I
)


def nothing_inline(answer: HttpResponse) -> list[str]:
    """What the policy would refuse, found in the HTML."""
    return INLINE.findall(answer.content.decode())


@pytest.mark.parametrize("path", ["/keys/", "/status/", "/no/such/page/"])
def test_nothing_stands_inline_or_comes_from_outside(path: str, client_as: ClientAs) -> None:
    assert nothing_inline(client_as(cast.office()).get(path)) == []  # type: ignore[arg-type]


def test_monitors_learn_whether_it_answers_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = Client().get("/health")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    answer = Client().get("/health/worker")
    assert (answer.status_code, answer.content) == (503, b"unavailable\n")
    assert connection.vendor.encode() not in answer.content


def test_an_address_that_takes_forms_alone_leads_to_the_page_above_it(client_as: ClientAs) -> None:
    fault = builders.fault()
    answer = client_as(cast.dispatcher()).get(reverse("faults:send", args=[fault.pk]))
    assert answer.status_code == 405 and answer.headers["Allow"] == "POST"
    assert f'href="/faults/{fault.pk}/"' in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "page"), [("/changes/7/again/", "/changes/7/"), ("/no/such/page/", "/"), ("/x", "/"), ("/", "/")]
)
def test_the_page_above_is_the_nearest_that_there_is(path: str, page: str) -> None:
    assert above(path) == page
