"""``/api/v1/``: programs do what people can, through the same policies, queries and actions."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from ninja import NinjaAPI
from ninja.openapi.schema import get_schema
from ninja.operation import Operation

from yika import __version__
from yika.api.rest import changes, duties, faults, house, office, places, problems, returns, verbs
from yika.api.rest.door import Bearer, opened, said
from yika.api.rest.problems import MEDIA_TYPE

PREFIX = "api/v1"
api = NinjaAPI(
    title="Yika 一卡运维",
    version=__version__,
    description="Faults, commitments and figures of a campus-card service. See docs/guide/api.md.",
    urls_namespace="v1",
    openapi_url=None,
    docs_url=None,
)
problems.handle(api)
for _rooms in (faults, verbs, office, duties, places, changes, returns, house):
    _router = _rooms.router
    api.add_router("", _router)

HEADERS = {
    401: {"WWW-Authenticate": {"schema": {"type": "string"}}},
    429: {"Retry-After": {"schema": {"type": "integer"}, "description": "seconds"}},
    201: {"Location": {"schema": {"type": "string"}}},
}


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document: what the framework derives, with problems, headers and scopes as they are."""
    schema: dict[str, Any] = dict(get_schema(api, path_prefix=f"{PREFIX}/"))
    scopes = _scopes()
    for operations in schema["paths"].values():
        for operation in operations.values():
            wanted = scopes[operation["operationId"]]
            operation["security"] = [{"token": [scope]} for scope in wanted]
            responses = operation["responses"]
            operation["responses"] = {
                str(status): _answer(status, told) for status, told in sorted(responses.items())
            }
    schema["components"]["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "bearerFormat": "yika_…"}
    }
    schema["servers"] = [{"url": settings.ORIGIN}]
    return schema


def _answer(status: int, told: dict[str, Any]) -> dict[str, Any]:
    """One answer: a problem under its own media type, with the headers it carries."""
    if status >= 400:
        told = told | {"content": {MEDIA_TYPE: told["content"]["application/json"]}}
    return told | ({"headers": HEADERS[status]} if status in HEADERS else {})


def _operations() -> Iterator[tuple[Operation, Bearer]]:
    """Every operation with its own door."""
    for router in api._get_bound_routers():
        for view in router.path_operations.values():
            for operation in view.operations:
                (bearer,) = operation.auth_callbacks
                assert isinstance(bearer, Bearer) and operation.operation_id
                yield operation, bearer


def _scopes() -> dict[str, list[str]]:
    """Which scopes open each operation; any one of them does."""
    return {
        str(operation.operation_id): [scope.value for scope in bearer.scopes]
        for operation, bearer in _operations()
    }


def _asked_for(operation: Operation) -> frozenset[str]:
    """The parameters that an operation knows behind the question mark."""
    asked = (model for model in operation.models if model.__ninja_param_source__ == "query")
    return frozenset(name for model in asked for name in model.__ninja_flatten_map__)


@require_GET
def openapi(request: HttpRequest) -> HttpResponse:
    """The document; anybody may read it."""
    return said(document())


def nowhere(request: HttpRequest) -> HttpResponse:
    """Any other address below."""
    return problems.answer(request, 404, _("没有这个地址，见 /api/v1/openapi.json。"))


def urls() -> list[URLPattern]:
    """Every address of the API, none of them behind the sign-in page."""
    for operation, bearer in _operations():
        bearer.known = _asked_for(operation)
    patterns = [
        path(f"{PREFIX}/{one.pattern}", opened(one.callback), name=one.name)
        for one in api.urls[0]
        if isinstance(one, URLPattern) and one.name != "api-root"
    ]
    return [
        path(f"{PREFIX}/openapi.json", opened(openapi), name="openapi"),
        *patterns,
        re_path(rf"^{PREFIX}/", opened(nowhere), name="nowhere"),  # whatever else begins so
    ]
