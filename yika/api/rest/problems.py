"""Everything that goes wrong, as problem+json (RFC 9457)."""

import json
import logging
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from yika.lib.decisions import BadInput, NotAllowed, Refusal, WrongState

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
KINDS = {
    400: "bad-request",
    401: "unauthenticated",
    403: "not-allowed",
    404: "not-found",
    405: "method-not-allowed",
    409: "wrong-state",
    413: "too-large",
    415: "unsupported-media-type",
    422: "bad-input",
    429: "too-many-requests",
    500: "failed",
}


class Problem(Exception):
    """An answer that is not what was asked for."""

    def __init__(self, status: int, detail: str, **headers: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def titles() -> dict[int, str]:
    """What each status means, in the reader's language."""
    return {
        400: _("请求无法解析"),
        401: _("令牌缺失或无效"),
        403: _("您不能进行此操作"),
        404: _("没有找到"),
        405: _("此地址不支持该方法"),
        409: _("现在不能进行此操作"),
        413: _("请求过大"),
        415: _("请求须为 JSON"),
        422: _("填写的内容有误"),
        429: _("请求过于频繁"),
        500: _("系统出错"),
    }


def answer(
    request: HttpRequest,
    status: int,
    detail: str,
    *,
    errors: list[dict[str, str]] | None = None,
    headers: dict[str, str] | None = None,
) -> HttpResponse:
    """A problem as it is sent."""
    problem: dict[str, Any] = {
        "type": f"urn:yika:problem:{KINDS[status]}",
        "title": titles()[status],
        "status": status,
        "detail": detail,
        "instance": request.path,
    }
    if errors:
        problem["errors"] = errors
    response = HttpResponse(
        json.dumps(problem, ensure_ascii=False), status=status, content_type=MEDIA_TYPE, headers=headers
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _refused(request: HttpRequest, error: Refusal) -> HttpResponse:
    status = {NotAllowed: 403, WrongState: 409, BadInput: 422}.get(type(error)) or next(
        (code for kind, code in ((NotAllowed, 403), (WrongState, 409)) if isinstance(error, kind)), 422
    )
    field = getattr(error, "field", None)
    errors = [{"field": str(field), "message": problem} for problem in error.problems] if field else None
    return answer(request, status, str(error), errors=errors)


def _words(error: dict[str, Any]) -> str:
    """What is wrong with a value, in the reader's language as far as it is a common mistake."""
    limits = error.get("ctx", {})
    known = {
        "missing": _("必填"),
        "extra_forbidden": _("未知的字段"),
        "int_type": _("应为整数"),
        "int_parsing": _("应为整数"),
        "bool_type": _("应为 true 或 false"),
        "bool_parsing": _("应为 true 或 false"),
        "string_type": _("应为文字"),
        "string_unicode": _("含有无法识别的字符"),
        "uuid_parsing": _("应为 UUID"),
        "list_type": _("应为列表"),
        "string_too_short": _("至少 %(min_length)s 个字"),
        "string_too_long": _("最多 %(max_length)s 个字"),
        "string_pattern_mismatch": _("写法不符合要求"),
        "too_short": _("至少 %(min_length)s 项"),
        "too_long": _("最多 %(max_length)s 项"),
        "greater_than_equal": _("不能小于 %(ge)s"),
        "greater_than": _("须大于 %(gt)s"),
        "less_than_equal": _("不能大于 %(le)s"),
        "less_than": _("须小于 %(lt)s"),
        "enum": _("应为以下之一：%(expected)s"),
        "literal_error": _("应为以下之一：%(expected)s"),
        "int_from_float": _("应为整数"),
        "int_parsing_size": _("数字过大"),
        "float_type": _("应为数字"),
        "float_parsing": _("应为数字"),
        "finite_number": _("应为数字"),
        "decimal_type": _("应为数字"),
        "decimal_parsing": _("应为数字"),
        "uuid_type": _("应为 UUID"),
        "dict_type": _("应为对象"),
        "model_type": _("应为对象"),
        "model_attributes_type": _("应为对象"),
        "date_type": _("应为日期，如 2026-03-02"),
        "date_parsing": _("应为日期，如 2026-03-02"),
        "date_from_datetime_parsing": _("应为日期，如 2026-03-02"),
        "json_invalid": _("请求无法解析"),
    }
    if error["type"] == "value_error":
        return str(limits.get("error") or error["msg"])
    codes = str(limits.get("expected", "")).replace("' or '", "', '").replace("'", "")
    words = known.get(error["type"])
    return words % {**limits, "expected": codes} if words else str(error["msg"])


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [
        {
            # ("body", "body", "note"): where it came from and the parameter's own name say nothing
            "field": ".".join(str(step) for step in one["loc"][1:] if step != "body") or "body",
            "message": _words(one),
        }
        for one in error.errors
    ]
    fields = "、".join(dict.fromkeys(one["field"] for one in errors))
    return answer(request, 422, _("以下内容不符合要求：%(fields)s") % {"fields": fields}, errors=errors)


def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.error("%s %s failed", request.method, request.path, exc_info=error)
    return answer(request, 500, _("请求未能完成，已记入系统日志。"))


def respond(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    """The problem that an exception is."""
    match error:
        case Problem():
            return answer(request, error.status, error.detail, headers=error.headers)
        case Refusal():
            return _refused(request, error)
        case ValidationError():
            return _invalid(request, error)
        case AuthenticationError():
            detail = _("请在 Authorization 头中提供有效的令牌。")
            return answer(request, 401, detail, headers={"WWW-Authenticate": "Bearer"})
        case Http404():
            return answer(request, 404, _("没有这一项，或者您无权查看。"))
        case HttpError():  # the framework's, for a body that cannot be read
            return answer(request, 400, _("请求内容不是有效的 JSON。"))
        case Exception():
            return _failed(request, error)
    raise TypeError(error)


def handle(api: NinjaAPI) -> None:
    """Let an API answer every exception so."""
    for kind in (Http404, HttpError, AuthenticationError, ValidationError, Exception):
        api.add_exception_handler(kind, respond)
