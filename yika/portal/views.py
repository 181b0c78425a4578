"""Home, status, choices of language and look, and the pages shown when something went wrong."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from yika.journal.models import Seal
from yika.lib import clock
from yika.lib.decisions import BadInput, require
from yika.people.policies import may, person
from yika.people.queries import active_people
from yika.people.rules import Right, Role
from yika.portal import nav, queries
from yika.portal.context import THEME_COOKIE, THEMES
from yika.portal.middleware import back
from yika.worker import queries as worker

YEAR = 365 * 86400
JOBS = {
    "api.deliver": gettext_lazy("推送事件"),
    "api.follow": gettext_lazy("查找待推送的事件"),
    "api.forget": gettext_lazy("清理过期的推送记录"),
    "commitments.alerts": gettext_lazy("到期提醒与升级"),
    "commitments.audit": gettext_lazy("核对到期事项无遗漏"),
    "journal.seal": gettext_lazy("封存操作记录"),
    "notices.mail": gettext_lazy("发送邮件"),
    "network.versions": gettext_lazy("保存每周的网络图"),
    "people.attempts": gettext_lazy("清理过期的登录尝试"),
    "search.audit": gettext_lazy("核对搜索索引无遗漏"),
    "people.sessions": gettext_lazy("清理过期的登录会话"),
    "worker.statistics": gettext_lazy("更新数据库统计"),
}
SEE_ERRORS = {Role.ADMINISTRATOR, Role.OFFICE, Role.AUDITOR}


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Where this person's day begins: the desk's board, the technician's work, or what burns and waits."""
    user, at = person(request), clock.now()
    if elsewhere := nav.home(Role(user.role)):
        return redirect(elsewhere)
    context: dict[str, object] = {"at": at, "home": queries.home(user, at)}
    if user.role == Role.ADMINISTRATOR:
        context |= {"status": worker.status(at), "people": active_people(user)}
    return render(request, "portal/home.html", context)


@require_GET
def wall(request: HttpRequest) -> HttpResponse:
    """大屏: is anything burning? Readable from five metres, refreshed by itself."""
    user, at = person(request), clock.now()
    require(may(user, Right.SEE_FAULTS))
    return render(request, "portal/wall.html", {"at": at, "home": queries.home(user, at)})


@require_GET
def status(request: HttpRequest) -> HttpResponse:
    """Is everything running: database, worker, jobs, the journal's last seal."""
    at = clock.now()
    now = worker.status(at)
    return render(
        request,
        "portal/status.html",
        {
            "at": at,
            "status": now,
            "jobs": [(JOBS.get(job.job, job.job), job) for job in now.jobs],
            "database": connection.vendor,
            "seal": Seal.objects.last(),
            "sees_errors": Role(person(request).role) in SEE_ERRORS,
        },
    )


@login_not_required
@require_safe
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """For monitors: 200 when this process and its database answer, 503 otherwise; says nothing else."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("unavailable\n", content_type="text/plain", status=503)
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
@never_cache
def health_worker(request: HttpRequest) -> HttpResponse:
    """For monitors: 200 when the worker is alive, nothing fails and nothing due was left lying, else 503."""
    well = worker.health(clock.now()).ok
    return HttpResponse(
        "ok\n" if well else "unavailable\n", content_type="text/plain", status=200 if well else 503
    )


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language in a cookie and go back."""
    chosen = request.POST.get("language", "")
    if chosen not in dict(settings.LANGUAGES):
        raise BadInput(_("没有这种语言"))
    answer = redirect(_following(request))
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, chosen, max_age=YEAR, samesite="Lax", httponly=True,
        secure=request.is_secure(),
    )  # fmt: skip
    return answer


@login_not_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep light or dark in a cookie, or follow the system again, and go back."""
    chosen = request.POST.get("theme", "")
    answer = redirect(_following(request))
    if chosen in THEMES:
        answer.set_cookie(
            THEME_COOKIE, chosen, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure()
        )
    elif chosen:
        raise BadInput(_("没有这种外观"))
    else:
        answer.delete_cookie(THEME_COOKIE, samesite="Lax")
    return answer


@login_not_required
@require_GET
def favicon(request: HttpRequest) -> HttpResponse:
    """Where browsers look for the icon of what is no page of ours, such as a file or an answer of the API."""
    return redirect(static("portal/icon.svg"), permanent=True)


@login_not_required
@require_GET
def keys(request: HttpRequest) -> HttpResponse:
    """The keyboard's shortcuts."""
    return render(request, "portal/keys.html")


def _following(request: HttpRequest) -> str:
    """The page to go back to, never another site's."""
    to = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        to, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return to if ours else reverse("portal:home")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came without a valid token: it stood open too long, or cookies are off."""
    return _wrong(
        request,
        403,
        _("页面已过期，没有提交"),
        [_("为防止他人冒用，表单需在登录状态下、由本站页面提交。")],
        _("请返回上一页，刷新后重新提交；若仍出现，请允许浏览器使用本站的 Cookie。"),
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return _wrong(
        request, 400, _("请求无法处理"), [_("浏览器发来的内容不完整或格式有误。")], _("请返回上一页重试。")
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 that no policy gave a reason for."""
    return _wrong(
        request,
        403,
        _("您不能打开此页"),
        [_("您的账号没有查看此页的权限。")],
        _("如确有需要，请联系系统管理员。"),
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: there is no such page, or none that this person may see."""
    return _wrong(
        request,
        404,
        _("没有找到此页"),
        [_("地址可能有误，内容可能已移动，或不在您可查看的范围内。")],
        _("请核对地址，或从首页重新进入。"),
    )


def failed(request: HttpRequest) -> HttpResponse:
    """500, in both languages at once, without the database, the session or the frame."""
    return HttpResponse(render_to_string("portal/500.html"), status=500)


def _wrong(request: HttpRequest, status: int, heading: str, problems: list[str], advice: str) -> HttpResponse:
    told = {"heading": heading, "problems": problems, "advice": advice, "back": back(request)}
    return render(request, "portal/refusal.html", told, status=status)
