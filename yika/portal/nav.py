"""The one table of what stands in the navigation, for whom, in which order."""

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yika.people.rules import Role

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

ALL = frozenset(Role)
OFFICE, AUDITOR, ADMINISTRATOR = Role.OFFICE, Role.AUDITOR, Role.ADMINISTRATOR
MANAGER, DISPATCHER, TECHNICIAN = Role.MANAGER, Role.DISPATCHER, Role.TECHNICIAN
FAULTS = ALL - {ADMINISTRATOR}

# What the bar holds beside brand, search, bell and name, in widths of a Chinese character: on the narrowest
# screen that has a bar, and on a wide one (the screens' widths stand in yika.css, section 7).
BAR, WIDE_BAR = 56.0, 71.0
PADDING, LATIN, MORE = 1.75, 0.55, 9.0


@dataclass(frozen=True)
class Entry:
    """One page of the navigation. ``icon`` puts it into the bar at the bottom of a technician's phone."""

    name: str
    label: "StrPromise"
    roles: frozenset[Role]
    icon: str = ""
    key: str = ""


ENTRIES = (
    Entry("portal:home", _("首页"), frozenset({OFFICE, MANAGER, AUDITOR, ADMINISTRATOR})),
    Entry("faults:board", _("调度台"), frozenset({DISPATCHER, MANAGER, OFFICE})),
    Entry("faults:my_work", _("我的工单"), frozenset({TECHNICIAN}), icon="work"),
    Entry("faults:rulings", pgettext_lazy("nav", "认定"), frozenset({OFFICE, AUDITOR})),
    Entry("faults:complaints", pgettext_lazy("nav", "投诉"), frozenset({OFFICE, AUDITOR})),
    Entry("faults:list", pgettext_lazy("nav", "故障"), FAULTS, icon="search"),
    Entry("faults:new", _("登记报修"), frozenset({DISPATCHER, MANAGER}), key="c"),
    Entry("changes:list", pgettext_lazy("nav", "变更"), FAULTS),
    Entry("returns:list", pgettext_lazy("nav", "返厂"), FAULTS),
    Entry("commitments:due", _("到期"), FAULTS),
    Entry("commitments:compliance", _("合规"), frozenset({OFFICE, AUDITOR, MANAGER})),
    Entry("assets:devices", pgettext_lazy("nav", "设备"), ALL, icon="device"),
    Entry("assets:places", pgettext_lazy("nav", "地点"), ALL),
    Entry("network:backbone", pgettext_lazy("nav", "网络"), ALL),
    Entry("addresses:subnets", pgettext_lazy("nav", "地址"), ALL),
    Entry("configurations:list", pgettext_lazy("nav", "配置"), ALL),
    Entry("standards:show", _("规范"), ALL),
    Entry("faults:simulation", _("推演"), frozenset({OFFICE, AUDITOR, MANAGER})),
    Entry("people:list", _("人员"), frozenset({OFFICE, AUDITOR, ADMINISTRATOR, MANAGER, DISPATCHER})),
    Entry("people:roster", _("值班"), frozenset({OFFICE, AUDITOR, MANAGER, DISPATCHER, TECHNICIAN})),
    Entry("journal:list", _("操作记录"), frozenset({OFFICE, AUDITOR, ADMINISTRATOR})),
    Entry("api:webhooks", _("事件推送"), frozenset({ADMINISTRATOR, MANAGER})),
    Entry("portal:status", _("系统状态"), frozenset({ADMINISTRATOR})),
)

# Whose day begins elsewhere than at the home page.
HOMES = {DISPATCHER: "faults:board", TECHNICIAN: "faults:my_work"}


@dataclass(frozen=True)
class Item:
    """An entry as it stands on a page."""

    url: str
    label: str
    here: bool
    icon: str = ""
    key: str = ""
    counts: bool = False


@dataclass(frozen=True)
class Bar:
    """The navigation in one line: what always fits, what only a wide screen has room for, the rest."""

    always: list[Item]
    wide: list[Item]
    rest: list[Item]

    @property
    def hidden(self) -> Item | None:
        """The page one is on, where even a wide screen has it in the menu."""
        return next((item for item in self.rest if item.here), None)

    @property
    def hidden_narrow(self) -> Item | None:
        """The page one is on, where only a wide screen has it in the bar."""
        return next((item for item in self.wide if item.here), None)


def bar(nav: list[Item]) -> Bar:
    """The items in their order, as many in the bar as there is room for."""
    always = _fitting(nav, BAR)
    wide = _fitting(nav, WIDE_BAR)
    return Bar(nav[:always], nav[always:wide], nav[wide:])


def _fitting(nav: list[Item], room: float) -> int:
    """How many of the first items fit; short of all, the menu needs its place too."""
    widths = [PADDING + sum(LATIN if letter.isascii() else 1 for letter in item.label) for item in nav]
    if sum(widths) <= room:
        return len(nav)
    ends = accumulate(widths, initial=MORE)
    return sum(end <= room for end in ends) - 1


def address(name: str) -> str:
    """The path of a URL name; empty while no app has such a page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def items(role: Role, path: str) -> list[Item]:
    """What a role sees; the entry with the longest address that begins the path is where one is."""
    found = [(url, entry) for entry in ENTRIES if role in entry.roles and (url := address(entry.name))]
    here = max((url for url, _entry in found if _within(path, url)), key=len, default="")
    return [
        Item(
            url,
            str(entry.label),
            url == here,
            f"portal/icons/{entry.icon}.svg" if entry.icon else "",
            entry.key,
        )
        for url, entry in found
    ]


def _within(path: str, url: str) -> bool:
    """Whether a page belongs to an entry; everything begins with the address of the home page."""
    return path == url if url == "/" else path.startswith(url)


def tabs(role: Role, path: str, nav: list[Item]) -> list[Item]:
    """The bar at the bottom of a technician's phone."""
    if role is not TECHNICIAN:
        return []
    bar = [item for item in nav if item.icon]
    if inbox := address("notices:inbox"):
        bar.append(Item(inbox, str(_("消息")), path == inbox, "portal/icons/bell.svg", counts=True))
    return bar


def home(role: Role) -> str:
    """Where a role's day begins; empty for the home page."""
    return address(HOMES[role]) if role in HOMES else ""
