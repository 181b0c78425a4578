"""Bringing in people and shifts from a file: everything in one transaction, or nothing."""

from datetime import datetime

from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher
from django.db import IntegrityError, transaction

from yika.journal.actions import record
from yika.lib.decisions import require
from yika.lib.locking import lock
from yika.lib.office.bringing import Plan, Upload, overtaken
from yika.lib.text import exact
from yika.people.actions.accounts import NewPerson, add_account, edit, one_time_password
from yika.people.bringing import WantedCard, WantedShift, planned_people, planned_shifts
from yika.people.models import Shift, User
from yika.people.policies import Doer, can_manage, may, rosterable
from yika.people.rules import Right, Role

ROUNDS = 20_000
"""Of hashing a one-time password: its 59 random bits need no slow hash, and a file has many of them. At the
first sign-in it is hashed anew with all rounds, and must be changed."""


def import_people(
    upload: Upload, *, by: Doer, at: datetime
) -> tuple[Plan[WantedCard], list[tuple[User, str]]]:
    """Bring in people as the preview showed; the plan, and each new account with its one-time password.

    Each account has its own event as if made or edited by hand, and one tells of the file.
    Raises: BadInput for a line that cannot be used, WrongState when the plan is no longer what was shown.
    """
    require(can_manage(by))
    with transaction.atomic():
        list(User.objects.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))
        plan = planned_people(upload.read)
        plan.insist(upload.shown)
        made = []
        try:
            for item in plan.new:
                password = one_time_password()
                card = _card(item.value)
                made.append(
                    (
                        add_account(item.value.username, card, password=_hashed(password), by=by, at=at),
                        password,
                    )
                )
        except IntegrityError as error:
            raise overtaken() from error
        # Who becomes an administrator first: one must always be left.
        for item in sorted(plan.changed, key=lambda item: item.value.role is not Role.ADMINISTRATOR):
            edit(User.objects.get(username=item.value.username), _card(item.value), by=by, at=at)
        if not plan.is_empty:
            record(
                "people.import_people",
                ("import", upload.sha256[:40]),
                by=by,
                at=at,
                file_name=upload.file_name,
                sha256=upload.sha256,
                added=len(plan.new),
                changed=len(plan.changed),
            )
    return plan, made


def _card(wanted: WantedCard) -> NewPerson:
    return NewPerson(
        name=wanted.name,
        role=wanted.role,
        organisation=wanted.organisation,
        badge_number=wanted.badge_number,
        phone=wanted.phone,
        email=wanted.email,
        skills=wanted.skills,
    )


def _hashed(password: str) -> str:
    hasher = get_hasher()
    if isinstance(hasher, PBKDF2PasswordHasher):
        return hasher.encode(password, hasher.salt(), iterations=ROUNDS)
    return str(hasher.encode(password, hasher.salt()))


def import_shifts(upload: Upload, *, by: User, at: datetime) -> Plan[WantedShift]:
    """Bring in shifts as the preview showed; the one event tells each of them.

    Raises: BadInput for a line that cannot be used, WrongState when the plan is no longer what was shown.
    """
    require(may(by, Right.MANAGE_ROSTER))
    with transaction.atomic():
        people = rosterable(by).order_by("pk")
        list(people.select_for_update(of=("self",), no_key=True).values_list("pk"))
        plan = planned_shifts(upload.read, by=by, at=at)
        plan.insist(upload.shown)
        Shift.objects.bulk_create(
            Shift(person=one.person, starts_at=one.starts_at, ends_at=one.ends_at)
            for one in (item.value for item in plan.new)
        )
        told = []
        for item in plan.changed:
            one = item.value
            row = lock(Shift.objects.get(person=one.person, starts_at=one.starts_at))
            told.append(f"{item.label} {item.detail}（{exact(row.ends_at)}）")
            row.ends_at = one.ends_at
            row.save(update_fields=["ends_at"])
        if not plan.is_empty:
            record(
                "people.import_shifts",
                ("import", upload.sha256[:40]),
                by=by,
                at=at,
                file_name=upload.file_name,
                sha256=upload.sha256,
                added=len(plan.new),
                changed=len(plan.changed),
                shifts=[*(f"{item.label} {item.detail}" for item in plan.new), *told],
            )
    return plan
