"""A fault and everything its clocks rest on: reports, classifications, moves, rulings."""

import secrets
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from yika.assets.models import Device, Place
from yika.commitments.models import Commitment
from yika.contracts.models import Contract
from yika.faults.models.filters import SavedFilter as SavedFilter
from yika.faults.models.reach import Reach as Reach
from yika.faults.rules import ENDED, RulingKind, State, Verb, spot_of
from yika.faults.words import RULINGS, STATES
from yika.files.models import StoredFile
from yika.lib.search import Words
from yika.standards.models import StandardVersion
from yika.standards.queries import standard_of
from yika.standards.rules import Level

USER = settings.AUTH_USER_MODEL


def new_secret() -> str:
    """An unguessable secret for a reporter's tracking link."""
    return secrets.token_urlsafe(16)


class Channel(models.TextChoices):
    """How a report came in."""

    QR = "qr", pgettext_lazy("channel", "扫码报修")
    WEB = "web", pgettext_lazy("channel", "网页报修")
    PHONE = "phone", _("电话")
    IN_PERSON = "in_person", _("当面")
    MONITORING = "monitoring", _("监控发现")
    INSPECTION = "inspection", _("巡检发现")
    HISTORY = "history", _("历史导入")


class Symptom(models.TextChoices):
    """What the reporter saw."""

    TERMINAL_DEAD = "terminal_dead", _("机器不开机或死机")
    TERMINAL_OFFLINE = "terminal_offline", _("机器脱机、连不上网")
    CANNOT_PAY = "cannot_pay", _("刷卡不扣款或扣款出错")
    CANNOT_TOP_UP = "cannot_top_up", _("圈存、充值失败")
    CARD_UNREADABLE = "card_unreadable", _("卡片刷不出来")
    CARD_DAMAGED = "card_damaged", _("卡片折断、开裂等物理损坏")
    DOOR = "door", _("门禁、通道刷卡异常")
    SYSTEM = "system", _("系统、网络异常")
    OTHER = "other", _("其他")


class FaultImport(models.Model):
    """历史导入: a file of past faults brought in as closed history of a contract, all of it or nothing."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="fault_imports")
    file_name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    first_reported_at = models.DateTimeField()
    last_reported_at = models.DateTimeField()
    at = models.DateTimeField()
    by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=80)
    undone_at = models.DateTimeField(null=True)
    undone_by_name = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["sha256"], condition=Q(undone_at__isnull=True), name="faults_import_once"
            )
        ]

    def __str__(self) -> str:
        return self.file_name


class FaultRows(models.QuerySet["Fault"]):
    """Named sets of faults."""

    def open(self) -> Self:
        """Not ended."""
        return self.filter(ended_at__isnull=True)


class Fault(models.Model):
    """One outage. ``reported_at``, ``severity`` and ``urgent_at`` are results of its facts, written by one
    function (``actions.clocks.bring``); the rest is moved by its verbs.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="faults")
    standard = models.ForeignKey(StandardVersion, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=30, choices=[(state.value, state.value) for state in State])
    place = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="faults")
    device = models.ForeignKey(Device, null=True, on_delete=models.PROTECT, related_name="faults")
    symptom = models.CharField(max_length=20, choices=Symptom)
    description = models.CharField(max_length=500)
    reported_at = models.DateTimeField(help_text="the earliest provable report")
    severity = models.CharField(max_length=20)
    urgent_at = models.DateTimeField(help_text="the next open due time; far away when no clock runs")
    response = models.OneToOneField(
        Commitment, null=True, on_delete=models.PROTECT, related_name="fault_by_response"
    )
    repair = models.OneToOneField(
        Commitment, null=True, on_delete=models.PROTECT, related_name="fault_by_repair"
    )
    technician = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="faults")
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    follows = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="followed_by")
    imported = models.ForeignKey(
        FaultImport, null=True, on_delete=models.PROTECT, related_name="faults", db_index=False
    )
    rooted = models.BooleanField(
        default=False, db_default=False, help_text="failed devices are named of which the network was asked"
    )
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = FaultRows.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["urgent_at", "id"],
                include=["state"],
                condition=Q(ended_at__isnull=True),
                name="faults_burning",
            ),
            models.Index(fields=["-reported_at", "-id"], name="faults_latest"),
            models.Index(
                fields=["technician", "urgent_at"], condition=Q(ended_at__isnull=True), name="faults_work"
            ),
            models.Index(fields=["place"], condition=Q(ended_at__isnull=True), name="faults_open_place"),
            models.Index(fields=["device", "reported_at"], name="faults_device"),
            models.Index(
                fields=["contract"], condition=Q(ended_at__isnull=True, rooted=True), name="faults_outages"
            ),
            models.Index(
                fields=["imported", "id"], condition=Q(imported__isnull=False), name="faults_imported"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=False, state__in=sorted(ENDED))
                | Q(ended_at__isnull=True) & ~Q(state__in=sorted(ENDED)),
                name="faults_ended_when_ended",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=False, state=State.MERGED)
                | Q(merged_into__isnull=True) & ~Q(state=State.MERGED),
                name="faults_merged_into_one",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """G000123: what people say on the phone."""
        return f"G{self.pk:06d}"

    @property
    def level(self) -> Level:
        """The level, as the fault's own standard knows it."""
        return standard_of(self.standard).level(self.severity)

    @property
    def severity_word(self) -> str:
        """The level in the reader's language."""
        level = self.level
        return level.name_en if get_language() == "en" else level.name

    @property
    def state_word(self) -> str:
        """The state in words."""
        return str(STATES[State(self.state)])

    @property
    def what(self) -> str:
        """The device, or else the symptom, in words."""
        return str(self.device) if self.device else self.get_symptom_display()

    @property
    def where(self) -> str:
        """The place in words."""
        return self.place.full_name if self.place else ""

    @property
    def spot(self) -> str:
        """The last steps of the place, without the school's own name, as people on campus say it."""
        return spot_of(self.where)


class FaultWords(Words):
    """What a fault is found by itself: what its reports say, phone and identity numbers masked.

    Its place, device and technician are found by words of their own.
    """

    fault = models.OneToOneField(Fault, primary_key=True, on_delete=models.CASCADE, related_name="words")


class Report(models.Model):
    """One person's report of an outage. ``reported_at`` is claimed, ``recorded_at`` stamped by the server.

    Name and phone are personal data: masked unless revealed with a reason.
    """

    fault = models.ForeignKey(Fault, on_delete=models.PROTECT, related_name="reports")
    channel = models.CharField(max_length=20, choices=Channel)
    reported_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    description = models.CharField(max_length=500, blank=True)
    reporter_name = models.CharField(max_length=40, blank=True)
    reporter_phone = models.CharField(max_length=20, blank=True)
    secret = models.CharField(max_length=40, unique=True, default=new_secret)
    submission = models.UUIDField(unique=True, help_text="a double tap finds the row it made")
    taken_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=10, default="zh-hans")
    rating = models.PositiveSmallIntegerField(null=True)
    comment = models.CharField(max_length=500, blank=True)
    rated_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("reported_at", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(reported_at__lte=models.F("recorded_at")), name="faults_report_order"
            ),
            models.CheckConstraint(
                condition=Q(rating__isnull=True) | Q(rating__gte=1, rating__lte=5), name="faults_rating_range"
            ),
        ]
        indexes = [models.Index(fields=["rated_at"], condition=Q(rating__isnull=False), name="faults_rated")]

    @property
    def late(self) -> bool:
        """Noted after the claimed time."""
        return self.reported_at < self.recorded_at


class Photo(models.Model):
    """A picture sent with a report, or made at work."""

    fault = models.ForeignKey(Fault, on_delete=models.PROTECT, related_name="photos")
    report = models.ForeignKey(Report, null=True, on_delete=models.PROTECT, related_name="photos")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")


class Classification(models.Model):
    """Counts and devices as understood at a moment; every one is kept.

    The first is the intake's; ``ruled`` ones are the Office's.
    """

    fault = models.ForeignKey(Fault, on_delete=models.PROTECT, related_name="classifications")
    terminals = models.PositiveIntegerField()
    cardholders = models.PositiveIntegerField()
    devices = models.ManyToManyField(Device, related_name="+")
    severity = models.CharField(max_length=20, help_text="what these counts alone give")
    reason = models.CharField(max_length=500, blank=True)
    ruled = models.BooleanField(default=False)
    by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)

    @property
    def by_network(self) -> Reach | None:
        """What the network said, if it was asked; wants ``reach`` joined."""
        return getattr(self, "reach", None)

    @property
    def cardholders_word(self) -> str:
        """How many cardholders, or that nobody knows; wants ``reach`` joined."""
        said = self.by_network
        if said and said.cardholders == self.cardholders:
            return said.cardholders_word
        return str(_("%(n)d 人") % {"n": self.cardholders})

    @property
    def severity_word(self) -> str:
        """The level in the reader's language."""
        level = standard_of(self.fault.standard).level(self.severity)
        return level.name_en if get_language() == "en" else level.name


class Move(models.Model):
    """One step in a fault's life, with the time it is claimed to have happened and the time recorded."""

    fault = models.ForeignKey(Fault, on_delete=models.PROTECT, related_name="moves")
    verb = models.CharField(max_length=30, choices=[(verb.value, verb.value) for verb in Verb])
    from_state = models.CharField(max_length=30)
    to_state = models.CharField(max_length=30)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    technician = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    scanned = models.BooleanField(default=False, help_text="arrival proven by the device's label")
    note = models.CharField(max_length=500, blank=True)
    taken_back_at = models.DateTimeField(null=True, help_text="a restoration that a reopening took back")

    class Meta:
        ordering = ("id",)
        indexes = [models.Index(fields=["fault", "verb"], name="faults_move_verb")]
        constraints = [
            models.CheckConstraint(
                condition=Q(happened_at__lte=models.F("recorded_at")), name="faults_move_order"
            )
        ]

    @property
    def late(self) -> bool:
        """补录: recorded after it is claimed to have happened."""
        return self.happened_at < self.recorded_at


class Ruling(models.Model):
    """认定: something the vendor asks and the Office decides, with evidence and reason."""

    fault = models.ForeignKey(Fault, on_delete=models.PROTECT, related_name="rulings")
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in RulingKind])
    classification = models.ForeignKey(
        Classification, null=True, on_delete=models.PROTECT, related_name="rulings"
    )
    move = models.ForeignKey(Move, null=True, on_delete=models.PROTECT, related_name="rulings")
    cause = models.CharField(max_length=40, blank=True, help_text="key of a special cause of the standard")
    claim = models.CharField(max_length=500)
    evidence = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    granted = models.BooleanField(null=True)
    decision = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("id",)
        indexes = [
            models.Index(fields=["asked_at"], condition=Q(decided_at__isnull=True), name="faults_ruling_open")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["fault", "kind"],
                condition=Q(decided_at__isnull=True, move__isnull=True),
                name="faults_one_open_question",
            ),
            models.UniqueConstraint(fields=["move", "kind"], name="faults_one_question_a_move"),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, granted__isnull=True)
                | Q(decided_at__isnull=False, granted__isnull=False),
                name="faults_ruling_decided",
            ),
        ]

    @property
    def kind_word(self) -> str:
        """What is asked, in words."""
        return str(RULINGS[RulingKind(self.kind)])

    @property
    def cause_word(self) -> str:
        """The special cause in the reader's language."""
        if not self.cause:
            return ""
        cause = standard_of(self.fault.standard).cause(self.cause)
        return cause.name_en if get_language() == "en" else cause.name


class Feedback(models.Model):
    """That the reporter was told the result, by whom and how. Source: 4.2.1."""

    class Way(models.TextChoices):
        """How the reporter was told."""

        PHONE = "phone", _("电话")
        SMS = "sms", _("短信")
        WECHAT = "wechat", _("微信、企业微信")
        IN_PERSON = "in_person", _("当面")
        PAGE = "page", _("进度页面（报修人未留联系方式）")

    fault = models.ForeignKey(Fault, on_delete=models.PROTECT, related_name="feedbacks")
    way = models.CharField(max_length=20, choices=Way)
    told = models.CharField(max_length=500)
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)


class FaultLog(models.Model):
    """故障日志: what the standard asks to be written before a fault is closed. Source: 4.2.1."""

    fault = models.ForeignKey(Fault, on_delete=models.PROTECT, related_name="logs")
    entries = models.JSONField(help_text="field key of the standard to text")
    by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)

    @property
    def lines(self) -> list[tuple[str, str]]:
        """Each field's label in the reader's language, with what was written."""
        english = get_language() == "en"
        fields = standard_of(self.fault.standard).fault_log
        return [(f.name_en if english else f.name, self.entries.get(f.key, "")) for f in fields]


class Complaint(models.Model):
    """投诉: lands with the Office, answered by it. Source: 4.1.2."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="complaints")
    text = models.CharField(max_length=500)
    at = models.DateTimeField()
    answer = models.CharField(max_length=500, blank=True)
    answered_by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)
        indexes = [
            models.Index(fields=["at"], condition=Q(answered_at__isnull=True), name="faults_complaint_open")
        ]


NEVER = datetime.fromisoformat("9000-01-01T00:00:00+00:00")
