"""Changes, line by line; what the Office said; what was tested; what was found different."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from yika.assets.models import Device, DeviceKind
from yika.changes.rules import (
    AFTERWARDS,
    DECIDING,
    ENDED,
    TEXT_LENGTH,
    TITLE_LENGTH,
    Kind,
    Mode,
    Scope,
    State,
    Word,
)
from yika.commitments.models import Commitment
from yika.contracts.models import Contract
from yika.files.models import StoredFile

USER = settings.AUTH_USER_MODEL


def _codes(words: "type[Kind | Mode | State | Word]") -> list[tuple[str, str]]:
    return [(word.value, word.value) for word in words]


class Pattern(models.Model):
    """标准变更: what the Office approved beforehand, within its scope and until a day."""

    name = models.CharField(max_length=TITLE_LENGTH, unique=True)
    kind = models.CharField(max_length=12, choices=_codes(Kind))
    families = models.JSONField(help_text="sorts of fields: place, life, parameters …")
    device_kinds = models.ManyToManyField(DeviceKind, related_name="+")
    terms = models.CharField(max_length=TEXT_LENGTH, blank=True)
    until_on = models.DateField()
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name

    @property
    def scope(self) -> Scope:
        """What it allows."""
        codes = frozenset(kind.code for kind in self.device_kinds.all())
        return Scope(Kind(self.kind), frozenset(self.families), codes, self.until_on)


class Change(models.Model):
    """变更: what somebody wants to change, and how it fared. Source: 4.1.4."""

    submission = models.UUIDField(unique=True)
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=12, choices=_codes(Kind))
    mode = models.CharField(max_length=12, choices=_codes(Mode))
    state = models.CharField(max_length=12, choices=_codes(State), default=State.DRAFT.value)
    title = models.CharField(max_length=TITLE_LENGTH)
    reason = models.CharField(max_length=TEXT_LENGTH)
    risk = models.CharField(max_length=TEXT_LENGTH)
    plan = models.CharField(max_length=TEXT_LENGTH)
    back_out = models.CharField(max_length=TEXT_LENGTH)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    devices = models.ManyToManyField(Device, related_name="changes")
    pattern = models.ForeignKey(Pattern, null=True, on_delete=models.PROTECT, related_name="changes")
    confirmation = models.OneToOneField(
        Commitment, null=True, on_delete=models.PROTECT, related_name="change"
    )
    asked_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="changes")
    made_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    executed_at = models.DateTimeField(null=True)
    executed_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    executed_note = models.CharField(max_length=TEXT_LENGTH, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "from_at"], name="changes_windows"),
            models.Index(fields=["contract", "id"], name="changes_of_contract"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(until_at__gt=F("from_at")), name="changes_window_order"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=False, state__in=sorted(ENDED))
                | Q(ended_at__isnull=True) & ~Q(state__in=sorted(ENDED)),
                name="changes_ended_when_ended",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """BG000123: what people say on the phone."""
        return f"BG{self.pk:06d}"


class Line(models.Model):
    """One value of one device: what it was when asked, what it shall be. Consent means exactly these."""

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="lines")
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="change_lines")
    field = models.CharField(max_length=100)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    before_words = models.TextField(blank=True)
    after_words = models.TextField(blank=True)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["change", "device", "field"], name="changes_line_once"),
        ]

    def __str__(self) -> str:
        return f"{self.device_id} {self.field}"


class Vote(models.Model):
    """What a named person of the Office said, and the answer to a question; once given both stand."""

    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="votes")
    word = models.CharField(max_length=10, choices=_codes(Word))
    reason = models.CharField(max_length=500, blank=True)
    answer = models.CharField(
        max_length=500, blank=True, help_text="what the proposer answered to a question"
    )
    answered_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["change"], condition=Q(word__in=sorted(DECIDING)), name="changes_one_decision"
            ),
            models.UniqueConstraint(
                fields=["change"], condition=Q(word__in=sorted(AFTERWARDS)), name="changes_one_confirmation"
            ),
        ]

    def __str__(self) -> str:
        return self.word


class Trial(models.Model):
    """测试记录: one thing tried after a change, what was expected and what came of it."""

    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="trials")
    item = models.CharField(max_length=200)
    expected = models.CharField(max_length=200)
    result = models.CharField(max_length=200)
    passed = models.BooleanField()
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.item


class Blackout(models.Model):
    """封网时段: when nothing should be changed, such as the opening of term or exams."""

    name = models.CharField(max_length=TITLE_LENGTH)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("from_at", "id")
        constraints = [
            models.CheckConstraint(condition=Q(until_at__gt=F("from_at")), name="changes_blackout_order"),
        ]

    def __str__(self) -> str:
        return self.name


class Difference(models.Model):
    """现场差异: what was found in the field to differ from what is recorded; a change may follow."""

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="differences")
    field = models.CharField(max_length=100)
    recorded_words = models.TextField(blank=True)
    found = models.JSONField(null=True)
    found_words = models.TextField(blank=True)
    note = models.CharField(max_length=500, blank=True)
    photo = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    change = models.ForeignKey(Change, null=True, on_delete=models.SET_NULL, related_name="differences")

    class Meta:
        indexes = [models.Index(fields=["-at", "-id"], name="changes_differences_latest")]

    def __str__(self) -> str:
        return f"{self.device_id} {self.field}"
