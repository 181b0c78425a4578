"""Lists as people write them, and what an import makes of them. No database."""

from collections.abc import Iterable
from io import BytesIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from xlsxwriter import Workbook

from yika.assets import rules
from yika.assets.rules import KnownDevice, Parsed, Plan, Trouble, World
from yika.lib.office.reading import Unreadable, plain
from yika.lib.office.tables import Column, Table, csv_lines, write_xlsx

KINDS = {
    "消费机": "payment-terminal",
    "payment-terminal": "payment-terminal",
    "门禁控制器": "door-controller",
}
EMPTY = World(frozenset(), {}, KINDS)
LIST = "桂子大学\n桂子大学/一食堂/一楼/豆浆1\n桂子大学/一食堂/一楼/面馆/水吧\n桂子大学/一食堂/一楼/面馆\n"


def table_lines(rows: Iterable[tuple[str, ...]]) -> Iterable[str]:
    """Devices as the list taken away writes them."""
    columns = [Column(rules.HEADERS[name][0]) for name in ("place", "number", "kind", "model", "serial")]
    return csv_lines(Table("", "", columns, rows))


def applied(world: World, planned: Plan) -> World:
    """The world after a plan was carried out."""
    devices = dict(world.devices)
    for new in planned.new_devices:
        devices[new.number] = KnownDevice(new.number, new.kind, new.path, new.model, new.serial)
    for change in planned.changes:
        fields = {("path" if name == "place" else name): after for name, _before, after in change.fields}
        devices[change.number] = KnownDevice(**{**vars(devices[change.number]), **fields})
    places = world.places | {place.path for place in planned.new_places}
    return World(frozenset(places), devices, world.kinds)


def told(parsed: Parsed | Plan) -> list[tuple[int, str, Trouble]]:
    return [(problem.line, problem.column, problem.trouble) for problem in parsed.problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lists_are_read_in_the_encodings_offices_save(encoding: str, newline: str) -> None:
    parsed = rules.parse(*rules.decode(LIST.replace("\n", newline).encode(encoding)))
    assert not parsed.problems
    assert [row.path for row in parsed.rows] == LIST.splitlines()


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04\x00\x00", b"\x89PNG\r\n\x1a\n\x00\x00", b"\xff\xfea", b"\xff\xff\xff"]
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        rules.decode(data)


def test_a_file_too_big_is_refused() -> None:
    with pytest.raises(Unreadable):
        rules.decode(b"a" * (rules.MAX_BYTES + 1))


def workbook(title: str, columns: list[str], rows: list[tuple[str, ...]]) -> bytes:
    file = BytesIO()
    write_xlsx(Table(title, "导出时间 …", [Column(name) for name in columns], rows), file)
    return file.getvalue()


def test_what_was_taken_away_as_excel_is_read_below_its_title_and_note() -> None:
    paths = LIST.splitlines()
    parsed = rules.parse(*rules.decode(workbook("地点", ["地点"], [(path,) for path in paths])))
    assert [row.path for row in parsed.rows] == paths and parsed.rows[0].line == 4
    columns = [rules.HEADERS[column][0] for column in rules.COLUMNS]
    device = ("桂子大学/一食堂", "000123", "消费机", "", "1\n2")
    parsed = rules.parse(*rules.decode(workbook("设备", columns, [device])))
    assert [(row.line, row.number, row.serial) for row in parsed.rows] == [(4, "000123", "1 2")]


@pytest.mark.parametrize("mark", ["\t", ",", ";"])
def test_a_table_without_a_heading_is_refused_with_the_headings_expected(mark: str) -> None:
    rows = [("桂子大学/一食堂", "XF-1", "消费机"), ("桂子大学/二食堂", "XF-2", "消费机")]
    (problem,) = rules.parse("\n".join(map(mark.join, rows))).problems
    assert (problem.line, problem.trouble) == (0, Trouble.NO_HEADING)
    assert problem.detail == "地点、设备编号、类型、型号、序列号"
    paths = rules.parse("桂子大学\n桂子大学/豆浆,油条\n")
    assert [row.path for row in paths.rows] == ["桂子大学", "桂子大学/豆浆,油条"]


def test_digits_a_spreadsheet_lost_are_named_by_their_heading_among_all_errors() -> None:
    file = BytesIO()
    book = Workbook(file)
    sheet = book.add_worksheet()
    for line, cells in enumerate(
        [
            ("地点", "设备编号", "类型", "型号", "资产号", "序列号"),
            ("甲", "1", "消费机", "", "", ""),
            ("甲", "2", "咖啡机", "", "", 12345678901234567890),
            ("", "3", "消费机", "", 12345678901234567890, ""),
        ]
    ):
        sheet.write_row(line, 0, cells)
    book.close()
    planned = rules.plan(rules.parse(*rules.decode(file.getvalue())), EMPTY)
    assert told(planned) == [
        (3, "序列号", Trouble.DIGITS_LOST),
        (3, "类型", Trouble.UNKNOWN_KIND),
        (4, "资产号", Trouble.DIGITS_LOST),
        (4, "地点", Trouble.NO_PLACE),
    ]


def test_a_new_top_is_pointed_out_where_there_are_places_already() -> None:
    assert rules.plan(rules.parse("hello\n"), EMPTY).new_tops == ()
    world = World(frozenset({"桂子大学"}), {}, KINDS)
    assert rules.plan(rules.parse("hello\n桂子大学/一食堂\n"), world).new_tops == ("hello",)


def test_a_place_may_be_a_line_and_an_ancestor() -> None:
    planned = rules.plan(rules.parse(LIST), EMPTY, terminals=True)
    assert [place.path for place in planned.new_places] == [
        "桂子大学",
        "桂子大学/一食堂",
        "桂子大学/一食堂/一楼",
        "桂子大学/一食堂/一楼/豆浆1",
        "桂子大学/一食堂/一楼/面馆",
        "桂子大学/一食堂/一楼/面馆/水吧",
    ]
    windows = [(device.number, device.path.rpartition("/")[2]) for device in planned.new_devices]
    assert windows == [("XF-0001", "豆浆1"), ("XF-0002", "水吧")], "面馆 has something below it: no window"


def test_terminals_only_when_asked_for() -> None:
    assert not rules.plan(rules.parse(LIST), EMPTY).new_devices


def test_numbers_continue_after_the_largest() -> None:
    there = {
        number: KnownDevice(number, "payment-terminal", "别处", "", "")
        for number in ("XF-0041", "XF-7x", "Z-99")
    }
    planned = rules.plan(rules.parse("甲/乙\n甲/丙\n"), World(frozenset(), there, KINDS), terminals=True)
    assert [device.number for device in planned.new_devices] == ["XF-0042", "XF-0043"]


def test_names_are_trimmed_at_their_ends_only() -> None:
    parsed = rules.parse("\ufeff　大学 / 一 食堂　/\u200b１号 \n\n  \n")
    assert [(row.line, row.path) for row in parsed.rows] == [(1, "大学/一 食堂/１号")]


def test_repeated_lines_are_named_by_both_lines() -> None:
    parsed = rules.parse("甲/乙\n甲/丙\n 甲/乙\n")
    assert told(parsed) == [(3, "", Trouble.PLACE_TWICE)]
    assert parsed.problems[0].detail == "1"


def test_every_bad_line_is_named() -> None:
    parsed = rules.parse(f"甲//乙\n/甲\n甲/\n甲/{'长' * 61}\n甲/a\u200bb\n{'/'.join('深' * 13)}\n")
    assert told(parsed) == [
        (1, "", Trouble.EMPTY_LEVEL),
        (2, "", Trouble.EMPTY_LEVEL),
        (3, "", Trouble.EMPTY_LEVEL),
        (4, "", Trouble.NAME_TOO_LONG),
        (5, "", Trouble.INVISIBLE),
        (6, "", Trouble.TOO_DEEP),
    ]
    assert parsed.problems[4].detail == "a<U+200B>b"


@pytest.mark.parametrize(
    ("header", "delimiter"),
    [
        ("地点,设备编号,类型,型号,序列号", ","),
        ("place\tnumber\tkind\tmodel\tserial", "\t"),
        ("位置;编号;设备类型;型号;序列号", ";"),
        ("Place,Number,Kind,Model,Serial", ","),
    ],
)
def test_tables_are_read_with_their_headers(header: str, delimiter: str) -> None:
    row = delimiter.join(["甲/乙", "M-1", "门禁控制器", "DC-2", "S9"])
    planned = rules.plan(rules.parse(f"{header}\n{row}\n"), EMPTY)
    assert not planned.problems
    (device,) = planned.new_devices
    assert (device.number, device.kind, device.path, device.model, device.serial) == (
        "M-1",
        "door-controller",
        "甲/乙",
        "DC-2",
        "S9",
    )


def test_columns_nobody_knows_are_named_not_lost_silently() -> None:
    parsed = rules.parse("地点,编号,类型,备注\n甲,1,消费机,好\n")
    assert parsed.ignored == ("备注",)
    assert len(parsed.rows) == 1


def test_a_table_names_line_and_column() -> None:
    text = (
        "设备编号,地点,类型,型号\n"
        "1,甲/乙,消费机,\n"
        ",甲/乙,消费机,\n"
        "3,,消费机,\n"
        "4,甲/乙,飞机,\n"
        "1,甲/丙,消费机,\n"
        f"6,甲/乙,,{'长' * 61}\n"
        "7,甲/乙,,\n"
        "8,甲/乙,消费机,x,y\n"
        '9,"甲\n乙",消费机,\n'
        ",丁,,\n"
        ",丁,,\n"
    )
    planned = rules.plan(rules.parse(text), EMPTY)
    assert told(planned) == [
        (3, "设备编号", Trouble.NO_NUMBER),
        (4, "地点", Trouble.NO_PLACE),
        (5, "类型", Trouble.UNKNOWN_KIND),
        (6, "设备编号", Trouble.NUMBER_TWICE),
        (7, "型号", Trouble.CELL_TOO_LONG),
        (8, "类型", Trouble.NO_KIND),
        (9, "", Trouble.TOO_MANY_CELLS),
        (10, "地点", Trouble.INVISIBLE),
        (13, "地点", Trouble.PLACE_TWICE),
    ]


def test_headers_that_cannot_work_are_said() -> None:
    assert told(rules.parse("编号,类型\n1,消费机\n")) == [(1, "地点", Trouble.NO_PLACE_COLUMN)]
    assert told(rules.parse("地点,编号,设备编号\n甲,1,2\n")) == [(1, "设备编号", Trouble.COLUMN_TWICE)]
    assert told(rules.parse(" \n")) == [(0, "", Trouble.EMPTY_FILE)]
    assert told(rules.parse("甲\n" * 20_001)) == [(0, "", Trouble.TOO_MANY_LINES)]


def test_a_known_device_is_found_by_its_number() -> None:
    there = {"1": KnownDevice("1", "payment-terminal", "甲/乙", "A", "S")}
    world = World(frozenset({"甲", "甲/乙"}), there, KINDS)
    same = rules.plan(rules.parse("地点,编号,类型,型号\n甲/乙,1,,\n"), world)
    assert same.is_empty
    assert same.known_devices == 1
    moved = rules.plan(rules.parse("地点,编号,类型,型号\n甲/丙,1,门禁控制器,B\n"), world)
    assert moved.changes[0].fields == (
        ("place", "甲/乙", "甲/丙"),
        ("kind", "payment-terminal", "door-controller"),
        ("model", "A", "B"),
    )


# Names as any office might write them, and then some.
names = st.text(
    st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"], exclude_characters="/"),
    min_size=1,
    max_size=12,
).map(rules.tidy)
paths = st.lists(names.filter(bool), min_size=1, max_size=5).map("/".join)
headed = {spelling for spellings in rules.HEADERS.values() for spelling in spellings}


@given(st.lists(paths, min_size=1, unique=True))
def test_a_tree_written_as_paths_is_read_the_same(tree: list[str]) -> None:
    parsed = rules.parse(rules.render_paths(["桂子大学", *(f"桂子大学/{path}" for path in tree)]))
    assert not parsed.problems
    assert [row.path for row in parsed.rows] == ["桂子大学", *(f"桂子大学/{path}" for path in tree)]


cells = st.one_of(st.just(""), names)
devices = st.tuples(paths, names.filter(plain), st.just("消费机"), cells, cells)


@given(st.lists(devices, unique_by=lambda row: plain(row[1])))
@example([("0", "地点", "消费机", "", "")])
def test_devices_written_as_a_table_are_read_the_same(table: list[tuple[str, ...]]) -> None:
    parsed = rules.parse("".join(table_lines(table)))
    assert not parsed.problems
    assert [(row.path, row.number, row.kind, row.model, row.serial) for row in parsed.rows] == [
        (path, plain(number), *rest) for path, number, *rest in table
    ]


@given(st.lists(st.one_of(paths, st.text(max_size=20)), max_size=12), st.booleans())
def test_importing_a_list_twice_changes_nothing(lines: list[str], terminals: bool) -> None:
    parsed = rules.parse("\n".join(lines))
    parsed = Parsed(parsed.rows, (), parsed.headers)
    first = rules.plan(parsed, EMPTY, terminals=terminals)
    second = rules.plan(parsed, applied(EMPTY, first), terminals=terminals)
    if not first.problems:
        assert second.is_empty
        assert second.known_places == len(first.new_places)


@given(
    st.lists(devices, unique_by=lambda row: row[1], max_size=8), st.lists(devices, max_size=8), st.booleans()
)
def test_importing_a_table_twice_changes_nothing(
    before: list[tuple[str, ...]], table: list[tuple[str, ...]], terminals: bool
) -> None:
    there = rules.plan(rules.parse("".join(table_lines(before))), EMPTY)
    world = applied(EMPTY, there)
    parsed = rules.parse("".join(table_lines(table)))
    first = rules.plan(parsed, world, terminals=terminals)
    assert rules.plan(parsed, applied(world, first), terminals=terminals).is_empty


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        text, flaws = rules.decode(data)
    except Unreadable:
        return
    rules.plan(rules.parse(text, flaws), EMPTY, terminals=True)


def test_parents_come_before_children_and_each_place_once() -> None:
    planned = rules.plan(rules.parse("甲/乙/丙\n甲\n丁/戊\n"), EMPTY)
    seen: set[str] = set()
    for place in planned.new_places:
        above = place.path.rpartition("/")[0]
        assert not above or above in seen
        assert place.path not in seen
        seen.add(place.path)


def test_the_fingerprint_follows_what_would_be_done() -> None:
    parsed = rules.parse("甲/乙\n")
    plain = rules.fingerprint(rules.plan(parsed, EMPTY))
    assert plain == rules.fingerprint(rules.plan(parsed, EMPTY))
    assert plain != rules.fingerprint(rules.plan(parsed, EMPTY, terminals=True))
    assert plain != rules.fingerprint(rules.plan(parsed, World(frozenset({"甲"}), {}, KINDS)))
