"""What is done beside the server, in a process of its own with the settings of the database measured.

``python -m bench.inside ready`` signs everybody in; ``… sweep`` handles what is due. Both answer in JSON.
"""

import importlib
import json
import os
import sys
import time
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yika.config.settings")
django.setup()

from django.conf import settings  # noqa: E402 - Django first
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.db.models import Count  # noqa: E402

from yika.api.actions import create_token  # noqa: E402
from yika.api.rules import Scope  # noqa: E402
from yika.assets.models import Device  # noqa: E402
from yika.commitments.jobs import handle_due  # noqa: E402
from yika.commitments.models import Alert, Commitment  # noqa: E402
from yika.faults.models import Fault  # noqa: E402
from yika.journal.models import Event  # noqa: E402
from yika.lib import clock  # noqa: E402
from yika.notices.models import Notice  # noqa: E402
from yika.people.models import User  # noqa: E402
from yika.people.rules import Role  # noqa: E402


def ready() -> dict[str, Any]:
    """A session for each role, a token that may report, keys to ask for, and how much there is."""
    people = {role: User.objects.active().filter(role=role).order_by("pk")[0] for role in SIGNED_IN}
    desk = people[Role.DISPATCHER]
    _token, secret = create_token(
        desk, name="bench", scopes=[Scope.READ, Scope.REPORT], days=1, by=desk, at=clock.now()
    )
    used = Device.objects.in_use().order_by("pk").values_list("number", "kind__is_terminal")
    open_faults = Fault.objects.open().order_by("urgent_at", "pk")
    return {
        "cookies": {role.value: _session(person) for role, person in people.items()},
        "token": secret,
        "devices": [number for number, terminal in used if terminal],
        "carrier": _busiest_access_switch(),
        "faults": list(open_faults.values_list("pk", flat=True)[100:140]),
        "open": open_faults.count(),
        "all": Fault.objects.count(),
    }


def _busiest_access_switch() -> str:
    """The switch on which the most terminals hang directly."""
    rows = Device.objects.in_use().filter(kind__code="switch", links_down__lower__kind__is_terminal=True)
    counted = rows.annotate(hanging=Count("links_down")).order_by("-hanging", "pk")
    return str(counted.values_list("number", flat=True)[0])


SIGNED_IN = (Role.DISPATCHER, Role.TECHNICIAN, Role.OFFICE)


def _session(person: User) -> str:
    store = importlib.import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.save()
    return str(store.session_key)


def sweep() -> dict[str, Any]:
    """Handle everything due, then look again when nothing is. Units: milliseconds."""
    at = clock.now()
    due = Commitment.objects.filter(next_alert_at__lte=at).count()
    before = {model: model.objects.count() for model in WRITTEN}
    started = time.perf_counter()
    handled = 0
    while batch := handle_due(at):
        handled += batch
    took = time.perf_counter() - started
    idle = []
    for _ in range(20):
        started = time.perf_counter()
        handle_due(at)
        idle.append(1000 * (time.perf_counter() - started))
    written = {model.__name__.lower(): model.objects.count() - count for model, count in before.items()}
    assert handled == due == written["event"] == written["alert"], (handled, due, written)
    return {"due": due, "took": 1000 * took, "idle": sorted(idle)[len(idle) // 2], **written}


WRITTEN = (Event, Alert, Notice)

if __name__ == "__main__":
    print(json.dumps({"ready": ready, "sweep": sweep}[sys.argv[1]]()))
