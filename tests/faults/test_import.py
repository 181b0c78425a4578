"""历史导入: a file of past faults becomes closed history of a contract, and leaves again whole."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import builders, cast
from yika.commitments.jobs import handle_due
from yika.commitments.models import Commitment, Term
from yika.commitments.queries import compliance, due_counts, unhandled
from yika.commitments.rules import Month
from yika.contracts.models import Contract
from yika.faults import cli_history
from yika.faults.actions import asking, finishing, importing
from yika.faults.actions.clocks import bring
from yika.faults.lives import Life
from yika.faults.models import Classification, Fault, FaultImport, Move, Report, Ruling
from yika.faults.queries import facts_of, page_of
from yika.faults.replay import COLUMNS, Judge, Tally, replay
from yika.faults.rules import State, clocks
from yika.journal.jobs import seal
from yika.journal.models import Event
from yika.journal.queries import verify
from yika.journal.rules import COMMAND_LINE
from yika.lib import clock
from yika.lib.decisions import BadInput, NotAllowed, WrongState
from yika.notices.models import Notice
from yika.people.models import User
from yika.people.rules import Side
from yika.standards.actions import builtin
from yika.standards.queries import standard_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
HEADER = ",".join(COLUMNS)
# Every level, a remote repair, one repaired before the arrival, ones never repaired, a special cause.
SAMPLE = f"""{HEADER},team
F1,2025-11-02T08:00,2025-11-02T09:00:00,2025-11-02T20:00:00,1,0,,一组
F2,2025-11-02T08:00,2025-11-02T08:30:01,2025-11-03T08:00:01,5,1,,=1+1
F3,2025-11-02T08:00:00Z,,2025-11-02T08:20:00Z,10,0,,"二组,夜班"
F4,2025-11-02 08:00,2025-11-02 09:00,2025-11-02 08:10,0,1000,,
F5,2025-12-02T08:00+08:00,,,60,,bank,三组
F6,2025-12-31T23:59:59,,,0,100,,
F7,2026-01-01T00:00:00,2026-01-01T00:10,2026-01-01T03:00,6,0,,
"""


@pytest.fixture
def contract() -> Contract:
    return Contract.objects.create(
        number="LS-2025",
        name="上一期合同",
        office=cast.organisation(Side.OFFICE),
        vendor=cast.organisation(Side.VENDOR),
        standard=builtin(NOW),
        starts_on=date(2025, 9, 1),
        ends_on=date(2026, 8, 31),
    )


def written(folder: Path, text: str = SAMPLE) -> Path:
    path = folder / "history.csv"
    path.write_text(text, encoding="utf-8")
    return path


def brought(path: Path, contract: Contract, *, by: Any = COMMAND_LINE, at: datetime = NOW) -> FaultImport:
    return importing.import_faults(
        path, contract=contract, file_name=path.name, shown=importing.fingerprint(path), by=by, at=at
    )


def run(*arguments: str) -> Result:
    with clock.frozen(NOW):
        return CliRunner().invoke(cli_history.faults, list(arguments))


def everything() -> dict[str, int]:
    rows = (Fault, Report, Classification, Move, Ruling, Commitment, Term)
    return {model.__name__: model._base_manager.count() for model in rows}


def test_every_row_becomes_a_closed_fault_with_its_clocks(tmp_path: Path, contract: Contract) -> None:
    made = brought(written(tmp_path), contract)
    rows = list(Fault.objects.select_related("response", "repair", "standard").order_by("pk"))
    assert (made.rows, len(rows)) == (7, 7)
    assert (made.first_reported_at, made.last_reported_at) == (rows[0].reported_at, rows[-1].reported_at)
    levels = ["general", "larger", "major", "severe", "special", "major", "larger"]
    assert [row.severity for row in rows] == levels
    assert {row.state for row in rows} == {State.CLOSED}
    assert all(row.imported_id == made.pk and row.ended_at for row in rows)
    assert rows[1].response and rows[1].response.raw_outcome(NOW) == "missed"
    assert rows[2].response and rows[2].response.settled_at == datetime(2025, 11, 2, 8, 20, tzinfo=UTC)
    assert rows[4].repair is None
    assert [m.verb for m in rows[3].moves.all()] == ["restore", "arrive"]
    assert rows[5].moves.get().note == "原记录没有修复时间，随导入归档"
    assert rows[0].description == "F1；team 一组"
    assert rows[2].description == "F3；team 二组,夜班"


def test_its_rows_say_what_the_clocks_rest_on(tmp_path: Path, contract: Contract) -> None:
    """Asked again from its rows, as any fault is, nothing differs."""
    brought(written(tmp_path), contract)
    for fault in Fault.objects.all():
        standard = standard_of(fault.standard)
        found = clocks(facts_of(fault, standard), standard)
        for row, promise in ((fault.response, found.response), (fault.repair, found.repair)):
            assert (row and row.promise.limit) == (promise and promise.limit)
            assert (row and row.settled_at) == (promise and promise.settled_at)
        before = Event.objects.count()
        bring(fault, by=COMMAND_LINE, at=NOW)
        assert Event.objects.count() == before
        page_of(fault, NOW)
    assert Term.objects.count() == Commitment.objects.count()


RECOUNT = """
SELECT f.severity, c.kind, COUNT(*),
       SUM(CASE WHEN c.settled_at <= c.due_at THEN 1 ELSE 0 END),
       SUM(CASE WHEN c.settled_at > c.due_at OR c.settled_at IS NULL AND c.due_at < %s THEN 1 ELSE 0 END)
FROM commitments_commitment c
JOIN faults_fault f ON f.response_id = c.id OR f.repair_id = c.id
GROUP BY f.severity, c.kind
"""


def test_figures_equal_the_replay_and_a_recount(tmp_path: Path, contract: Contract) -> None:
    path = written(tmp_path)
    standard = standard_of(contract.standard)
    with (tmp_path / "judged.csv").open("w", encoding="utf-8") as target:
        tally: Tally = replay(path, target, Judge(standard, NOW))
    expected: dict[tuple[str, str], list[int]] = {}
    for (severity, response, repair), count in tally.rows.items():
        for kind, how in (("response", response), ("repair", repair)):
            if how:
                figure = expected.setdefault((severity, kind), [0, 0, 0])
                figure[0] += count
                figure[1] += count * (how == "met")
                figure[2] += count * (how == "missed")
    brought(path, contract)
    moment = str(NOW.replace(tzinfo=None)) if connection.vendor == "sqlite" else NOW
    with connection.cursor() as cursor:
        cursor.execute(RECOUNT, [moment])
        recounted = {(level, kind): list(numbers) for level, kind, *numbers in cursor.fetchall()}
    assert recounted == expected
    months = compliance(
        Commitment.objects.filter(contract=contract),
        from_at=Month(2025, 9).starts_at,
        until_at=Month(2026, 9).starts_at,
        as_of=NOW,
    )
    figures = [figure for duties in months.values() for figure in duties.values()]
    assert [Month(2025, 11), Month(2025, 12), Month(2026, 1)] == sorted(months)
    for place, name in enumerate(("total", "met", "missed")):
        counted = sum(getattr(figure, name) for figure in figures)
        assert counted == sum(row[place] for row in expected.values())
    assert not sum(figure.open for figure in figures)


def test_nobody_is_told_of_history(tmp_path: Path, contract: Contract) -> None:
    brought(written(tmp_path), contract)
    later = NOW + timedelta(days=40)
    assert not Notice.objects.exists()
    assert handle_due(later) == 0
    assert unhandled(later) == []
    counts = due_counts(Commitment.objects.all(), later)
    assert (counts.overdue, counts.today, counts.week, counts.later) == (0, 0, 0, 0)
    assert not Fault.objects.open().exists()


def test_an_exemption_granted_later_counts_and_wakes_nobody(tmp_path: Path, contract: Contract) -> None:
    from yika.commitments.actions import claim_exemption, decide_exemption

    brought(written(tmp_path), contract)
    late = Fault.objects.get(description__startswith="F6").repair
    assert late
    claimed = claim_exemption(
        late,
        from_at=late.started_at,
        until_at=late.started_at + timedelta(days=3),
        reason="停电",
        by=cast.manager(),
        at=NOW,
    )
    decide_exemption(claimed, granted=True, decision="属实", by=cast.office(), at=NOW)
    late.refresh_from_db()
    assert late.excused_due_at > late.due_at
    assert late.next_alert_at is None and late.armed_at is None


def test_the_journal_keeps_file_and_faults_and_still_verifies(tmp_path: Path, contract: Contract) -> None:
    made = brought(written(tmp_path), contract)
    told = Event.objects.get(verb="faults.import_file")
    assert told.data["rows"] == 7 and told.data["sha256"] == made.sha256
    assert told.data["counts"] == {
        "general": 1, "larger": 2, "major": 2, "severe": 1, "special": 1,
    }  # fmt: skip
    each = Event.objects.filter(verb="faults.take_over").order_by("pk")
    reported = Fault.objects.order_by("pk").values_list("reported_at", flat=True)
    assert [event.happened_at for event in each] == list(reported)
    while seal(NOW):
        pass
    assert not verify().findings


def test_the_same_file_is_refused_naming_the_import(tmp_path: Path, contract: Contract) -> None:
    path = written(tmp_path)
    made = brought(path, contract)
    with pytest.raises(WrongState, match=f"命令行.*第 {made.pk} 号"):
        brought(path, contract)
    assert Fault.objects.count() == 7
    importing.undo_import(made, by=COMMAND_LINE, at=NOW)
    assert brought(path, contract).rows == 7


def test_undo_removes_all_of_it_and_only_it(tmp_path: Path, contract: Contract) -> None:
    builders.fault(State.CLOSED)
    others = everything()
    made = brought(written(tmp_path), contract)
    office = cast.office("周敏")
    assert importing.undo_import(made, by=office, at=NOW) == 7
    assert everything() == others
    made.refresh_from_db()
    assert (made.undone_at, made.undone_by_name) == (NOW, "周敏")
    assert Event.objects.get(verb="faults.undo_import").data["rows"] == 7
    with pytest.raises(WrongState, match="周敏"):
        importing.undo_import(made, by=office, at=NOW)
    connection.check_constraints()


def test_undo_is_refused_once_somebody_worked_on_it(tmp_path: Path, contract: Contract) -> None:
    made = brought(written(tmp_path), contract)
    fault = Fault.objects.get(description__startswith="F1")
    later = NOW + timedelta(minutes=1)
    asking.propose_special(fault, cause="bank", claim="银行端", by=cast.manager(), at=later)
    with pytest.raises(WrongState, match=fault.number):
        importing.undo_import(made, by=cast.office(), at=later)
    assert Fault.objects.count() == 7


def test_history_cannot_be_reopened(tmp_path: Path, contract: Contract) -> None:
    recent = f"{HEADER}\nN1,2026-03-02T10:00,2026-03-02T10:10,2026-03-02T11:00,1,0,\n"
    brought(written(tmp_path, recent), contract)
    with pytest.raises(WrongState, match="不能重开"):
        finishing.reopen(Fault.objects.get(), by=cast.dispatcher(), at=NOW, note="又坏了")


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("F1,2025-11-02,,,1,0,", "reported_at", "无法识别的时间"),
        ("F1,2024-11-02T08:00,,2024-11-02T09:00,1,0,", "reported_at", "不在合同期内"),
        ("F1,2026-03-02T11:00,,2026-03-02T13:00,1,0,", "repaired_at", "晚于现在"),
        ("F1,2026-03-02T11:30,,,1,0,", "repaired_at", "时限未到"),
        ("F1,2025-11-02T08:00,,2025-11-02T09:00,-1,0,", "terminals", "不能为负"),
        ("F1,2025-11-02T08:00,,2025-11-02T09:00,1,0,天气", "cause", "未知的原因"),
        ("F9,2025-11-02T08:00,,2025-11-02T09:00,1,0,", "ref", "与第 2 行重复"),
    ],
)
def test_a_bad_row_is_named_and_nothing_comes_in(
    tmp_path: Path, contract: Contract, row: str, column: str, words: str
) -> None:
    good = "F9,2025-11-02T08:00,,2025-11-02T09:00,1,0,"
    path = written(tmp_path, f"{HEADER}\n{good}\n{row}\n")
    result = run(str(path), "--contract", contract.number, "--yes")
    assert result.exit_code == 1
    assert f"第 3 行 {column}：" in result.stderr and words in result.stderr
    with pytest.raises(BadInput, match=column):
        brought(path, contract)
    assert not Fault.objects.exists() and not FaultImport.objects.exists()


def test_a_row_may_name_place_and_device(tmp_path: Path, contract: Contract) -> None:
    device = builders.device("XF-0001", at=f"{builders.CAMPUS}/一食堂/一楼/豆浆")
    head = f"{HEADER},place,device,description"
    row = "1,2025-11-02T08:00,,2025-11-02T09:00,1,0,"
    path = written(tmp_path, f"{head}\n{row},,XF-0001,刷卡无反应\n2{row[1:]},{builders.CAMPUS}/一食堂,,\n")
    brought(path, contract)
    first, second = Fault.objects.select_related("place", "device", "response").order_by("pk")
    assert (first.device, first.place, first.description) == (device, device.place, "刷卡无反应；1")
    assert second.device is None and second.where == f"{builders.CAMPUS}/一食堂"
    assert first.response and first.response.subject == f"{first.number} 一食堂/一楼/豆浆 其他"
    result = run(
        str(written(tmp_path, f"{head}\n{row},火星,XF-9,\n")), "--contract", contract.number, "--dry-run"
    )
    assert "没有这个地点 「火星」" in result.stderr


def test_the_command_previews_asks_and_undoes(tmp_path: Path, contract: Contract) -> None:
    path = written(tmp_path)
    looked = run(str(path), "--contract", contract.number, "--dry-run")
    assert looked.exit_code == 0 and "合计" in looked.stdout and not Fault.objects.exists()
    assert "没有修复时间 2 件" in looked.stdout
    done = run(str(path), "--contract", contract.number, "--yes")
    assert done.exit_code == 0, done.stderr
    made = FaultImport.objects.get()
    assert f"yika import undo {made.pk}" in done.stdout
    assert run(str(path), "--contract", contract.number, "--yes").exit_code == 1
    undone = CliRunner().invoke(cli_history.undo, [str(made.pk), "--yes"])
    assert undone.exit_code == 0 and not Fault.objects.exists()
    assert run(str(path), "--contract", "HT-0", "--yes").exit_code == 2


def test_pages_take_faults_without_a_place(
    tmp_path: Path, contract: Contract, client_as: Callable[[User | None], Client]
) -> None:
    made = brought(written(tmp_path), contract)
    client = client_as(cast.office())
    with clock.frozen(NOW):
        for fault in Fault.objects.all():
            page = client.get(f"/faults/{fault.pk}/").content.decode()
            assert "2025年" in page or fault.reported_at >= Month(2026, 1).starts_at
            assert made.file_name in page and "不能重开" in page
            for row in (fault.response, fault.repair):
                assert row is None or client.get(f"/commitments/{row.pk}/").status_code == 200
        assert 'class="row-link"' not in client.get("/faults/?state=open").content.decode()
        found = client.get("/faults/?state=all&q=夜班").content.decode()
        assert Fault.objects.get(description__contains="夜班").number in found
        statement = client.get(f"/compliance/?month=2025-11&contract={contract.pk}")
        assert statement.status_code == 200
        assert client.get("/due/?scope=all").status_code == 200


def upload(text: str, contract: Contract) -> dict[str, Any]:
    return {"contract": contract.pk, "file": SimpleUploadedFile("history.csv", text.encode(), "text/csv")}


def test_the_page_previews_then_brings_in_and_undoes(
    contract: Contract, client_as: Callable[[User | None], Client]
) -> None:
    client = client_as(cast.office("周敏"))
    with clock.frozen(NOW):
        answer = client.post("/faults/imports/", upload(SAMPLE, contract))
        assert answer.status_code == 200 and not Fault.objects.exists()
        kept = answer.context["apply_form"].initial["kept"]
        assert client.post("/faults/imports/apply/", {"kept": kept}).status_code == 302
        made = FaultImport.objects.get()
        assert (made.rows, made.by_name, made.file_name) == (7, "周敏", "history.csv")
        assert client.post("/faults/imports/apply/", {"kept": kept}).status_code == 409
        again = client.post("/faults/imports/", upload(SAMPLE, contract))
        assert again.status_code == 409 and "周敏" in again.content.decode()
        assert client.post("/faults/imports/apply/", {"kept": "x"}).status_code == 422
        assert client.post(f"/faults/imports/{made.pk}/undo/").status_code == 302
        assert client.post(f"/faults/imports/{made.pk}/undo/").status_code == 409
    assert not Fault.objects.exists()


def test_the_page_names_bad_rows(contract: Contract, client_as: Callable[[User | None], Client]) -> None:
    client = client_as(cast.office())
    bad = f"{HEADER}\n" + "".join(f"F{n},昨天,,,1,0,\n" for n in range(130))
    with clock.frozen(NOW):
        answer = client.post("/faults/imports/", upload(bad, contract))
        assert answer.status_code == 422
        assert len(answer.context["problems"]) == 100 and answer.context["more"] == 30
        assert client.post("/faults/imports/", upload("ref\n1\n", contract)).status_code == 422
        assert client.post("/faults/imports/", upload(HEADER, contract)).status_code == 422


def test_only_the_office_brings_history_in(tmp_path: Path, contract: Contract) -> None:
    with pytest.raises(NotAllowed):
        brought(written(tmp_path), contract, by=cast.manager())


def test_the_list_costs_the_same_however_long(
    contract: Contract, client_as: Callable[[User | None], Client]
) -> None:
    client = client_as(cast.office())
    counts = []
    for number in range(8):
        FaultImport.objects.create(
            contract=contract, file_name=f"{number}.csv", sha256=f"{number:064d}", rows=1,
            first_reported_at=NOW, last_reported_at=NOW, at=NOW, by_name="周敏",
        )  # fmt: skip
        if number in (0, 1, 7):
            with clock.frozen(NOW), CaptureQueriesContext(connection) as queries:
                assert client.get("/faults/imports/").status_code == 200
            counts.append(len(queries))
    assert counts[1] == counts[2] <= counts[0]


def test_memory_holds_one_batch(contract: Contract, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lives are taken as they are written, not gathered first."""
    from django.db import transaction

    from yika.faults.actions import bulk

    monkeypatch.setattr(bulk, "BATCH", 10)
    taken = 0

    def lives() -> Any:
        nonlocal taken
        for _n in range(35):
            taken += 1
            yield Life(NOW, 1, 0, "other", "x", "history", State.CLOSED, NOW)

    with transaction.atomic():
        counts = bulk.write(lives(), contract=contract, by=COMMAND_LINE, at=NOW)
        assert next(counts) == 10 and taken == 10
        assert list(counts) == [10, 10, 5]
    assert Fault.objects.count() == 35
