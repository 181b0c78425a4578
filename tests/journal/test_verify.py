"""Whatever is done to the journal behind the application's back is found, and named."""

import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import DatabaseError, connection, transaction

from tests import cast
from yika.journal import cli, guards, queries
from yika.journal.actions import event, record, record_all, seal
from yika.journal.models import Event, Seal
from yika.journal.rules import BATCH, SYSTEM, Kind, Report, copying

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def happen(number: int, at: datetime = cast.AT) -> list[int]:
    with transaction.atomic():
        for n in range(number):
            record("thing.move", ("thing", n), by=SYSTEM, at=at, from_place=f"{n}号楼", to=[n])
    return sorted(Event.objects.order_by("-id").values_list("id", flat=True)[:number])


def sql(text: str, *values: int | str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text, values)


@pytest.fixture
def unguarded() -> None:
    guards.remove(connection)


@pytest.fixture
def three_seals() -> list[int]:
    """Nine events in three seals, a minute between them."""
    pks: list[int] = []
    for n in range(3):
        pks += happen(3, cast.AT + n * MINUTE)
        seal(at=cast.AT + n * MINUTE + timedelta(seconds=30))
    return pks


def kinds(report: Report) -> set[tuple[Kind, int | None]]:
    return {(finding.kind, finding.event_id) for finding in report.findings if finding.kind != Kind.UNGUARDED}


def test_an_untouched_journal_is_in_order(three_seals: list[int]) -> None:
    happen(2, cast.AT + 4 * MINUTE)
    report = queries.verify([Seal.objects.earliest("id").hash, Seal.objects.latest("id").hash[:16].upper()])
    assert report.ok, report.findings
    assert (report.seals, report.events, report.unsealed) == (3, 11, 2)
    assert report.last and report.last.hash == Seal.objects.latest("id").hash
    assert report.oldest_unsealed_at == cast.AT + 4 * MINUTE


def test_an_empty_journal_is_in_order() -> None:
    assert seal(at=cast.AT) == 0
    assert queries.verify().ok
    assert not queries.verify(["0123456789abcdef"]).ok


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_event SET actor_name = 'x' WHERE id = %s",
        "UPDATE journal_event SET seal_id = NULL WHERE id = %s",
        "UPDATE journal_event SET id = 999999 WHERE id = %s",
        "DELETE FROM journal_event WHERE id = %s",
        "UPDATE journal_seal SET hash = 'x' WHERE id = (SELECT seal_id FROM journal_event WHERE id = %s)",
        "DELETE FROM journal_seal WHERE id = (SELECT seal_id FROM journal_event WHERE id = %s)",
    ],
)
def test_the_database_refuses_changes(statement: str, three_seals: list[int]) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        sql(statement, three_seals[4])
    assert queries.verify().ok


@pytest.mark.parametrize(
    "change", ["digest = 'x'", "data = '{}'", "at = happened_at", "actor = 'x', seal_id = seal_id"]
)
def test_not_even_an_unsealed_event_changes(change: str, three_seals: list[int]) -> None:
    (pk,) = happen(1)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        sql(f"UPDATE journal_event SET {change} WHERE id = %s", pk)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.filter(pk=pk).update(seal=Seal.objects.latest("id"), key="2")
    assert seal(at=cast.AT) == 1


def test_an_event_is_never_inserted_as_sealed(three_seals: list[int]) -> None:
    forged = event("thing.move", ("thing", 9), by=SYSTEM, at=cast.AT)
    forged.seal = Seal.objects.latest("id")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        record_all([forged])


@pytest.mark.skipif("connection.vendor != 'sqlite'")
def test_sqlite_refuses_to_replace(three_seals: list[int]) -> None:
    for table in ("journal_event", "journal_seal"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            sql(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1")


@pytest.mark.postgres
def test_postgresql_refuses_to_truncate(three_seals: list[int]) -> None:
    sql("SET CONSTRAINTS ALL IMMEDIATE")  # nothing of this transaction stands in the way
    for tables in ("journal_event", "journal_event, journal_seal"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            sql(f"TRUNCATE {tables} CASCADE")


def test_guards_taken_away_are_missed(unguarded: None) -> None:
    report = queries.verify()
    assert {finding.kind for finding in report.findings} == {Kind.UNGUARDED}
    guards.install(connection)
    assert queries.verify().ok


def test_an_update_is_found(unguarded: None, three_seals: list[int]) -> None:
    sql("UPDATE journal_event SET actor_name = '别人' WHERE id = %s", three_seals[4])
    assert kinds(queries.verify()) == {(Kind.ALTERED, three_seals[4])}


def test_an_update_with_its_digest_is_found(unguarded: None, three_seals: list[int]) -> None:
    row = Event.objects.get(pk=three_seals[4])
    forged = event("thing.move", ("thing", 77), by=SYSTEM, at=row.at)
    Event.objects.filter(pk=row.pk).update(key="77", data={}, digest=forged.digest)
    assert kinds(queries.verify()) == {(Kind.ALTERED, row.pk)}


def test_an_update_of_an_unsealed_event_is_found(unguarded: None) -> None:
    (pk,) = happen(1)
    sql("UPDATE journal_event SET actor_name = '别人' WHERE id = %s", pk)
    assert kinds(queries.verify()) == {(Kind.ALTERED, pk)}


def test_a_delete_is_found(unguarded: None, three_seals: list[int]) -> None:
    sql("DELETE FROM journal_event WHERE id = %s", three_seals[4])
    assert kinds(queries.verify()) == {(Kind.MISSING, three_seals[4])}


def test_a_swap_of_contents_is_found(unguarded: None, three_seals: list[int]) -> None:
    one, other = (Event.objects.filter(pk=pk).values().get() for pk in three_seals[3:5])
    for row, said in ((one, other), (other, one)):
        fields = {key: value for key, value in said.items() if key not in ("id", "seal_id")}
        Event.objects.filter(pk=row["id"]).update(**fields)
    assert kinds(queries.verify()) == {(Kind.SWAPPED, three_seals[3]), (Kind.SWAPPED, three_seals[4])}


def test_a_swap_of_ids_is_found(unguarded: None, three_seals: list[int]) -> None:
    one, other = three_seals[3:5]
    for old, new in ((one, 999_999), (other, one), (999_999, other)):
        sql("UPDATE journal_event SET id = %s WHERE id = %s", new, old)
    assert kinds(queries.verify()) == {(Kind.SWAPPED, one), (Kind.SWAPPED, other)}


def test_a_swap_between_seals_is_found(unguarded: None, three_seals: list[int]) -> None:
    one, other = three_seals[0], three_seals[8]
    for old, new in ((one, 999_999), (other, one), (999_999, other)):
        sql("UPDATE journal_event SET id = %s WHERE id = %s", new, old)
    assert {(Kind.FOREIGN, one), (Kind.FOREIGN, other)} <= kinds(queries.verify())


def test_a_forged_event_in_a_seal_is_found(unguarded: None, three_seals: list[int]) -> None:
    forged = event("thing.move", ("thing", 9), by=SYSTEM, at=cast.AT)
    forged.seal = Seal.objects.earliest("id")
    record_all([forged])
    forged = Event.objects.latest("id")
    assert kinds(queries.verify()) == {(Kind.FOREIGN, forged.pk)}


def test_an_event_inserted_into_the_past_is_found(three_seals: list[int]) -> None:
    seal(at=cast.AT + 60 * MINUTE)
    happen(1, cast.AT + 60 * MINUTE)
    seal(at=cast.AT + 60 * MINUTE)
    (pk,) = happen(1, cast.AT)
    assert kinds(queries.verify()) == {(Kind.PASSED_OVER, pk)}
    seal(at=cast.AT + 61 * MINUTE)
    assert kinds(queries.verify()) == {(Kind.BACKDATED, pk)}


def test_a_late_entry_through_the_application_is_in_order(three_seals: list[int]) -> None:
    at = cast.AT + 60 * MINUTE
    with transaction.atomic():
        record("thing.move", ("thing", 1), by=SYSTEM, at=at, happened_at=cast.AT)
    seal(at=at)
    assert queries.verify().ok


def test_catching_up_after_a_long_stop_is_in_order() -> None:
    with transaction.atomic():
        record_all([event("thing.move", ("thing", n), by=SYSTEM, at=cast.AT) for n in range(2 * BATCH + 7)])
    later = cast.AT + timedelta(days=3)
    assert [seal(at=later) for _ in range(4)] == [BATCH, BATCH, 7, 0]
    report = queries.verify()
    assert report.ok and report.events == 2 * BATCH + 7


@pytest.mark.parametrize(
    "change", ["entries = '[]'", "entries = '\"x\"'", "sealed_at = '2020-01-01 00:00:00+00:00'"]
)
def test_an_altered_seal_is_found(change: str, unguarded: None, three_seals: list[int]) -> None:
    sql(f"UPDATE journal_seal SET {change} WHERE id = %s", Seal.objects.all()[1].pk)
    assert Kind.CHAIN in {kind for kind, _ in kinds(queries.verify())}


def test_a_seal_taken_out_of_the_middle_is_found(unguarded: None, three_seals: list[int]) -> None:
    sql("DELETE FROM journal_event WHERE seal_id = %s", Seal.objects.all()[1].pk)
    sql("DELETE FROM journal_seal WHERE id = %s", Seal.objects.all()[1].pk)
    assert kinds(queries.verify()) == {(Kind.CHAIN, None)}


def test_a_tail_cut_off_is_found_by_a_noted_hash(unguarded: None, three_seals: list[int]) -> None:
    last = Seal.objects.latest("id")
    noted = f"{last.hash[:8]} {last.hash[8:16]}-{last.hash[16:20]}"
    assert kinds(queries.verify([noted])) == set()
    sql("DELETE FROM journal_event WHERE seal_id = %s", last.pk)
    sql("DELETE FROM journal_seal WHERE id = %s", last.pk)
    assert kinds(queries.verify()) == set()
    assert kinds(queries.verify([noted])) == {(Kind.EXPECTED, None)}


def test_a_journal_rewritten_from_the_start_is_found_by_a_noted_hash(
    unguarded: None, three_seals: list[int]
) -> None:
    noted = Seal.objects.latest("id").hash
    Event.objects.update(seal=None)
    sql("DELETE FROM journal_seal")
    sql("DELETE FROM journal_event WHERE id = %s", three_seals[0])
    seal(at=cast.AT + 3 * MINUTE)
    assert kinds(queries.verify()) == set()
    assert kinds(queries.verify([noted])) == {(Kind.EXPECTED, None)}


def test_an_event_that_commits_late_falls_into_a_later_seal(unguarded: None) -> None:
    pks = happen(3)
    late = Event.objects.get(pk=pks[0])
    late.delete()
    seal(at=cast.AT)
    late.pk = pks[0]
    late.save(force_insert=True)
    seal(at=cast.AT + MINUTE)
    assert [seal.entries[0][0] for seal in Seal.objects.all()] == [pks[1], pks[0]]
    assert kinds(queries.verify()) == set()


def test_many_findings_are_counted_not_hoarded(unguarded: None) -> None:
    with transaction.atomic():
        record_all([event("thing.move", ("thing", n), by=SYSTEM, at=cast.AT) for n in range(1100)])
    while seal(at=cast.AT):
        pass
    sql("UPDATE journal_event SET verb = 'x'")
    report = queries.verify()
    assert len(report.findings) + report.more == 1100 + len(guards.missing(connection))
    assert report.more


# The copy


def lines() -> list[str]:
    return list(copying.written(queries.sealed(queries.last_seal()), queries.unsealed()))


def test_a_copy_is_checked_without_the_database(three_seals: list[int]) -> None:
    happen(2)
    report = copying.check(lines(), [Seal.objects.latest("id").hash])
    assert report.ok, report.findings
    assert (report.seals, report.events, report.unsealed) == (3, 11, 2)


def replaced(old: str, new: str) -> Callable[[list[str]], list[str]]:
    return lambda text: "".join(text).replace(old, new, 1).splitlines(keepends=True)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (replaced("1号楼", "2号楼"), Kind.ALTERED),
        (lambda text: text[:2] + text[3:], Kind.MISSING),
        (lambda text: text[4:], Kind.CHAIN),
        (lambda text: text[:-1], Kind.UNREADABLE),
        (lambda text: text[:-5], Kind.UNREADABLE),
        (lambda text: [*text[:2], "?\n", *text[2:]], Kind.UNREADABLE),
        (lambda text: [], Kind.UNREADABLE),
    ],
)
def test_a_changed_copy_is_found(
    change: Callable[[list[str]], list[str]], kind: Kind, three_seals: list[int]
) -> None:
    assert kind in {finding.kind for finding in copying.check(change(lines())).findings}


# The command line


def test_the_command_says_so_and_exits_with_0_or_1(three_seals: list[int]) -> None:
    good = CliRunner().invoke(cli.verify, ["--expect", Seal.objects.latest("id").hash])
    assert good.exit_code == 0, good.output
    assert "未发现改动" in good.output and Seal.objects.latest("id").hash in good.output
    guards.remove(connection)
    sql("DELETE FROM journal_event WHERE id = %s", three_seals[4])
    bad = CliRunner().invoke(cli.verify)
    assert bad.exit_code == 1
    assert f"记录 {three_seals[4]}：记录已丢失" in bad.output
    plain = CliRunner().invoke(cli.verify, ["--json"])
    assert plain.exit_code == 1
    assert {"kind": "missing", "event_id": three_seals[4]}.items() <= json.loads(plain.output)["findings"][
        -1
    ].items()


def test_the_command_refuses_what_is_no_hash() -> None:
    for text in ("abc", "z" * 64):
        assert CliRunner().invoke(cli.verify, ["--expect", text]).exit_code == 2


def test_an_export_is_verified_from_its_file(three_seals: list[int], tmp_path: Path) -> None:
    path = tmp_path / "copy.jsonl"
    assert CliRunner().invoke(cli.export, ["--out", str(path)]).exit_code == 0
    assert CliRunner().invoke(cli.verify, ["--file", str(path)]).exit_code == 0
    path.write_text(path.read_text("utf-8").replace("1号楼", "3号楼", 1), "utf-8")
    assert CliRunner().invoke(cli.verify, ["--file", str(path)]).exit_code == 1
    printed = CliRunner().invoke(cli.export)
    assert copying.check(io.StringIO(printed.output)).ok
