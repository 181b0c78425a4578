"""Accounts: who there is, in which role, and whether they may sign in."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yika.journal.actions import record
from yika.lib.decisions import BadInput, insist, require
from yika.lib.locking import lock
from yika.lib.text import mask_phone
from yika.people.actions.attempts import forget_attempts
from yika.people.actions.signing import BY_NAME, name_key
from yika.people.actions.words import index_people
from yika.people.models import Organisation, Shift, SignedIn, User
from yika.people.policies import (
    Doer,
    can_deactivate,
    can_manage,
    can_reset_password,
    can_reveal_phone,
)
from yika.people.rules import SIDE_OF, USERNAME, Role, Side, Skill

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is read as another
FIELDS = {
    "name": gettext_lazy("姓名"),
    "role": gettext_lazy("角色"),
    "organisation": gettext_lazy("单位"),
    "badge_number": gettext_lazy("胸牌号"),
    "phone": gettext_lazy("电话"),
    "email": gettext_lazy("邮箱"),
    "skills": gettext_lazy("技能"),
}


@dataclass(frozen=True)
class NewPerson:
    """What a staff card says."""

    name: str
    role: Role
    organisation: Organisation
    badge_number: str = ""
    phone: str = ""
    email: str = ""
    skills: Sequence[Skill] = field(default=())


def one_time_password() -> str:
    """Twelve letters in three groups, easy to read aloud; about 59 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _n in range(4)) for _group in range(3))


def create(username: str, card: NewPerson, *, by: Doer, at: datetime) -> tuple[User, str]:
    """A new account, and the one-time password that its owner must change at the first sign-in.

    Raises: BadInput when the name or badge is taken or does not fit.
    """
    require(can_manage(by))
    username = username.strip().lower()
    if not USERNAME.fullmatch(username):
        raise BadInput(
            _("登录名为 2 至 40 位小写字母、数字、点、横线或下划线，以字母或数字开头"), field="username"
        )
    if User.objects.filter(username=username).exists():
        raise BadInput(_("登录名已被使用"), field="username")
    password = one_time_password()
    try:
        with transaction.atomic():
            return add_account(username, card, password=make_password(password), by=by, at=at), password
    except IntegrityError as error:
        raise BadInput(_("登录名或胸牌号已被使用"), field="username") from error


def add_account(username: str, card: NewPerson, *, password: str, by: Doer, at: datetime) -> User:
    """An account with a one-time password, hashed. Raises: BadInput, or IntegrityError for a name taken."""
    require(can_manage(by))
    user = User(username=username, must_change_password=True, password=password)
    _write(user, card)
    with transaction.atomic():
        user.save(force_insert=True)
        index_people([user])
        record("people.create", ("user", user.pk), by=by, at=at, name=user.name, role=user.role)
    return user


def edit(user: User, card: NewPerson, *, by: Doer, at: datetime) -> User:
    """Correct a staff card. An empty phone or address in it clears what was there.

    Raises: BadInput when it does not fit; WrongState when no administrator would be left.
    """
    require(can_manage(by))
    with transaction.atomic():
        _hold_administrators(user)
        row = lock(user)
        before = _plain(row)
        if card.role is not Role.ADMINISTRATOR:
            insist(_last_administrator(row))
        _write(row, card)
        after = _plain(row)
        changed = sorted(key for key in after if after[key] != before[key])
        if not changed:
            return row
        try:
            with transaction.atomic():
                row.save(
                    update_fields=[
                        "name",
                        "role",
                        "organisation",
                        "badge_number",
                        "phone",
                        "email",
                        "skills",
                    ]
                )
        except IntegrityError as error:
            raise BadInput(_("胸牌号已被使用"), field="badge_number") from error
        index_people([row])
        record(
            "people.edit",
            ("user", row.pk),
            by=by,
            at=at,
            before={key: before[key] for key in changed},
            after={key: after[key] for key in changed},
            said="；".join(f"{FIELDS[key]} {before[key] or '—'} → {after[key] or '—'}" for key in changed),
        )
    return row


def _write(user: User, card: NewPerson) -> None:
    """Put a card's values into a row, or refuse them."""
    if not card.name.strip():
        raise BadInput(_("请填写姓名"), field="name")
    if Side(card.organisation.side) is not SIDE_OF[card.role]:
        raise BadInput(_("所选角色与单位不属于同一方"), field="organisation")
    if card.badge_number and (
        User.objects.filter(badge_number=card.badge_number).exclude(pk=user.pk).exists()
    ):
        raise BadInput(_("胸牌号已被使用"), field="badge_number")
    user.name = card.name.strip()
    user.role = card.role.value
    user.organisation = card.organisation
    user.badge_number = card.badge_number
    user.phone = card.phone
    user.email = card.email
    user.skills = [skill.value for skill in Skill if skill in card.skills]


def _plain(user: User) -> dict[str, str]:
    """The card as the journal keeps it: phone and address masked."""
    return {
        "name": user.name,
        "role": str(user.role_name),
        "organisation": user.organisation.name,
        "badge_number": user.badge_number,
        "phone": mask_phone(user.phone),
        "email": user.email[:1] + "***" if user.email else "",
        "skills": "、".join(str(name) for name in user.skill_names),
    }


def edit_contact(user: User, *, phone: str, email: str, by: User, at: datetime) -> User:
    """Correct one's own phone number and address."""
    if user.pk != by.pk:
        require(can_manage(by))
    with transaction.atomic():
        row = lock(user)
        if (row.phone, row.email) == (phone, email):
            return row
        row.phone, row.email = phone, email
        row.save(update_fields=["phone", "email"])
        record("people.edit_contact", ("user", row.pk), by=by, at=at, phone=mask_phone(phone))
    return row


def reset_password(user: User, *, by: Doer, at: datetime) -> str:
    """A one-time password for somebody who forgot theirs; their sessions end and a lock is lifted."""
    require(can_reset_password(by, user))
    password = one_time_password()
    with transaction.atomic():
        row = lock(user)
        row.set_password(password)
        row.must_change_password = True
        row.save(update_fields=["password", "must_change_password"])
        SignedIn.objects.filter(person=row).delete()
        forget_attempts(BY_NAME, name_key(row.username))
        record("people.reset_password", ("user", row.pk), by=by, at=at)
    return password


def deactivate(user: User, *, by: Doer, at: datetime) -> User:
    """Somebody leaves: they cannot sign in, their sessions end and their coming shifts are taken off.

    Raises: WrongState when they have left already or no administrator would be left.
    """
    require(can_deactivate(by, user))
    with transaction.atomic():
        _hold_administrators(user)
        row = lock(user)
        insist([] if row.is_active else [_("账号已停用")])
        insist(_last_administrator(row))
        row.is_active = False
        row.save(update_fields=["is_active"])
        SignedIn.objects.filter(person=row).delete()
        Shift.objects.filter(person=row, starts_at__gt=at).delete()
        record("people.deactivate", ("user", row.pk), by=by, at=at)
    return row


def activate(user: User, *, by: Doer, at: datetime) -> User:
    """Somebody comes back."""
    require(can_manage(by))
    with transaction.atomic():
        row = lock(user)
        insist([_("账号未停用")] if row.is_active else [])
        row.is_active = True
        row.save(update_fields=["is_active"])
        record("people.activate", ("user", row.pk), by=by, at=at)
    return row


def _hold_administrators(user: User) -> None:
    """Lock all administrators, in one order, before one of them is taken away: two cannot both be last."""
    if user.role == Role.ADMINISTRATOR:
        rows = User.objects.active().filter(role=Role.ADMINISTRATOR).order_by("pk")
        list(rows.select_for_update(no_key=True).values_list("pk"))


def _last_administrator(user: User) -> list[str]:
    """The problem with losing an administrator when there is no other."""
    if user.role != Role.ADMINISTRATOR or not user.is_active:
        return []
    others = User.objects.active().filter(role=Role.ADMINISTRATOR).exclude(pk=user.pk)
    return [] if others.exists() else [_("系统至少需要一名系统管理员")]


def reveal_phone(user: User, *, reason: str, by: User, at: datetime) -> str:
    """A colleague's phone number in full. Who looked and why stands in the journal.

    Raises: BadInput without a reason.
    """
    require(can_reveal_phone(by, user))
    reason = reason.strip()
    if len(reason) < 2:
        raise BadInput(_("请说明查看原因"), field="reason")
    with transaction.atomic():
        record("people.reveal_phone", ("user", user.pk), by=by, at=at, reason=reason[:200])
    return user.phone


def add_organisation(name: str, side: Side, *, by: Doer, at: datetime) -> Organisation:
    """A further party. Raises: BadInput when the name is missing or taken."""
    require(can_manage(by))
    name = name.strip()
    if not name:
        raise BadInput(_("请填写单位名称"), field="name")
    with transaction.atomic():
        row, made = Organisation.objects.get_or_create(name=name, defaults={"side": side.value})
        if not made:
            raise BadInput(_("单位已存在"), field="name")
        record("people.add_organisation", ("organisation", row.pk), by=by, at=at, name=name, side=side.value)
    return row
