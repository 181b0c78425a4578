"""Who gets what at the pages of tokens and webhooks. To the API itself a session is nobody."""

from tests import builders, cast
from tests.matrix import NOON, At, Row, get, post
from yika.api import actions, rest
from yika.api.models import Delivery, Webhook
from yika.journal.models import Event
from yika.people.models import User
from yika.people.rules import Side

KEEPERS = {"administrator", "manager"}


def a_token(who: User | None) -> At:
    owner = who or cast.office()
    token, _secret = actions.create_token(owner, name="监控", scopes=["read"], days=9, by=owner, at=NOON)
    return At(pk=token.pk)


def foreign_token(who: User | None) -> At:
    return a_token(cast.dispatcher())


def a_new_token(who: User | None) -> At:
    return At(data={"name": "监控", "scopes": ["read"], "days": "30"})


def webhook_row() -> Webhook:
    return Webhook.objects.create(
        name="看板",
        url="http://127.0.0.1:9/",
        organisation=cast.organisation(Side.VENDOR),
        events=["faults.report"],
        created_at=NOON,
        created_by=cast.manager(),
        active_since=NOON,
    )


def a_webhook(who: User | None) -> At:
    return At(pk=webhook_row().pk)


def a_paused_webhook(who: User | None) -> At:
    row = webhook_row()
    Webhook.objects.filter(pk=row.pk).update(active_since=None)
    return At(pk=row.pk)


def a_changed_webhook(who: User | None) -> At:
    return At(pk=webhook_row().pk, data={"name": "看板", "url": "http://no", "events": ["faults.report"]})


def a_delivery(who: User | None) -> At:
    row = webhook_row()
    builders.report()
    made = Delivery.objects.create(
        webhook=row,
        event=Event.objects.get(verb="faults.report"),
        state=Delivery.State.GIVEN_UP,
        made_at=NOON,
        first_at=NOON,
    )
    return At(pk=made.pk)


def _key(who: User | None) -> At:
    return At(pk=1)


def _keys(who: User | None) -> At:
    return At(pk=1, report=1)


def _addresses() -> dict[str, tuple[Row, ...]]:
    """Every address of the API: a browser, signed in or not, is told to bring a token."""
    found: dict[str, tuple[Row, ...]] = {}
    for router in rest.api._get_bound_routers():
        for path, view in router.path_operations.items():
            build = _keys if "report}" in path else _key if "{" in path else None
            methods = {method for operation in view.operations for method in operation.methods}
            rows = tuple((get if method == "GET" else post)(build, public=401) for method in sorted(methods))
            for operation in view.operations:
                found[f"api:v1:{operation.operation_id}"] = rows
    return found


MATRIX: dict[str, Row | tuple[Row, ...]] = {
    "api:tokens": get(everyone=200),
    "api:new_token": (get(everyone=200), post(a_new_token, everyone=200)),
    "api:revoke_token": (
        post(a_token, everyone=302),
        post(foreign_token, everyone=404, administrator=302),
    ),
    "api:webhooks": get(everyone=403, **dict.fromkeys(KEEPERS, 200)),
    "api:new_webhook": (
        get(everyone=403, **dict.fromkeys(KEEPERS, 200)),
        post(everyone=403, **dict.fromkeys(KEEPERS, 422)),
    ),
    "api:webhook": get(a_webhook, everyone=403, **dict.fromkeys(KEEPERS, 200)),
    "api:edit_webhook": (
        get(a_webhook, everyone=403, **dict.fromkeys(KEEPERS, 200)),
        post(a_changed_webhook, everyone=403, **dict.fromkeys(KEEPERS, 422)),
    ),
    "api:pause_webhook": post(a_webhook, everyone=403, **dict.fromkeys(KEEPERS, 302)),
    "api:start_webhook": post(a_paused_webhook, everyone=403, **dict.fromkeys(KEEPERS, 302)),
    "api:renew_secret": post(a_webhook, everyone=403, **dict.fromkeys(KEEPERS, 200)),
    "api:redeliver": post(a_delivery, everyone=403, **dict.fromkeys(KEEPERS, 302)),
    "api:v1:openapi": get(public=200),
    "api:v1:nowhere": (get(public=404), post(public=404)),
    **_addresses(),
}
