"""Organisations and the people who sign in."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yika.lib.clock import campus_date
from yika.lib.search import Words
from yika.people.rules import SIDE_OF, Role, Side, Skill, browser

SIDE_NAMES: dict[Side, Promise] = {Side.OFFICE: _("校方"), Side.VENDOR: _("运维服务供应商")}
ROLE_NAMES: dict[Role, Promise] = {
    Role.OFFICE: _("信息化办公室"),
    Role.AUDITOR: _("审计人员"),
    Role.ADMINISTRATOR: _("系统管理员"),
    Role.MANAGER: _("运维负责人"),
    Role.DISPATCHER: _("调度"),
    Role.TECHNICIAN: _("维护人员"),
}
SKILL_NAMES: dict[Skill, Promise] = {
    Skill.TERMINAL: _("终端"),
    Skill.NETWORK: _("网络"),
    Skill.SERVER: _("服务器"),
    Skill.APPLICATION: _("应用系统"),
    Skill.DOOR: _("门禁"),
}


class Organisation(models.Model):
    """A party: the Office, or a vendor."""

    name = models.CharField(max_length=80, unique=True)
    side = models.CharField(max_length=10, choices=[(side.value, SIDE_NAMES[side]) for side in Side])

    def __str__(self) -> str:
        return self.name


class People(BaseUserManager["User"]):
    """Finding people."""

    def active(self) -> "models.QuerySet[User]":
        """Those who may sign in."""
        return self.filter(is_active=True)


class User(AbstractBaseUser):
    """A person with an account and a staff card."""

    username = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    role = models.CharField(max_length=20, choices=[(role.value, ROLE_NAMES[role]) for role in Role])
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="people")
    badge_number = models.CharField(max_length=20, blank=True, help_text="胸牌号, clause 4.1.2")
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    skills = models.JSONField(default=list, blank=True)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    password_changed_at = models.DateTimeField(null=True)

    last_login = None  # SignedIn tells; no signal writes to this row

    objects: ClassVar[People] = People()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["badge_number"], condition=~models.Q(badge_number=""), name="people_badge_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def actor_key(self) -> str:
        """Stable key in the journal."""
        return f"user:{self.pk}"

    @property
    def actor_name(self) -> str:
        """Name in the journal, as it is now."""
        return self.name

    @property
    def side(self) -> Side:
        """The side of the contract this person stands on."""
        return SIDE_OF[Role(self.role)]

    @property
    def side_name(self) -> Promise:
        """The side of the contract in words."""
        return SIDE_NAMES[self.side]

    @property
    def role_name(self) -> Promise:
        """The role in words."""
        return ROLE_NAMES[Role(self.role)]

    @property
    def skill_names(self) -> list[Promise]:
        """The skills in words."""
        return [SKILL_NAMES[skill] for skill in Skill if skill.value in self.skills]

    @property
    def skill_set(self) -> set[Skill]:
        """The skills as values."""
        return {Skill(skill) for skill in self.skills}


class PersonWords(Words):
    """What a person is found by: the name, and behind it, for who may see the card, the badge number."""

    person = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE, related_name="words")


class Shift(models.Model):
    """值班: a person on duty from a moment to another (half-open)."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="shifts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    offered_at = models.DateTimeField(null=True, help_text="since when a colleague is asked to take it")

    class Meta:
        indexes = [models.Index(fields=["ends_at", "starts_at"], name="people_shift_time")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="people_shift_order"
            )
        ]

    @property
    def ends_next_day(self) -> bool:
        """Whether it ends on another campus day than it began."""
        return campus_date(self.starts_at) != campus_date(self.ends_at)


class Attempt(models.Model):
    """One try at something that is limited: a sign-in, a public report. Old rows are swept."""

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=64, help_text="digest of a name, an address: no personal data")
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["kind", "key", "at"], name="people_attempt_key"),
            models.Index(fields=["at"], name="people_attempt_at"),
        ]


class SignedIn(models.Model):
    """A running session of a person: what they can see and end themselves. No row, no session."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(help_text="to the minute")
    address = models.CharField(max_length=45)
    agent = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["seen_at"], name="people_session_seen")]

    @property
    def browser(self) -> str:
        """Browser and system, as a person would name them."""
        return browser(self.agent)
