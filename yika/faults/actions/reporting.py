"""What a reporter does with nothing but the tracking link, and how the Office answers."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yika.faults.actions.dispatching import split
from yika.faults.actions.finishing import reopen
from yika.faults.actions.intake import join
from yika.faults.actions.intake import report as report_anew
from yika.faults.actions.telling import tell_office
from yika.faults.models import Channel, Complaint, Fault, Report, Symptom
from yika.faults.policies import can_answer, can_reveal
from yika.faults.queries.facts import restored_at
from yika.faults.queries.following import joined_by_itself
from yika.faults.rules import RESTORED_STATES, State, reopening_problem
from yika.journal.actions import record
from yika.journal.rules import REPORTER
from yika.lib.decisions import BadInput, WrongState, require
from yika.lib.locking import lock
from yika.people.models import User
from yika.standards.queries import standard_of


def outage_of(report: Report) -> Fault:
    """The fault a report belongs to now, through merges."""
    fault = report.fault
    while fault.merged_into is not None:
        fault = fault.merged_into
    return fault


def rate(report: Report, *, rating: int, comment: str, at: datetime) -> Report:
    """评价: 1 to 5 once the fault is repaired; the vendor cannot change it.

    Raises: BadInput out of range, WrongState before the repair or a second time.
    """
    if rating not in range(1, 6):
        raise BadInput(_("请选择 1 到 5 分"), field="rating")
    with transaction.atomic():
        row = lock(report)
        if State(outage_of(row).state) not in RESTORED_STATES:
            raise WrongState(_("故障修复后才能评价"))
        if row.rated_at is not None:
            raise WrongState(_("您已经评价过了，谢谢"))
        row.rating, row.comment, row.rated_at = rating, comment.strip()[:500], at
        row.save(update_fields=["rating", "comment", "rated_at"])
        record("faults.rate", ("fault", row.fault_id), by=REPORTER, at=at, rating=rating, comment=row.comment)
    return row


def complain(report: Report, *, text: str, at: datetime) -> Complaint:
    """投诉: lands with the Office. At most three for one report. Source: 4.1.2."""
    if not text.strip():
        raise BadInput(_("请写明投诉内容"), field="text")
    with transaction.atomic():
        row = lock(report)
        if row.complaints.count() >= 3:
            raise WrongState(_("您的投诉已收到，信息化办公室正在处理"))
        complaint = Complaint.objects.create(report=row, text=text.strip()[:500], at=at)
        fault = row.fault
        record("faults.complain", ("fault", fault.pk), by=REPORTER, at=at, complaint=complaint.pk)
        tell_office(
            fault,
            gettext_lazy("收到投诉，%(number)s"),
            at=at,
            url=f"/complaints/{complaint.pk}/",
            urgent=True,
        )
    return complaint


def answer(complaint: Complaint, *, text: str, by: User, at: datetime) -> Complaint:
    """The Office answers; the reporter reads it on the tracking page."""
    require(can_answer(by))
    if not text.strip():
        raise BadInput(_("请写明答复"), field="answer")
    with transaction.atomic():
        row = lock(complaint)
        if row.answered_at is not None:
            raise WrongState(_("该投诉已答复"))
        row.answer, row.answered_by, row.answered_at = text.strip()[:500], by, at
        row.save(update_fields=["answer", "answered_by", "answered_at"])
        record("faults.answer", ("fault", row.report.fault_id), by=by, at=at, complaint=row.pk)
    return row


def still_broken(report: Report, *, note: str, submission: uuid.UUID, at: datetime) -> Report:
    """The reporter says it is not repaired: reopened within the window, else a new fault that follows it.

    What joined an outage by itself is taken out again instead: its upstream is back, the machine is not.
    Returns the report to follow from now on.
    """
    fault = outage_of(report)
    if State(fault.state) not in RESTORED_STATES:
        raise WrongState(_("故障还在处理中"))
    own = report.fault
    if own.pk != fault.pk and joined_by_itself(own):
        split(own, by=REPORTER, at=at, note=note or _("报修人反映上联恢复后仍未修好"))
        return report
    if reopening_problem(restored_at(fault), at, standard_of(fault.standard)) is None:
        reopen(fault, by=REPORTER, at=at, note=note or _("报修人反映仍未修好"))
        return report
    going_on = fault.followed_by.filter(ended_at__isnull=True).order_by("pk").first()
    if going_on is not None:
        return join(
            going_on,
            channel=Channel.WEB,
            submission=submission,
            by=REPORTER,
            at=at,
            description=note,
            reporter_name=report.reporter_name,
            reporter_phone=report.reporter_phone,
            language=report.language,
        )
    return report_anew(
        channel=Channel.WEB,
        symptom=Symptom(fault.symptom),
        submission=submission,
        by=REPORTER,
        at=at,
        place=fault.place,
        device=fault.device,
        description=note,
        reporter_name=report.reporter_name,
        reporter_phone=report.reporter_phone,
        follows=fault,
        language=report.language,
    )


def reveal(report: Report, *, reason: str, by: User, at: datetime) -> tuple[str, str]:
    """The reporter's name and phone in full, for a reason that goes on record. Source: 5.2."""
    require(can_reveal(by, report.fault))
    if not reason.strip():
        raise BadInput(_("请写明查看原因"), field="reason")
    with transaction.atomic():
        record(
            "faults.reveal",
            ("fault", report.fault_id),
            by=by,
            at=at,
            report=report.pk,
            reason=reason.strip()[:200],
        )
    return report.reporter_name, report.reporter_phone
