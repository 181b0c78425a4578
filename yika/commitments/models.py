"""Promises under the standard, what became of them, and who was told."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When

from yika.commitments.rules import Kind, Outcome, Promise, outcome
from yika.contracts.models import Contract
from yika.files.models import StoredFile
from yika.people.models import Organisation
from yika.standards.models import StandardVersion
from yika.standards.rules import Clock, Limit


def _outcome_case(due: str, as_of: datetime) -> Case:
    """The rule ``outcome`` in SQL; tests hold the two against each other."""
    return Case(
        When(Q(settled_at__lte=as_of) & Q(settled_at__lte=F(due)), then=Value(Outcome.MET.value)),
        When(Q(settled_at__lte=as_of), then=Value(Outcome.MISSED.value)),
        When(Q(**{f"{due}__lt": as_of}), then=Value(Outcome.MISSED.value)),
        default=Value(Outcome.OPEN.value),
        output_field=models.CharField(),
    )


class CommitmentRows(models.QuerySet["Commitment"]):
    """Named sets of commitments."""

    def open(self) -> Self:
        """Neither settled nor void."""
        return self.filter(settled_at__isnull=True, voided_at__isnull=True)

    def standing(self) -> Self:
        """Not void: what counts in figures."""
        return self.filter(voided_at__isnull=True)

    def with_outcomes(self, as_of: datetime) -> Self:
        """Annotates ``raw`` (without exemptions) and ``final`` (with exemptions and rulings)."""
        return self.annotate(
            raw=_outcome_case("due_at", as_of),
            final=Case(
                When(~Q(ruled_outcome=""), then=F("ruled_outcome")),
                default=_outcome_case("excused_due_at", as_of),
                output_field=models.CharField(),
            ),
        )


class Commitment(models.Model):
    """One promise: what a clause demands of whom by when.

    ``due_at`` is the pure result of start, allowance and calendar; ``excused_due_at`` adds granted
    exemptions. Both survive settling. Lateness is computed, never stored.
    """

    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in Kind])
    clause = models.CharField(max_length=20)
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="commitments")
    standard = models.ForeignKey(StandardVersion, on_delete=models.PROTECT, related_name="+")
    owed_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="commitments"
    )
    subject = models.CharField(max_length=160, help_text="what it is about, as the notices name it")
    started_at = models.DateTimeField()
    allowance_s = models.PositiveIntegerField(null=True, help_text="seconds; null when given in days")
    allowance_days = models.PositiveSmallIntegerField(null=True)
    clock = models.CharField(max_length=10, choices=[(clock.value, clock.value) for clock in Clock])
    due_at = models.DateTimeField()
    excused_due_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=200, blank=True)
    ruled_outcome = models.CharField(max_length=10, blank=True)
    ruled_reason = models.CharField(max_length=500, blank=True)
    ruled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ruled_at = models.DateTimeField(null=True)
    alerts_sent = models.PositiveIntegerField(
        default=0, help_text="rungs of the ladder told for this due time"
    )
    next_alert_at = models.DateTimeField(null=True)
    alert_error = models.CharField(max_length=300, blank=True)

    objects = CommitmentRows.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_alert_at"],
                condition=Q(next_alert_at__isnull=False),
                name="commitments_alert_due",
            ),
            models.Index(
                fields=["excused_due_at", "id"],
                condition=Q(settled_at__isnull=True, voided_at__isnull=True),
                name="commitments_open_due",
            ),
            models.Index(fields=["contract", "started_at"], name="commitments_period"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(allowance_s__isnull=True) ^ Q(allowance_days__isnull=True),
                name="commitments_one_allowance",
            ),
            models.CheckConstraint(
                condition=Q(due_at__gte=F("started_at")), name="commitments_due_after_start"
            ),
            models.CheckConstraint(
                condition=Q(excused_due_at__gte=F("due_at")), name="commitments_excused_later"
            ),
            models.CheckConstraint(
                condition=Q(next_alert_at__isnull=True) | Q(settled_at__isnull=True, voided_at__isnull=True),
                name="commitments_quiet_when_done",
            ),
        ]

    @property
    def limit(self) -> Limit:
        """The limit in force."""
        return Limit(self.clause, self.allowance_s, self.allowance_days, Clock(self.clock))

    @property
    def promise(self) -> Promise:
        """What this row says, to hold against what the facts say."""
        return Promise(Kind(self.kind), self.limit, self.started_at, self.settled_at)

    @property
    def is_open(self) -> bool:
        """Neither settled nor void."""
        return self.settled_at is None and self.voided_at is None

    def raw_outcome(self, as_of: datetime) -> Outcome:
        """Outcome without exemptions."""
        return outcome(self.due_at, self.settled_at, as_of)

    def final_outcome(self, as_of: datetime) -> Outcome:
        """Outcome with granted exemptions, or as the Office ruled."""
        if self.ruled_outcome:
            return Outcome(self.ruled_outcome)
        return outcome(self.excused_due_at, self.settled_at, as_of)


class Term(models.Model):
    """An allowance a commitment had or has, with the due time it gave: nothing missed is forgotten."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="terms")
    decided_at = models.DateTimeField()
    clause = models.CharField(max_length=20)
    allowance_s = models.PositiveIntegerField(null=True)
    allowance_days = models.PositiveSmallIntegerField(null=True)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    reason = models.CharField(max_length=200)

    class Meta:
        ordering = ("id",)


class Exemption(models.Model):
    """豁免: an interval that the vendor asks not to be counted, decided by the Office."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="exemptions")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    reason = models.CharField(max_length=500)
    evidence = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    granted = models.BooleanField(null=True)
    decision = models.CharField(max_length=500, blank=True, help_text="the Office's reason")

    class Meta:
        ordering = ("id",)
        indexes = [
            models.Index(
                fields=["claimed_at"], condition=Q(decided_at__isnull=True), name="commitments_exempt_open"
            )
        ]
        constraints = [
            models.CheckConstraint(condition=Q(until_at__gt=F("from_at")), name="commitments_exempt_order"),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, granted__isnull=True)
                | Q(decided_at__isnull=False, granted__isnull=False),
                name="commitments_exempt_decided",
            ),
        ]


class Alert(models.Model):
    """That a rung of the ladder was told, once for each due time."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="alerts")
    due_at = models.DateTimeField()
    position = models.PositiveIntegerField()
    at = models.DateTimeField()
    told = models.JSONField(help_text="the roles told")

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "due_at", "position"], name="commitments_alert_once"
            )
        ]
