"""The sweep tells each rung once, costs what is due now, and lets no bad row hold up the others."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import builders, cast
from yika.commitments import jobs
from yika.commitments.jobs import AuditFailed, audit, handle_due
from yika.commitments.models import Alert, Commitment
from yika.commitments.queries import GRACE, unhandled
from yika.commitments.rules import Kind, Promise
from yika.journal.models import Event
from yika.notices.models import Notice
from yika.people.models import User
from yika.standards.rules import Limit

pytestmark = pytest.mark.django_db
AT = cast.AT
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def row_of(row: Commitment) -> Commitment:
    return Commitment.objects.get(pk=row.pk)


def subjects_to(user: User) -> list[str]:
    return list(Notice.objects.filter(to=user).order_by("id").values_list("subject", flat=True))


class TestTheLadder:
    """50 %, 80 %, due, then every hour, as the built-in standard says."""

    def test_each_rung_tells_whom_it_names_once(self) -> None:
        technician, desk, manager = cast.technician(), cast.dispatcher(), cast.manager()
        office, auditor, other = cast.office(), cast.auditor(), cast.stranger()
        bystander = cast.technician()
        row = builders.commitment(holder=technician)
        told = []
        for minute in range(0, 60 * 4, 5):
            while handle_due(AT + minute * MINUTE):
                pass
        for alert in Alert.objects.filter(commitment=row):
            told.append((int((alert.at - AT) / MINUTE), alert.position))
        assert told == [(30, 1), (50, 2), (60, 3), (120, 4), (180, 5)]
        assert subjects_to(technician) == subjects_to(desk)
        assert subjects_to(desk) == [
            "响应还剩 30 分（3月2日 周一 10:12 到期）：G000001 一食堂/一楼 机器不开机",
            "响应还剩 10 分（3月2日 周一 10:12 到期）：G000001 一食堂/一楼 机器不开机",
            "响应时限现在到期：G000001 一食堂/一楼 机器不开机",
            "响应已超时 1 小时 00 分：G000001 一食堂/一楼 机器不开机",
            "响应已超时 2 小时 00 分：G000001 一食堂/一楼 机器不开机",
        ]
        assert subjects_to(manager) == subjects_to(desk)[1:]
        assert subjects_to(office) == subjects_to(desk)[2:]
        for nobody in (auditor, other, bystander):
            assert not Notice.objects.filter(to=nobody).exists()
        events = Event.objects.filter(verb="commitments.alert", key=str(row.pk))
        assert [event.data["position"] for event in events] == [1, 2, 3, 4, 5]
        assert {event.actor for event in events} == {"worker"}

    def test_a_second_run_at_the_same_time_does_nothing(self) -> None:
        builders.commitment()
        cast.dispatcher()
        assert handle_due(AT + 30 * MINUTE) == 1
        assert handle_due(AT + 30 * MINUTE) == 0
        assert Alert.objects.count() == 1

    def test_a_mark_set_too_early_tells_nothing(self) -> None:
        row = builders.commitment()
        handle_due(AT + 3 * HOUR)
        Commitment.objects.filter(pk=row.pk).update(next_alert_at=AT)
        assert handle_due(AT + 3 * HOUR + MINUTE) == 1
        assert Alert.objects.count() == 1 and row_of(row).alert_error == ""
        assert row_of(row).next_alert_at == AT + 4 * HOUR

    def test_after_a_pause_repeated_steps_are_told_once(self) -> None:
        desk = cast.dispatcher()
        row = builders.commitment()
        assert handle_due(AT + 5 * HOUR + MINUTE) == 1
        alert = Alert.objects.get()
        assert (alert.position, alert.told) == (7, ["dispatcher", "holder", "manager", "office"])
        assert subjects_to(desk) == ["响应已超时 4 小时 01 分：G000001 一食堂/一楼 机器不开机"]
        assert row_of(row).next_alert_at == AT + 6 * HOUR

    def test_nothing_settled_or_void_is_told(self) -> None:
        settled, void = builders.commitment(), builders.commitment()
        builders.kept(settled, Promise(Kind.RESPONSE, settled.limit, AT, AT + MINUTE))
        builders.kept(void, None)
        assert handle_due(AT + 10 * HOUR) == 0

    def test_reopened_it_goes_on_where_it_stood(self) -> None:
        row = builders.commitment()
        handle_due(AT + 30 * MINUTE)
        builders.kept(row, Promise(Kind.RESPONSE, row.limit, AT, AT + 40 * MINUTE), at=AT + 40 * MINUTE)
        assert handle_due(AT + 55 * MINUTE) == 0
        builders.kept(row, Promise(Kind.RESPONSE, row.limit, AT), at=AT + 58 * MINUTE)
        assert handle_due(AT + 58 * MINUTE) == 1
        assert [alert.position for alert in Alert.objects.all()] == [1, 2]

    def test_raised_and_lowered_again_tells_no_rung_twice(self) -> None:
        row = builders.commitment()
        hour = Promise(Kind.RESPONSE, row.limit, AT)
        half = Promise(Kind.RESPONSE, Limit("4.2.2.2", 1800), AT)
        handle_due(AT + 30 * MINUTE)
        builders.kept(row, half, at=AT + 35 * MINUTE)
        handle_due(AT + 35 * MINUTE)
        builders.kept(row, hour, at=AT + 40 * MINUTE)
        handle_due(AT + 40 * MINUTE)
        handle_due(AT + 50 * MINUTE)
        assert not row_of(row).alert_error
        seen = [((alert.due_at - AT) / MINUTE, alert.position) for alert in Alert.objects.all()]
        assert seen == [(60, 1), (30, 3), (60, 2)]


class TestABadRow:
    """It is pushed forward with its error shown, and the others are handled."""

    def poison(self) -> Commitment:
        """A rung on record as told that the row does not know of."""
        row = builders.commitment()
        Alert.objects.create(commitment=row, due_at=row.due_at, position=1, at=AT, told=[])
        return row

    def test_does_not_hold_up_the_others(self) -> None:
        good = [builders.commitment() for _ in range(3)]
        bad = row_of(self.poison())
        good += [builders.commitment() for _ in range(3)]
        assert handle_due(AT + 30 * MINUTE) == 7
        assert Alert.objects.filter(commitment__in=good, position=1).count() == 6
        assert Event.objects.filter(verb="commitments.alert").count() == 6
        bad = row_of(bad)
        assert bad.alert_error.startswith("IntegrityError")
        assert bad.next_alert_at == AT + 35 * MINUTE and bad.alerts_sent == 0
        assert handle_due(AT + 34 * MINUTE) == 0

    def test_comes_right_by_itself_once_the_cause_is_gone(self) -> None:
        bad = self.poison()
        handle_due(AT + 30 * MINUTE)
        Alert.objects.all().delete()
        assert handle_due(AT + 35 * MINUTE) == 1
        assert row_of(bad).alert_error == "" and Alert.objects.get().position == 1


class TestCost:
    """In proportion to what is due now, not to what exists."""

    def statements(self, at: datetime) -> int:
        with CaptureQueriesContext(connection) as captured:
            handle_due(at)
        return len([query for query in captured if "SAVEPOINT" not in query["sql"]])

    def test_statements_do_not_grow_with_what_is_due_or_exists(self) -> None:
        cast.dispatcher()
        builders.commitment(holder=cast.technician())
        one = self.statements(AT + 30 * MINUTE)
        for _ in range(20):
            builders.commitment(holder=cast.technician())
        for _ in range(40):
            builders.commitment(started_at=AT + HOUR)
            builders.commitment(settled_at=AT)
        assert self.statements(AT + 30 * MINUTE) == one
        assert Alert.objects.count() == 21

    def test_a_batch_is_bounded_and_the_rest_follows(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(jobs, "BATCH", 4)
        for _ in range(10):
            builders.commitment()
        assert [handle_due(AT + 30 * MINUTE) for _ in range(4)] == [4, 4, 2, 0]

    @pytest.mark.postgres
    def test_sweep_and_audit_read_their_partial_index(self) -> None:
        made = builders.commitment()
        rows = [Commitment(**{**copied(made), "settled_at": AT, "next_alert_at": None}) for _ in range(4000)]
        Commitment.objects.bulk_create(rows)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE commitments_commitment")
        plan = jobs.claimable(AT + HOUR)[:200].explain()
        assert "commitments_alert_due" in plan and "Seq Scan on commitments_commitment" not in plan, plan
        with CaptureQueriesContext(connection) as captured:
            unhandled(AT + HOUR)
        sql = next(query["sql"] for query in captured if "excused_due_at" in query["sql"])
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN " + sql[max(sql.find("SELECT"), 0) :])
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert "commitments_open_due" in plan and "Seq Scan on commitments_commitment" not in plan, plan


def copied(row: Commitment) -> dict[str, object]:
    values = Commitment.objects.filter(pk=row.pk).values().get()
    return {name: value for name, value in values.items() if name != "id"}


class TestTheAuditor:
    """Proves from promises and recorded alerts that nothing due was left unhandled."""

    def test_all_is_well_as_long_as_the_sweep_runs(self) -> None:
        for minutes in (0, 3, 7):
            builders.commitment(started_at=AT + minutes * MINUTE)
        for minute in range(130):
            handle_due(AT + minute * MINUTE)
            audit(AT + minute * MINUTE)

    @pytest.mark.parametrize("minutes", [30, 48, 60, 120, 180])
    def test_a_sweep_that_stopped_shows_after_the_grace(self, minutes: int) -> None:
        row = builders.commitment()
        for minute in range(minutes):
            handle_due(AT + minute * MINUTE)
        reached = AT + minutes * MINUTE
        assert unhandled(reached + GRACE - timedelta(seconds=1)) == []
        assert unhandled(reached + GRACE) == [row.pk]
        with pytest.raises(AuditFailed, match=f"至少 1 项.*{row.pk}"):
            audit(reached + GRACE)
        handle_due(reached + GRACE)
        audit(reached + GRACE)

    @pytest.mark.parametrize("mark", [None, AT + timedelta(days=30)], ids=["emptied", "put off"])
    @pytest.mark.parametrize("minutes", [30, 48, 60, 120])
    def test_a_wrong_mark_shows_at_every_rung(self, mark: datetime | None, minutes: int) -> None:
        row = builders.commitment()
        for minute in range(minutes):
            handle_due(AT + minute * MINUTE)
        Commitment.objects.filter(pk=row.pk).update(next_alert_at=mark)
        handle_due(AT + minutes * MINUTE)
        assert unhandled(AT + minutes * MINUTE) == []
        assert unhandled(AT + minutes * MINUTE + GRACE) == [row.pk]

    def test_a_wrong_count_does_not_hide_it(self) -> None:
        row = builders.commitment()
        Commitment.objects.filter(pk=row.pk).update(alerts_sent=9, next_alert_at=AT + 30 * HOUR)
        assert unhandled(AT + 40 * MINUTE) == [row.pk]

    def test_what_could_not_be_told_shows(self) -> None:
        row = TestABadRow().poison()
        Alert.objects.filter(commitment=row).update(position=3)
        Commitment.objects.filter(pk=row.pk).update(next_alert_at=AT + HOUR)
        handle_due(AT + HOUR)
        assert row_of(row).alert_error
        assert unhandled(AT + HOUR + GRACE) == []  # on record as told
        assert unhandled(AT + 2 * HOUR + GRACE) == [row.pk]

    def test_a_late_reopening_is_given_its_grace(self) -> None:
        row = builders.commitment(settled_at=AT + MINUTE)
        at = AT + 20 * HOUR
        builders.kept(row, Promise(Kind.RESPONSE, row.limit, AT), at=at)
        audit(at)
        audit(at + GRACE - timedelta(seconds=1))
        with pytest.raises(AuditFailed):
            audit(at + GRACE)

    def test_nothing_settled_or_void_is_missed(self) -> None:
        builders.commitment(settled_at=AT + 2 * HOUR)
        builders.kept(builders.commitment(), None)
        audit(AT + 20 * HOUR)

    def test_it_names_some_and_costs_a_constant_number_of_statements(self) -> None:
        for _ in range(3):
            builders.commitment()
        with CaptureQueriesContext(connection) as few:
            assert len(unhandled(AT + 10 * HOUR)) == 3
        for _ in range(30):
            builders.commitment()
        with CaptureQueriesContext(connection) as many:
            assert len(unhandled(AT + 10 * HOUR, most=20)) == 20
        assert len(many) == len(few) == 2
