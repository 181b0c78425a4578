"""The one table of what stands in the navigation, for whom, in which order."""

from dataclasses import dataclass
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
    Entry("faults:rulings", pgettext_lazy("nav", "认定"), frozenset({OFFICE})),
    Entry("faults:complaints", pgettext_lazy("nav", "投诉"), frozenset({OFFICE, AUDITOR})),
    Entry("faults:list", pgettext_lazy("nav", "故障"), FAULTS, icon="search"),
    Entry("faults:new", _("登记报修"), frozenset({DISPATCHER, MANAGER}), key="c"),
    Entry("changes:list", pgettext_lazy("nav", "变更"), FAULTS),
    Entry("commitments:due", _("到期"), FAULTS),
    Entry("commitments:compliance", _("合规"), frozenset({OFFICE, AUDITOR, MANAGER})),
    Entry("faults:simulation", _("推演"), frozenset({OFFICE, AUDITOR, MANAGER})),
    Entry("assets:devices", pgettext_lazy("nav", "设备"), FAULTS, icon="device"),
    Entry("assets:places", pgettext_lazy("nav", "地点"), FAULTS),
    Entry("network:backbone", pgettext_lazy("nav", "网络"), FAULTS),
    Entry("addresses:subnets", pgettext_lazy("nav", "地址"), FAULTS),
    Entry("configurations:list", pgettext_lazy("nav", "配置"), FAULTS),
    Entry("standards:show", _("规范"), ALL),
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
