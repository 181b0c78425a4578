"""What happens is told: once, signed, until it arrives, and only to who may know."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import builders, cast
from tests.matrix import NOON
from yika.api import actions
from yika.api.jobs import JOBS, following, sending
from yika.api.jobs.forgetting import forget
from yika.api.models import Delivery, Follow, Webhook
from yika.api.rules import followed, may_call, next_attempt, rest_after
from yika.faults.actions import dispatching
from yika.journal.actions import event, seal
from yika.journal.models import Event
from yika.journal.rules import SYSTEM
from yika.lib import clock
from yika.lib.decisions import BadInput, NotAllowed, WrongState
from yika.people.models import Organisation
from yika.people.rules import Side
from yika.worker.schedule import jobs

EVENTS = ("faults.report", "faults.dispatch", "commitments.open")


class Receiver:
    """A server on this machine that keeps what it is sent; ``status`` is what it answers."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.status = 204
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((dict(self.headers), body))
                self.send_response(receiver.status)
                if receiver.status == 302:
                    self.send_header("Location", f"{receiver.url}elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server.server_port}"
        self.url = f"http://{self.host}/hook/"


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A receiver on the list of allowed hosts."""
    there = Receiver()
    monkeypatch.setattr(settings, "WEBHOOK_HOSTS", [there.host])
    thread = threading.Thread(target=there.server.serve_forever)
    thread.start()
    yield there
    there.server.shutdown()
    thread.join()
    there.server.server_close()


def hook(receiver: Receiver, *, side: Side = Side.OFFICE, events: tuple[str, ...] = EVENTS) -> Webhook:
    """A webhook of an organisation, since ``cast.AT``."""
    made, _secret = actions.create_webhook(
        cast.organisation(side),
        name="看板",
        url=receiver.url,
        events=events,
        by=cast.administrator(),
        at=cast.AT,
    )
    return made


def work(at: datetime) -> None:
    """What the worker does of it at a moment."""
    with clock.frozen(at):
        while following.follow(at):
            pass
        while sending.send_one(at):
            pass


pytestmark = pytest.mark.django_db


class TestTelling:
    def test_an_event_is_told_signed_with_where_to_read_on(self, receiver: Receiver) -> None:
        row = hook(receiver)
        fault = builders.fault()
        work(NOON)
        assert [json.loads(body)["event"] for _headers, body in receiver.got] == [
            "faults.report",
            "commitments.open",
            "commitments.open",
        ]
        headers, body = receiver.got[0]
        expected = hmac.new(
            row.secret.encode(), headers["Yika-Timestamp"].encode() + b"." + body, hashlib.sha256
        )
        assert headers["Yika-Signature"] == f"sha256={expected.hexdigest()}"
        told = json.loads(body)
        assert told["about"] == {
            "noun": "fault",
            "key": str(fault.pk),
            "url": f"{settings.ORIGIN}/api/v1/faults/{fault.pk}",
        }
        assert told["at"] == "2026-03-02T09:12:00+08:00"
        assert headers["Yika-Delivery"] == told["delivery"] == str(Delivery.objects.earliest("pk").key)
        assert not Delivery.objects.exclude(state="delivered").exists()

    def test_each_event_is_told_once_before_and_after_it_is_sealed(self, receiver: Receiver) -> None:
        hook(receiver)
        builders.fault()
        work(NOON)
        seal(at=NOON)
        for _n in range(3):
            work(NOON)
        builders.fault()
        seal(at=NOON)
        work(NOON)
        assert len(receiver.got) == 6
        assert Follow.objects.get().seal > 0

    def test_an_event_that_commits_late_is_told_too(self, receiver: Receiver) -> None:
        """Its id is lower than those of events that were told and sealed before."""
        hook(receiver)
        fault = builders.fault()
        late, early = (
            event("faults.dispatch", ("fault", fault.pk), by=SYSTEM, at=cast.AT, to="赵工") for _n in range(2)
        )
        late.pk = Event.objects.latest("pk").pk + 50
        early.pk = late.pk + 50
        Event.objects.bulk_create([early])
        seal(at=NOON)
        work(NOON)
        before = len(receiver.got)
        Event.objects.bulk_create([late])
        seal(at=NOON)
        work(NOON)
        assert len(receiver.got) == before + 1
        assert json.loads(receiver.got[-1][1])["event_id"] == late.pk

    def test_a_vendor_is_told_of_its_own_only(self, receiver: Receiver) -> None:
        other = Organisation.objects.create(name="另一供应商", side=Side.VENDOR)
        actions.create_webhook(
            other, name="别家", url=receiver.url, events=EVENTS, by=cast.administrator(), at=cast.AT
        )
        builders.fault()
        work(NOON)
        assert receiver.got == []
        hook(receiver, side=Side.VENDOR)
        work(NOON)
        assert {json.loads(body)["about"]["noun"] for _h, body in receiver.got} == {"fault", "commitment"}

    def test_what_was_before_or_during_a_pause_is_not_told(self, receiver: Receiver) -> None:
        fault = builders.fault(at=cast.AT - timedelta(hours=1))
        row, by = hook(receiver), cast.administrator()
        work(cast.AT)
        actions.pause_webhook(row, by=by, at=cast.AT)
        builders.fault(at=cast.AT + timedelta(minutes=1))
        work(NOON)
        actions.start_webhook(row, by=by, at=NOON)
        seal(at=NOON)
        work(NOON)
        assert receiver.got == []
        dispatching.dispatch(fault, to=cast.technician(), by=cast.dispatcher(), at=NOON)
        work(NOON)
        assert [json.loads(body)["event"] for _h, body in receiver.got] == ["faults.dispatch"]
        with pytest.raises(WrongState):
            actions.start_webhook(row, by=by, at=NOON)

    def test_a_reporters_revelation_is_never_told(self) -> None:
        assert "faults.reveal" not in followed(["faults.reveal", "faults.close", "people.sign_in"])
        assert followed(["people.sign_in", "faults.close"]) == ["faults.close"]


class TestTrying:
    def test_a_failure_is_tried_again_later_and_later_for_a_day(self, receiver: Receiver) -> None:
        receiver.status = 503
        hook(receiver, events=("faults.report",))
        builders.fault()
        at, moments = NOON, []
        for _n in range(30):
            work(at)
            moments.append(at)
            row = Delivery.objects.get()
            if row.due_at is None:
                break
            at = max(row.due_at, Webhook.objects.get().rests_until or row.due_at)
        assert (row.state, row.due_at, len(row.attempts)) == ("given_up", None, len(receiver.got))
        assert timedelta(hours=22) < moments[-1] - moments[0] <= timedelta(days=1)
        gaps = [later - earlier for earlier, later in pairwise(moments)]
        assert gaps[0] <= timedelta(minutes=2) and gaps[-1] >= timedelta(hours=3)
        assert row.attempts[0] | {"ms": 0} == {"at": NOON.isoformat(), "status": 503, "error": "", "ms": 0}
        assert len({headers["Yika-Delivery"] for headers, _body in receiver.got}) == 1

    def test_a_receiver_that_fails_is_left_alone_and_holds_up_nobody(self, receiver: Receiver) -> None:
        receiver.status = 500
        hook(receiver)
        builders.fault()
        work(NOON)
        assert len(receiver.got) == 1, "three deliveries wait, one was tried"
        receiver.status = 200
        work(NOON + timedelta(minutes=1))
        assert len(receiver.got) == 4
        assert Webhook.objects.get().failures == 0

    def test_a_redirect_is_not_followed(self, receiver: Receiver) -> None:
        receiver.status = 302
        hook(receiver, events=("faults.report",))
        builders.fault()
        work(NOON)
        assert len(receiver.got) == 1
        assert Delivery.objects.get().attempts[0]["status"] == 302

    def test_nobody_there_is_a_failure_with_its_reason(
        self, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hook(receiver, events=("faults.report",))
        Webhook.objects.update(url="http://127.0.0.1:1/")
        monkeypatch.setattr(settings, "WEBHOOK_HOSTS", ["127.0.0.1:1"])
        builders.fault()
        work(NOON)
        assert "Refused" in Delivery.objects.get().attempts[0]["error"]

    def test_a_host_taken_off_the_list_is_not_called(
        self, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hook(receiver, events=("faults.report",))
        builders.fault()
        monkeypatch.setattr(settings, "WEBHOOK_HOSTS", [])
        work(NOON)
        assert receiver.got == []
        assert Delivery.objects.get().attempts[0]["status"] == 0

    def test_a_worker_that_dies_in_a_call_loses_nothing(
        self, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hook(receiver, events=("faults.report",))
        builders.fault()
        following.follow(NOON)
        with monkeypatch.context() as broken:
            broken.setattr(sending, "_call", lambda *args: (_ for _ in ()).throw(SystemExit))
            with pytest.raises(SystemExit):
                sending.send_one(NOON)
        assert not sending.send_one(NOON), "another worker waits for the lease to run out"
        work(NOON + timedelta(minutes=2))
        assert len(receiver.got) == 1 and Delivery.objects.get().tried == 2

    def test_redelivery_sends_it_again_with_the_same_key(self, receiver: Receiver) -> None:
        hook(receiver, events=("faults.report",))
        builders.fault()
        work(NOON)
        row, by = Delivery.objects.get(), cast.administrator()
        actions.redeliver(row, by=by, at=NOON)
        with pytest.raises(WrongState):
            actions.redeliver(row, by=by, at=NOON)
        work(NOON)
        assert [headers["Yika-Delivery"] for headers, _body in receiver.got] == [str(row.key)] * 2
        assert len(Delivery.objects.get().attempts) == 2
        assert Event.objects.filter(verb="api.redeliver").count() == 1

    def test_the_page_shows_what_every_attempt_was_answered(self, receiver: Receiver) -> None:
        hook(receiver, events=("faults.report",))
        builders.fault()
        work(NOON)
        row = Delivery.objects.get()
        first = {"at": NOON.isoformat(), "status": 500, "error": "", "ms": 4}
        Delivery.objects.update(attempts=[first, *row.attempts], tried=2)
        browser = Client()
        browser.force_login(cast.administrator())
        page = browser.get(reverse("api:webhook", args=[Webhook.objects.get().pk])).content.decode()
        assert "HTTP 500" in page and f"HTTP {row.attempts[0]['status']}" in page

    def test_old_deliveries_are_forgotten_waiting_ones_kept(self, receiver: Receiver) -> None:
        hook(receiver)
        builders.fault()
        work(NOON)
        Delivery.objects.filter(event__verb="faults.report").update(state="waiting", due_at=NOON)
        forget(NOON + timedelta(days=31))
        assert Delivery.objects.count() == 1

    def test_pauses_grow_and_end_within_the_day(self) -> None:
        assert next_attempt(NOON, 1, NOON) == NOON + timedelta(minutes=1)
        assert next_attempt(NOON, 12, NOON + timedelta(hours=23)) is None
        assert [rest_after(n) for n in (1, 2, 9)] == [timedelta(minutes=m) for m in (1, 2, 30)]


class TestWhereTo:
    @pytest.mark.parametrize(
        ("url", "allowed"),
        [
            ("https://hooks.example.edu/x", True),
            ("https://HOOKS.example.edu:443/x", True),
            ("http://hooks.example.edu/", True),
            ("https://hooks.example.edu:8443/", False),
            ("https://board.example.edu:8443/a?b=c", True),
            ("https://board.example.edu/", False),
            ("https://hooks.example.edu.evil.com/", False),
            ("https://hooks.example.edu@evil.com/", False),
            ("https://user:pw@hooks.example.edu/", False),
            ("https://evil.com/hooks.example.edu", False),
            ("https://evil.com\\@hooks.example.edu/", False),
            ("https://evil.com#@hooks.example.edu/", False),
            ("http://127.0.0.1/", False),
            ("http://[::1]/", False),
            ("ftp://hooks.example.edu/", False),
            ("file:///etc/passwd", False),
            ("https://hooks.example.edu:99999/", False),
            ("https://hooks.example.edu/\r\nX: y", False),
            ("//hooks.example.edu/", False),
            ("", False),
        ],
    )
    def test_only_listed_hosts_are_called(self, url: str, allowed: bool) -> None:
        assert may_call(url, ["hooks.example.edu", "board.example.edu:8443"]) is allowed
        assert not may_call(url, [])

    def test_without_a_list_there_are_no_webhooks(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(settings, "WEBHOOK_HOSTS", [])
        common: dict[str, Any] = {"name": "x", "events": EVENTS, "by": cast.administrator(), "at": NOON}
        with pytest.raises(BadInput, match="YIKA_WEBHOOK_HOSTS"):
            actions.create_webhook(cast.organisation(Side.OFFICE), url="https://a.b/", **common)

    def test_a_manager_keeps_their_own_organisations_only(self, receiver: Receiver) -> None:
        common: dict[str, Any] = {"name": "x", "url": receiver.url, "events": EVENTS, "at": NOON}
        with pytest.raises(NotAllowed):
            actions.create_webhook(cast.organisation(Side.OFFICE), by=cast.manager(), **common)
        with pytest.raises(NotAllowed):
            actions.create_webhook(cast.organisation(Side.OFFICE), by=cast.office(), **common)
        actions.create_webhook(cast.organisation(Side.VENDOR), by=cast.manager(), **common)
        with pytest.raises(BadInput):
            actions.create_webhook(
                cast.organisation(Side.VENDOR), by=cast.manager(), **(common | {"events": ["people.sign_in"]})
            )


class TestPages:
    def test_the_secret_is_shown_once(self, receiver: Receiver) -> None:
        browser = Client()
        browser.force_login(cast.manager())
        data = {
            "name": "看板",
            "url": receiver.url,
            "events": ["faults.report"],
            "organisation": cast.organisation(Side.VENDOR).pk,
        }
        with clock.frozen(cast.AT):
            made = browser.post("/webhooks/new/", data)
            row = Webhook.objects.get()
            assert row.secret in made.content.decode()
            builders.fault()
        work(NOON)
        page = browser.get(f"/webhooks/{row.pk}/").content.decode()
        assert row.secret not in page and "HTTP 204" in page
        delivery = Delivery.objects.get()
        browser.post(f"/deliveries/{delivery.pk}/redeliver/")
        work(NOON)
        assert len(receiver.got) == 2
        renewed = browser.post(f"/webhooks/{row.pk}/secret/").content.decode()
        row.refresh_from_db()
        assert row.secret in renewed

    def test_the_pages_cost_the_same_however_long(self, receiver: Receiver) -> None:
        browser = Client()
        browser.force_login(cast.administrator())
        row = hook(receiver)
        costs: list[list[int]] = []
        for _n in range(2):
            for _m in range(3):
                builders.fault()
            hook(receiver)
            work(NOON)
            browser.get("/webhooks/")
            counts = []
            for path in (f"/webhooks/{row.pk}/", "/webhooks/", "/tokens/?all=1"):
                with CaptureQueriesContext(connection) as counted:
                    assert browser.get(path).status_code == 200
                counts.append(len(counted))
            costs.append(counts)
        assert costs[0] == costs[1]


def test_the_worker_finds_the_jobs_of_upper_apps() -> None:
    assert set(JOBS) <= set(jobs())
    assert len({job.name for job in jobs()}) == len(jobs())
