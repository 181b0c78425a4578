"""What every page's frame needs."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yika import __version__
from yika.lib import clock
from yika.lib.ready import Ready
from yika.notices.models import Notice
from yika.people.models import User
from yika.people.policies import may
from yika.people.rules import Right, Role
from yika.portal.nav import Bar, Item, address, bar, items, tabs

_unread = Ready(
    lambda to: (
        Notice.objects.filter(to=to, read_at__isnull=True).order_by().values_list("pk", flat=True)[:100]
    )
)
THEME_COOKIE = "theme"
THEMES = ("light", "dark")


@dataclass(frozen=True)
class Shell:
    """The frame around a page; computed only where a template asks."""

    request: HttpRequest

    @cached_property
    def now(self) -> datetime:
        """The moment the page was made."""
        return clock.now()

    @property
    def version(self) -> str:
        """As the changelog's first heading says."""
        return __version__

    @property
    def language(self) -> str:
        """The language of the page."""
        return get_language() or settings.LANGUAGE_CODE

    @property
    def languages(self) -> list[tuple[str, str]]:
        """Code and own name of every language."""
        return list(settings.LANGUAGES)

    @property
    def theme(self) -> str:
        """light, dark, or empty for what the system says."""
        chosen = self.request.COOKIES.get(THEME_COOKIE, "")
        return chosen if chosen in THEMES else ""

    @cached_property
    def person(self) -> User | None:
        """Who is signed in; nobody where the request ended before that was asked."""
        user = getattr(self.request, "user", None)
        return user if isinstance(user, User) and user.is_authenticated else None

    @property
    def may_propose(self) -> bool:
        """Whether the person may draft a change out of what was refused without one."""
        return self.person is not None and bool(may(self.person, Right.PROPOSE_CHANGES))

    @property
    def role(self) -> str:
        """The person's role in words."""
        return str(ROLES[Role(self.person.role)]()) if self.person else ""

    @cached_property
    def nav(self) -> list[Item]:
        """The main navigation of this person."""
        return items(Role(self.person.role), self.request.path) if self.person else []

    @cached_property
    def bar(self) -> Bar:
        """The same in one line, what has no room there in a menu."""
        return bar(self.nav)

    @cached_property
    def tabs(self) -> list[Item]:
        """The bottom bar on a technician's phone."""
        return tabs(Role(self.person.role), self.request.path, self.nav) if self.person else []

    @cached_property
    def unread(self) -> int:
        """Notices not read yet, counted up to 100."""
        if self.person is None:
            return 0
        return len(_unread(self.person.pk))

    @property
    def notices_url(self) -> str:
        """The inbox, for those signed in."""
        return address("notices:inbox") if self.person else ""

    @property
    def search_url(self) -> str:
        """The search over everything, for those signed in."""
        return address("search:page") if self.person else ""

    @property
    def telephone(self) -> str:
        """Where a fault is reported by voice; empty where none is set."""
        return str(settings.TELEPHONE)

    @property
    def account_url(self) -> str:
        """The person's own page."""
        return address("people:account")

    @property
    def sign_out_url(self) -> str:
        """Takes a POST."""
        return address("people:sign_out")

    @property
    def status_url(self) -> str:
        """The status page, for those signed in."""
        return address("portal:status") if self.person else ""

    @property
    def words(self) -> str:
        """The words with which the browser keeps clocks running, as the server would write them."""
        return json.dumps(
            {
                "left": _("还剩 %(duration)s"),
                "over": _("已超时 %(duration)s"),
                "zero": _("此刻到期"),
                "s": _("%(s)d 秒"),
                "m": _("%(m)d 分"),
                "h": _("%(h)d 小时 %(m)02d 分"),
                "d": _("%(d)d 天 %(h)d 小时"),
                "lost": _("没有连上服务器。请检查网络后重试，已填写的内容还在。"),
                "failed": _("服务器出错，操作没有完成。请重试；仍不行请告知管理员。"),
            },
            ensure_ascii=False,
        )


ROLES = {
    Role.OFFICE: lambda: _("信息化办公室"),
    Role.AUDITOR: lambda: _("审计人员"),
    Role.ADMINISTRATOR: lambda: _("系统管理员"),
    Role.MANAGER: lambda: _("运维负责人"),
    Role.DISPATCHER: lambda: _("调度"),
    Role.TECHNICIAN: lambda: _("维护人员"),
}


def shell(request: HttpRequest) -> dict[str, Any]:
    """Values of the page frame."""
    return {"shell": Shell(request)}
