"""The door: who asks, how often, what for; and the one form of every answer."""

import functools
import json
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DataError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.utils.translation import gettext as _
from ninja.errors import ValidationError as Invalid
from ninja.security import HttpBearer

from yika.api import actions
from yika.api.models import SCOPE_NAMES, ApiToken
from yika.api.policies import can_act
from yika.api.queries import by_secret
from yika.api.rest import problems
from yika.api.rest.kinds import ProblemShape
from yika.api.rest.problems import Problem
from yika.api.rules import TOKEN, Scope, Window
from yika.lib import clock
from yika.lib.decisions import BadInput, WrongState
from yika.lib.paging import Lines, page_of_values
from yika.people.models import User

MOST_BYTES = 262_144  # of a body
window = Window()


class Bearer(HttpBearer):
    """A token with a scope. A session opens nothing here, so no forged form can."""

    def __init__(self, *scopes: Scope) -> None:
        super().__init__()
        self.scopes = scopes
        self.known: frozenset[str] = frozenset()

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        """Whose token it is, or None. Raises: Problem 403, 413, 415, 429; Invalid, a parameter unknown."""
        at = clock.now()
        found = by_secret(token) if TOKEN.fullmatch(token) else None
        if found is None or not can_act(found, at):
            return None
        wait = window.wait(found.pk, settings.API_PER_MINUTE, time.monotonic())
        if wait > 0:
            seconds = max(1, int(-(-wait // 1)))
            detail = _("每分钟最多 %(count)d 次请求，请 %(seconds)d 秒后再试。")
            raise Problem(
                429,
                detail % {"count": settings.API_PER_MINUTE, "seconds": seconds},
                Retry_After=str(seconds),
            )
        if not any(found.may(scope) for scope in self.scopes):
            names = _("、").join(str(SCOPE_NAMES[scope]) for scope in self.scopes)
            raise Problem(403, _("令牌没有所需的权限范围：%(scopes)s") % {"scopes": names})
        actions.seen(found, at=at)
        _check_body(request)
        if unknown := [name for name in request.GET if name not in self.known]:
            raise Invalid([{"type": "extra_forbidden", "loc": ("query", name)} for name in unknown])
        return found


def _check_body(request: HttpRequest) -> None:
    """Raises: Problem 413, 415 for a body that will not be read."""
    if request.method != "POST":
        return
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if not length.isdecimal() or int(length) > MOST_BYTES:
        raise Problem(413, _("请求最大 %(count)d 字节。") % {"count": MOST_BYTES})
    if length != "0" and request.content_type != "application/json":
        raise Problem(415, _("请求内容须为 application/json。"))


def token_of(request: HttpRequest) -> ApiToken:
    """The token that opened the door."""
    token = getattr(request, "auth", None)
    assert isinstance(token, ApiToken)
    return token


def owner(request: HttpRequest) -> User:
    """The person in whose name a program acts."""
    whose = token_of(request).owner
    assert isinstance(whose, User)
    return whose


def need(request: HttpRequest, scope: Scope) -> None:
    """Insist on a scope that depends on what is asked. Raises: Problem 403."""
    if not token_of(request).may(scope):
        raise Problem(403, _("令牌没有所需的权限范围：%(scopes)s") % {"scopes": SCOPE_NAMES[scope]})


def said(data: Any, status: int = 200, **headers: str) -> HttpResponse:
    """An answer: JSON, Chinese as it is written."""
    response = HttpResponse(
        json.dumps(data, ensure_ascii=False, separators=(",", ":")),
        status=status,
        content_type="application/json; charset=utf-8",
        headers=headers,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def answers(shape: Any, *, status: int = 200, body: bool = False, found: bool = False) -> dict[int, Any]:
    """Every answer an operation gives. ``found``: it looks something up by key; ``body``: it takes one."""
    codes = [401, 403, 422, 429, 500]
    if found or body:
        codes.append(404)
    if body:
        codes += [400, 409, 413, 415]
    return {status: shape, **dict.fromkeys(sorted(codes), ProblemShape)}


def cut(
    rows: "QuerySet[Any, dict[str, Any]]",
    order: Sequence[str],
    cursor: str,
    limit: int,
    tell: Callable[[list[dict[str, Any]]], list[dict[str, Any]]],
) -> HttpResponse:
    """One page of a list. Raises: BadInput for a cursor that this list did not give."""
    try:
        lines: Lines = page_of_values(rows, order, cursor, limit)
    except (TypeError, ValueError, ValidationError, OverflowError, DataError) as error:
        if not cursor:
            raise
        raise BadInput(_("游标无效，请从第一页开始"), field="cursor") from error
    return said({"items": tell(lines.rows), "next": lines.next_cursor or None})


def at_once(request: HttpRequest) -> datetime:
    """The moment of a request, to the second."""
    return clock.now()


def opened(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view without sign-in or form token, whose refusal of a method is a problem like any other."""

    @functools.wraps(view)
    def answering(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if isinstance(response, HttpResponseNotAllowed):
            allowed = response.headers["Allow"]
            return problems.answer(
                request, 405, _("可用的方法：%(methods)s") % {"methods": allowed}, headers={"Allow": allowed}
            )
        return response

    answering.login_required = False  # type: ignore[attr-defined]
    answering.csrf_exempt = True  # type: ignore[attr-defined]
    return answering


__all__ = ["Bearer", "Problem", "WrongState", "answers", "cut", "need", "opened", "owner", "said", "token_of"]
