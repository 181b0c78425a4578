"""Staff cards from a file, compared by sign-in name, or without one by badge number."""

import re
from dataclasses import dataclass, field, replace

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yika.lib.office.bringing import Fate, Heading, Item, Listing, Plan
from yika.lib.office.reading import Read, Row
from yika.lib.office.words import meant
from yika.lib.text import mask_phone
from yika.people.models import ROLE_NAMES, SKILL_NAMES, Organisation, User
from yika.people.rules import PHONE, SIDE_OF, USERNAME, Role, Side, Skill

LENGTHS = {"name": 40, "badge_number": 20, "phone": 20, "email": 254}
MOST_NEW = 200
"""New accounts of one file: each gets a one-time password that somebody must hand over."""

PEOPLE = Listing(
    what="people",
    title=gettext_lazy("导入人员"),
    back="people:list",
    headings=[
        Heading("username", gettext_lazy("登录名"), gettext_lazy("新人员必填；已有人员按登录名对照")),
        Heading("name", gettext_lazy("姓名"), gettext_lazy("新人员必填"), needed=True),
        Heading("role", gettext_lazy("角色"), gettext_lazy("新人员必填，写法同人员列表，如“维护人员”")),
        Heading("organisation", gettext_lazy("单位"), gettext_lazy("新人员必填，须为已有的单位")),
        Heading("badge_number", gettext_lazy("胸牌号"), gettext_lazy("没有登录名时，按胸牌号对照已有人员")),
        Heading("phone", gettext_lazy("电话"), gettext_lazy("完整号码；导出文件中的脱敏号码表示不变")),
        Heading("email", gettext_lazy("邮箱"), gettext_lazy("可以没有这一列")),
        Heading("skills", gettext_lazy("技能"), gettext_lazy("多项用顿号隔开，如“终端、门禁”")),
    ],
    note=gettext_lazy("没有的新增，不同的修改；留空的格子保持不变。账号的停用和启用不通过导入。"),
)

_SEPARATORS = re.compile(r"[、，,;；/]")
_ROLES = {role.value: name for role, name in ROLE_NAMES.items()}
_SKILLS = {skill.value: name for skill, name in SKILL_NAMES.items()}


@dataclass(frozen=True)
class WantedCard:
    """A staff card as a file has it, what it leaves empty filled in from the account there is (``pk``)."""

    pk: int | None
    username: str
    name: str
    role: Role
    organisation: Organisation
    badge_number: str
    phone: str
    email: str
    skills: tuple[Skill, ...]


@dataclass
class _There:
    """What a file is compared with, and what its lines have taken so far."""

    people: dict[str, User] = field(default_factory=dict)
    badges: dict[str, User] = field(default_factory=dict)
    parties: dict[str, Organisation] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    badge_lines: dict[str, int] = field(default_factory=dict)


def planned_people(read: Read) -> Plan[WantedCard]:
    """What the people of a file would change."""
    plan: Plan[WantedCard] = Plan(read)
    people = list(User.objects.select_related("organisation"))
    there = _There(
        people={one.username: one for one in people},
        badges={one.badge_number: one for one in people if one.badge_number},
        parties={one.name: one for one in Organisation.objects.all()},
    )
    for row in read.rows:
        before = len(plan.problems)
        known, username = _whose(plan, row, there)
        wanted = _card(plan, row, there, known, username) if len(plan.problems) == before else None
        if wanted is not None and len(plan.problems) == before:
            plan.items.append(_compared(row.line, wanted, known))
    _administrators(plan, people)
    if len(plan.new) > MOST_NEW:
        row = next(row for row in read.rows if row.line == plan.new[MOST_NEW].line)
        plan.wrong(row, "username", _("一次最多新增 %(most)d 人，请分次导入") % {"most": MOST_NEW})
    return plan


def _whose(plan: Plan[WantedCard], row: Row, there: _There) -> tuple[User | None, str]:
    """The account a line is about, if there is one, and its sign-in name."""
    username, badge = row.cells["username"].lower(), row.cells["badge_number"]
    key = "username"
    if username:
        known = there.people.get(username)
        if known is None and not USERNAME.fullmatch(username):
            plan.wrong(
                row,
                key,
                _("登录名为 2 至 40 位小写字母、数字、点、横线或下划线，以字母或数字开头"),
            )
    elif badge:
        key, known = "badge_number", there.badges.get(badge)
        if known is None:
            plan.wrong(row, key, _("没有这个胸牌号；新人员须填写登录名"))
        else:
            username = known.username
    else:
        known = None
        plan.wrong(row, key, _("请填写登录名，或已登记的胸牌号"))
    if username in there.lines:
        plan.wrong(row, key, _("与第 %(line)d 行重复") % {"line": there.lines[username]})
    if username:
        there.lines.setdefault(username, row.line)
    return known, username


def _card(
    plan: Plan[WantedCard], row: Row, there: _There, known: User | None, username: str
) -> WantedCard | None:
    cells = row.cells
    for key, most in LENGTHS.items():
        if len(cells[key]) > most:
            plan.wrong(row, key, _("不能超过 %(most)d 个字") % {"most": most})
    name = cells["name"] or (known.name if known else "")
    if not name:
        plan.wrong(row, "name", _("请填写姓名"))
    role = _role(plan, row, known)
    party = _party(plan, row, there, known)
    if role and party and Side(party.side) is not SIDE_OF[role]:
        plan.wrong(row, "organisation", _("所选角色与单位不属于同一方"))
    badge = cells["badge_number"] or (known.badge_number if known else "")
    if badge and cells["badge_number"]:
        holder = there.badges.get(badge)
        if holder is not None and holder != known:
            plan.wrong(row, "badge_number", _("胸牌号已由 %(name)s 使用") % {"name": holder.name})
        elif badge in there.badge_lines:
            plan.wrong(row, "badge_number", _("与第 %(line)d 行重复") % {"line": there.badge_lines[badge]})
        there.badge_lines.setdefault(badge, row.line)
    phone, email = _phone(plan, row, known), _email(plan, row, known)
    skills = _skills(plan, row, known)
    if role is None or party is None:
        return None
    return WantedCard(known.pk if known else None, username, name, role, party, badge, phone, email, skills)


def _role(plan: Plan[WantedCard], row: Row, known: User | None) -> Role | None:
    text = row.cells["role"]
    if not text and known:
        return Role(known.role)
    value = meant(_ROLES, text)
    if value is None:
        names = _("、").join(map(str, _ROLES.values()))
        plan.wrong(row, "role", _("角色须为：%(names)s") % {"names": names})
    return Role(value) if value else None


def _party(plan: Plan[WantedCard], row: Row, there: _There, known: User | None) -> Organisation | None:
    text = row.cells["organisation"]
    if not text and known:
        return known.organisation
    party = there.parties.get(text)
    if party is None:
        plan.wrong(
            row,
            "organisation",
            _("没有这个单位，请先在“单位”中新增") if text else _("请填写单位"),
        )
    return party


def _phone(plan: Plan[WantedCard], row: Row, known: User | None) -> str:
    text, there = row.cells["phone"].replace(" ", ""), known.phone if known else ""
    if not text or (there and text == mask_phone(there)):
        return there
    if "*" in text:
        plan.wrong(row, "phone", _("这是脱敏的号码，且与登记的不同：请填写完整号码，或留空保持不变"))
    elif not PHONE.fullmatch(text):
        plan.wrong(row, "phone", _("电话号码只能包含数字、空格、短横线和开头的加号"))
    return text


def _email(plan: Plan[WantedCard], row: Row, known: User | None) -> str:
    text = row.cells["email"]
    if not text:
        return known.email if known else ""
    try:
        validate_email(text)
    except ValidationError:
        plan.wrong(row, "email", _("不是邮箱地址"))
    return text


def _skills(plan: Plan[WantedCard], row: Row, known: User | None) -> tuple[Skill, ...]:
    parts = [part.strip() for part in _SEPARATORS.split(row.cells["skills"]) if part.strip()]
    if not parts:
        return tuple(skill for skill in Skill if known and skill in known.skill_set)
    values = {part: meant(_SKILLS, part) for part in parts}
    unknown = [part for part, value in values.items() if value is None]
    if unknown:
        names = _("、").join(map(str, _SKILLS.values()))
        told = {"unknown": _("、").join(unknown), "names": names}
        plan.wrong(row, "skills", _("没有这种技能：%(unknown)s。可填：%(names)s") % told)
    return tuple(skill for skill in Skill if skill.value in values.values())


def _compared(line: int, wanted: WantedCard, known: User | None) -> Item[WantedCard]:
    label = f"{wanted.name} {wanted.username}"
    if known is None:
        parts = [str(ROLE_NAMES[wanted.role]), wanted.organisation.name, wanted.badge_number]
        return Item(line, Fate.NEW, label, wanted, " · ".join(part for part in parts if part))
    was = replace(
        wanted,
        name=known.name,
        role=Role(known.role),
        organisation=known.organisation,
        badge_number=known.badge_number,
        phone=known.phone,
        email=known.email,
        skills=tuple(skill for skill in Skill if skill in known.skill_set),
    )
    before, after = _told(was), _told(wanted)
    changes = tuple(
        (str(name), before[key], after[key])
        for key, name in _NAMES.items()
        if getattr(was, key) != getattr(wanted, key)
    )
    return Item(line, Fate.CHANGED if changes else Fate.SAME, label, wanted, "", changes)


_NAMES = {one.key: one.name for one in PEOPLE.headings if one.key != "username"}


def _told(card: WantedCard) -> dict[str, str]:
    """A card for people to compare: phone and address masked."""
    return {
        "name": card.name,
        "role": str(ROLE_NAMES[card.role]),
        "organisation": card.organisation.name,
        "badge_number": card.badge_number,
        "phone": mask_phone(card.phone),
        "email": card.email[:1] + "***" if card.email else "",
        "skills": _("、").join(str(SKILL_NAMES[skill]) for skill in card.skills),
    }


def _administrators(plan: Plan[WantedCard], people: list[User]) -> None:
    """Name the line after which no administrator would be left."""
    wanted = {item.value.pk: item.value.role for item in plan.items if item.value.pk}
    left = {one.pk for one in people if one.is_active and one.role == Role.ADMINISTRATOR}
    gone = [pk for pk in left if wanted.get(pk, Role.ADMINISTRATOR) is not Role.ADMINISTRATOR]
    come = [item for item in (*plan.new, *plan.changed) if item.value.role is Role.ADMINISTRATOR]
    active = {one.pk for one in people if one.is_active}
    if not gone or len(gone) < len(left) or any(item.value.pk in (None, *active) for item in come):
        return
    lines = [item.line for item in plan.items if item.value.pk in gone]
    row = next(row for row in plan.read.rows if row.line == max(lines))
    plan.wrong(row, "role", _("系统至少需要一名系统管理员"))
