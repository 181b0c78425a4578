"""Promises under the standard, what became of them, and who was told."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When

from yika.commitments.rules import Kind, Outcome, Promise, outcome, ran_out
from yika.commitments.words import subject_said
from yika.contracts.models import Contract
from yika.files.models import StoredFile
from yika.people.models import Organisation
from yika.standards.models import StandardVersion
from yika.standards.rules import Clock, Limit

OPEN = Q(settled_at__isnull=True, voided_at__isnull=True, armed_at__isnull=False)


def met_by(due: str, as_of: datetime) -> Q:
    """The rule ``outcome`` in SQL, where it says met; tests hold the two against each other."""
    return Q(settled_at__lte=as_of) & Q(settled_at__lte=F(due))


def open_by(due: str, as_of: datetime) -> Q:
    """The same, where it says open."""
    return Q(**{f"{due}__gte": as_of}) & (Q(settled_at__isnull=True) | Q(settled_at__gt=as_of))


def _outcome_case(due: str, as_of: datetime) -> Case:
    return Case(
        When(met_by(due, as_of), then=Value(Outcome.MET.value)),
        When(open_by(due, as_of), then=Value(Outcome.OPEN.value)),
        default=Value(Outcome.MISSED.value),
        output_field=models.CharField(),
    )


def _missed_terms() -> "models.QuerySet[Term]":
    """Terms that ran out before they were replaced, and before the duty was done."""
    return Term.objects.order_by().filter(
        Q(commitment__settled_at__isnull=True) | Q(commitment__settled_at__gt=F("due_at")),
        replaced_at__isnull=False,  # says nothing new, but the planner knows how few these are
        replaced_at__gt=F("due_at"),
    )


class CommitmentRows(models.QuerySet["Commitment"]):
    """Named sets of commitments."""

    def open(self) -> Self:
        """Neither settled nor void; what history never saw done is no longer open to anybody."""
        return self.filter(OPEN)

    def standing(self) -> Self:
        """Not void: what counts in figures."""
        return self.filter(voided_at__isnull=True)

    def with_former_misses(self) -> Self:
        """Annotates ``formerly_missed``: a limit since replaced had run out, as ``Term.was_missed`` says."""
        return self.annotate(formerly_missed=Exists(_missed_terms().filter(commitment=OuterRef("pk"))))

    def formerly_missed(self) -> Self:
        """Those of which that is so, found from the few terms that were ever replaced."""
        return self.filter(pk__in=_missed_terms().values("commitment"))

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
    armed_at = models.DateTimeField(
        null=True,
        help_text="since when the sweep has known this due time: it answers for rungs from then on; "
        "null for history brought in, of which nobody is told",
    )
    alert_error = models.CharField(max_length=300, blank=True)

    # what querysets annotate
    raw: str
    final: str
    formerly_missed: bool

    objects = CommitmentRows.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_alert_at"],
                condition=Q(next_alert_at__isnull=False),
                name="commitments_alert_due",
            ),
            models.Index(fields=["excused_due_at", "id"], condition=OPEN, name="commitments_open_due"),
            models.Index(fields=["holder"], condition=OPEN, name="commitments_held"),
            models.Index(  # a month is counted from the index alone, without a look at its rows
                fields=["contract", "started_at"],
                include=["kind", "clause", "due_at", "excused_due_at", "settled_at", "ruled_outcome"],
                condition=Q(voided_at__isnull=True),
                name="commitments_period",
            ),
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
            models.CheckConstraint(
                condition=Q(next_alert_at__isnull=True) | Q(armed_at__isnull=False),
                name="commitments_history_is_quiet",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in Kind]), name="commitments_kind"
            ),
            models.CheckConstraint(
                condition=Q(ruled_outcome="", ruled_at__isnull=True, ruled_by__isnull=True)
                | Q(
                    ruled_outcome__in=[Outcome.MET.value, Outcome.MISSED.value],
                    ruled_at__isnull=False,
                    ruled_by__isnull=False,
                ),
                name="commitments_ruled_whole",
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
    def about(self) -> str:
        """The subject in the reader's language."""
        return subject_said(self.subject)

    @property
    def is_open(self) -> bool:
        """Neither settled nor void, nor history."""
        return self.settled_at is None and self.voided_at is None and self.armed_at is not None

    def raw_outcome(self, as_of: datetime) -> Outcome:
        """Outcome without exemptions."""
        return outcome(self.due_at, self.settled_at, as_of)

    def excused_outcome(self, as_of: datetime) -> Outcome:
        """Outcome with granted exemptions."""
        return outcome(self.excused_due_at, self.settled_at, as_of)

    def final_outcome(self, as_of: datetime) -> Outcome:
        """Outcome with granted exemptions, or as the Office ruled."""
        return Outcome(self.ruled_outcome) if self.ruled_outcome else self.excused_outcome(as_of)


class Term(models.Model):
    """An allowance a commitment had or has, with the due time it gave: nothing missed is forgotten.

    The one in force has no ``replaced_at``.
    """

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="terms")
    decided_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)
    clause = models.CharField(max_length=20)
    allowance_s = models.PositiveIntegerField(null=True)
    allowance_days = models.PositiveSmallIntegerField(null=True)
    clock = models.CharField(max_length=10, choices=[(clock.value, clock.value) for clock in Clock])
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    reason = models.CharField(max_length=200)

    class Meta:
        ordering = ("id",)
        indexes = [
            models.Index(
                fields=["commitment"], condition=Q(replaced_at__isnull=False), name="commitments_replaced"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["commitment"], condition=Q(replaced_at__isnull=True), name="commitments_one_term"
            )
        ]

    @property
    def limit(self) -> Limit:
        """The limit as it stood."""
        return Limit(self.clause, self.allowance_s, self.allowance_days, Clock(self.clock))

    def was_missed(self, settled_at: datetime | None) -> bool:
        """It ran out before it was replaced, and the duty was not done in its time."""
        return self.replaced_at is not None and ran_out(self.due_at, self.replaced_at, settled_at)


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
