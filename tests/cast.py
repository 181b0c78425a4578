"""The people who play in the tests."""

from datetime import UTC, datetime
from itertools import count

from yika.people.actions.words import index_people
from yika.people.models import Organisation, User
from yika.people.rules import SIDE_OF, Role, Side, Skill

AT = datetime(2026, 3, 2, 1, 12, tzinfo=UTC)  # Monday 09:12 on campus
PASSWORD = "Kaoyan-2026-ok"
_numbers = count(1)


def organisation(side: Side) -> Organisation:
    name = "信息化办公室" if side is Side.OFFICE else "运维服务供应商"
    return Organisation.objects.get_or_create(name=name, defaults={"side": side})[0]


def person(role: Role, name: str = "", *, skills: tuple[Skill, ...] = (), email: str = "") -> User:
    number = next(_numbers)
    user = User(
        username=f"{role.value}{number}",
        name=name or f"{role.value}{number}",
        role=role,
        organisation=organisation(SIDE_OF[role]),
        badge_number=f"B{number:04d}",
        phone=f"1380000{number:04d}",
        email=email,
        skills=[skill.value for skill in skills],
        password_changed_at=AT,
    )
    user.set_password(PASSWORD)
    user.save()
    index_people([user])
    return user


def office(name: str = "") -> User:
    return person(Role.OFFICE, name)


def auditor(name: str = "") -> User:
    return person(Role.AUDITOR, name)


def administrator(name: str = "") -> User:
    return person(Role.ADMINISTRATOR, name)


def manager(name: str = "") -> User:
    return person(Role.MANAGER, name)


def dispatcher(name: str = "") -> User:
    return person(Role.DISPATCHER, name)


def technician(name: str = "", *skills: Skill) -> User:
    return person(Role.TECHNICIAN, name, skills=skills or (Skill.TERMINAL,))


def stranger(name: str = "") -> User:
    """A technician of another vendor."""
    other = Organisation.objects.get_or_create(name="另一供应商", defaults={"side": Side.VENDOR})[0]
    user = technician(name)
    user.organisation = other
    user.save(update_fields=["organisation"])
    return user
