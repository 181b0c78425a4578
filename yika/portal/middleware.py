"""Security headers on every answer, and refusals turned into answers that a person can act on."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import is_valid_path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from yika.lib.decisions import BadInput, NotAllowed, Refusal, WrongState
from yika.lib.htmx import wants_fragment

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

Handler = Callable[[HttpRequest], HttpResponse]


class SecurityHeaders:
    """The same headers on every answer; a page of personal work is not kept by caches on the way."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        for name, value in HEADERS.items():
            answer.headers.setdefault(name, value)
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            answer.headers.setdefault("Cache-Control", "private, no-cache")
        return answer


class Refusals:
    """NotAllowed 403, WrongState 409, BadInput 422: the reasons, and a way back.

    The same for an address that only takes forms and was opened, as from the browser's history: 405;
    and for a form too large to be read: 413.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _too_large(request):
            return render(request, "portal/too_large.html", {"back": back(request)}, status=413)
        answer = self.get_response(request)
        opened = answer.status_code == 405 and request.method == "GET" and not answer.content
        return _not_a_page(request, answer) if opened else answer

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answers a refusal; every other error is left to Django."""
        if not isinstance(error, Refusal):
            return None
        return refuse(request, error)


def _too_large(request: HttpRequest) -> bool:
    """Whether a form with its files is larger than will be read; programs are told by the API."""
    if not (request.content_type or "").startswith(("multipart/", "application/x-www-form-urlencoded")):
        return False
    said = str(request.META.get("CONTENT_LENGTH") or "0")
    return not said.isdecimal() or int(said) > settings.LARGEST_BODY


def refuse(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The page, or for htmx a box above the content, that says why not."""
    status, heading, advice = wording(refusal)
    told: dict[str, Any] = {
        "heading": heading,
        "problems": refusal.problems,
        "advice": advice,
        "back": back(request),
        "proposal": refusal.proposal,
    }
    if not wants_fragment(request):
        return render(request, "portal/refusal.html", told, status=status)
    told["stale"] = isinstance(refusal, WrongState) and not refusal.proposal
    answer = render(request, "portal/_refusal.html", told, status=status)
    answer.headers["HX-Retarget"] = "#messages"
    answer.headers["HX-Reswap"] = "innerHTML show:window:top"
    answer.headers["HX-Push-Url"] = "false"
    return answer


def _not_a_page(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    told = {
        "heading": _("这个地址不是页面"),
        "problems": [],
        "advice": _("它只接收表单。请回到页面上，从按钮办理。"),
        "back": above(request.path),
    }
    page = render(request, "portal/refusal.html", told, status=405)
    page.headers["Allow"] = answer.headers["Allow"]
    return page


def above(path: str) -> str:
    """The nearest page above an address."""
    while path not in ("", "/"):
        path = f"{path.rstrip('/').rpartition('/')[0]}/"
        if is_valid_path(path):
            return path
    return reverse("portal:home")


def wording(refusal: Refusal) -> tuple[int, str, str]:
    """Status, heading and advice of a refusal."""
    if refusal.proposal:
        return (
            409,
            _("须先取得信息化办公室同意"),
            _("没有改动任何内容。可以把这次要改的内容起草为变更，提交申请。"),
        )
    match refusal:
        case NotAllowed():
            return 403, _("您不能进行此操作"), _("如确有需要，请联系有此权限的人员办理。")
        case WrongState():
            return (
                409,
                _("现在不能进行此操作"),
                _("没有改动任何内容。请返回上一页核对现在的情况，再决定下一步。"),
            )
        case BadInput():
            return 422, _("填写的内容有误"), _("请返回上一页改正后重新提交。")
    return 400, _("请求无法处理"), _("请返回上一页重试。")


def back(request: HttpRequest) -> str:
    """The page the person came from, if it is one of ours and not this one."""
    came = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(
        came, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    if ours and (request.method != "GET" or came != request.build_absolute_uri()):
        return came
    return reverse("portal:home")
