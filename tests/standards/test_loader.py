"""A text is a standard, or every reason why not is named with its line and clause."""

import pytest

from tests.standards.texts import SERVICE, changed, with_service_hours
from yika.standards import loader
from yika.standards.loader import StandardErrors, builtin, builtin_text, check, read
from yika.standards.rules import Clock, Counted, Range, Readings, Start

LEVELS = ("general", "larger", "major", "severe", "special")
CLAUSES = [
    "1.1", "1.3", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7", "3.0", "3.1", "3.2", "3.3",
    "3.4", "3.5", "3.6", "4.1.1", "4.1.2", "4.1.3", "4.1.4", "4.2.1", "4.2.2.1", "4.2.2.2",
    "4.2.2.3", "4.2.2.4", "4.2.2.5",
    "4.2.3", "4.3.1", "4.3.2", "4.3.3", "4.3.4", "4.4.1", "4.4.2", "4.4.3", "4.4.4",
    "5.1", "5.2", "5.3", "5.4", "6.1", "6.2",
]  # fmt: skip


def line_of(text: str, piece: str) -> int:
    return text[: text.index(piece)].count("\n") + 1


def the_problem(text: str) -> loader.Problem:
    problems = check(text)
    assert len(problems) == 1, [problem.told() for problem in problems]
    return problems[0]


def test_the_builtin_standard_has_every_clause_with_its_words() -> None:
    standard = builtin()
    assert [clause.key for clause in standard.clauses] == CLAUSES
    assert all(clause.text and clause.text_en and clause.title_en for clause in standard.clauses)
    assert standard.clause("4.2.3").text == "返厂故障机器修复时间：10天。"


def test_the_builtin_levels_and_limits_are_those_of_the_text() -> None:
    standard = builtin()
    assert [level.key for level in standard.levels] == list(LEVELS)
    assert [level.terminals for level in standard.levels] == [
        Range(0, 5), Range(5, 10), Range(10, 50), Range(50, None), None,
    ]  # fmt: skip
    assert [level.cardholders for level in standard.levels] == [
        Range(0, 2), Range(2, 100), Range(100, 1000), Range(1000, None), None,
    ]  # fmt: skip
    seen = [
        (level.response and level.response.seconds, level.repair and level.repair.seconds)
        for level in standard.levels
    ]
    assert seen == [
        (3_600, 43_200), (1_800, 86_400), (1_800, 172_800), (1_800, 259_200), (1_800, None),
    ]  # fmt: skip
    assert [level.response.clause for level in standard.levels if level.response] == [
        f"4.2.2.{n}" for n in range(1, 6)
    ]
    assert (standard.factory.clause, standard.factory.days) == ("4.2.3", 10)


def test_the_builtin_readings_ladder_and_log() -> None:
    standard = builtin()
    assert standard.readings == Readings()
    assert [(step.fraction, step.repeat_s) for step in standard.ladder] == [
        (0.5, None), (0.8, None), (1.0, 3_600),
    ]  # fmt: skip
    assert standard.fault_log_fields == ("cause", "handling", "parts", "result")
    assert [cause.key for cause in standard.causes] == ["bank", "trunk_fibre", "third_party"]
    assert standard.special_level == standard.level("special")
    assert standard.calendar.natural


def test_readings_become_settings() -> None:
    standard = read(
        changed(
            ('factory_starts_at = "report"', 'factory_starts_at = "shipping"'),
            ('reopening_window = "24h"', 'reopening_window = "1h30m"'),
        )
    )
    assert standard.readings.factory_starts_at is Start.SHIPPING
    assert standard.readings.reopening_window_s == 5_400
    assert standard.readings.counts is Counted.PEAK


def test_a_service_clock_counts_for_the_limits_it_is_set_for() -> None:
    level = read(with_service_hours()).level("general")
    assert level.response and level.response.clock is Clock.NATURAL
    assert level.repair and level.repair.clock is Clock.SERVICE


def test_the_lighter_boundary_moves_only_the_shared_numbers() -> None:
    standard = read(changed(('boundary = "graver"', 'boundary = "lighter"')))
    assert [level.terminals for level in standard.levels][:4] == [
        Range(0, 6), Range(6, 11), Range(11, 51), Range(51, None),
    ]  # fmt: skip
    assert [level.cardholders for level in standard.levels][:4] == [
        Range(0, 2), Range(2, 101), Range(101, 1001), Range(1001, None),
    ]  # fmt: skip


def test_half_open_ranges_say_the_same() -> None:
    text = changed(
        ("from = 0, to = 5 ", "from = 0, below = 5 "),
        ("from = 5, to = 10 ", "from = 5, below = 10 "),
        ("from = 10, to = 50 ", "from = 10, below = 50 "),
    )
    assert [level.terminals for level in read(text).levels] == [level.terminals for level in builtin().levels]


def test_line_ends_and_byte_order_mark_do_not_matter() -> None:
    text = builtin_text()
    assert read("\ufeff" + text.replace("\n", "\r\n")).sha256 == builtin().sha256


WRONG = [
    pytest.param('counts = "peak"', 'counts = "final"', "2", "目前只能按", id="cannot be applied"),
    pytest.param('counts = "peak"', "counts = [1]", "", "可选值", id="choice of a wrong type"),
    pytest.param("from = 5, to = 10 ", "from = 7, to = 10 ", "2.2", "空缺：6 至 6", id="hole"),
    pytest.param("from = 5, to = 10 ", "from = 4, to = 10 ", "2.2", "重叠：4 至 5", id="overlap"),
    pytest.param("from = 0, to = 5 ", "from = 1, to = 5 ", "2.1", "应从 0 开始", id="not from 0"),
    pytest.param("{ from = 50 }", "{ from = 50, to = 99 }", "2.4", "没有上限", id="closed top"),
    pytest.param("from = 5, to = 10 ", "from = 5, to = 10, below = 10 ", "2.2", "只能写一个", id="both ends"),
    pytest.param("from = 0, to = 5 ", "from = -1, to = 5 ", "2.1", "不能小于 0", id="negative count"),
    pytest.param('clause = "2.4"', 'clause = "2.9"', "2.9", "条款 2.9 不存在", id="unknown clause"),
    pytest.param('clause = "4.2.3"', 'clause = "4.2.9"', "4.2.9", "不存在", id="unknown clause of factory"),
    pytest.param('key = "4.1.2"', 'key = "4.1.1"', "4.1.1", "条款 4.1.1 重复", id="duplicate clause"),
    pytest.param('response = "1h"', 'response = "-1h"', "4.2.2.1", "为负", id="negative duration"),
    pytest.param('response = "1h"', 'response = "0m"', "4.2.2.1", "为零", id="zero duration"),
    pytest.param('response = "1h"', 'response = "1 hour"', "4.2.2.1", "不是时长", id="no duration"),
    pytest.param('response = "1h"', 'response = "1d2h"', "4.2.2.1", "天和小时", id="mixed duration"),
    pytest.param('response = "1h"', "response = 1", "4.2.2.1", "应为文字", id="duration of a wrong type"),
    pytest.param('within = "10d"', 'within = "-10d"', "4.2.3", "为负", id="negative factory limit"),
    pytest.param('repair = "24h"\n', "", "4.2.2.2", "缺少修复时限", id="missing limit"),
    pytest.param("[limits.larger]", "[limits.bigger]", "4.2.2.2", "没有等级 bigger", id="limits of no level"),
    pytest.param('causes = ["bank", "trunk_fibre", "third_party"]', "", "2.5", "没有原因", id="neither"),
    pytest.param('"third_party"]', '"third_party", "sabotage"]', "2.5", "sabotage", id="unknown cause"),
    pytest.param('tell = ["holder", "dispatcher"]', 'tell = ["boss"]', "", "boss", id="unknown role"),
    pytest.param("at_percent = 80", "at_percent = 50", "", "应大于前一级", id="ladder not rising"),
    pytest.param(
        "at_percent = 80", 'at_percent = 80\nrepeat_every = "1h"', "", "最后一级", id="repeats early"
    ),
    pytest.param('repeat_every = "60m"', 'repeat_every = "0m"', "", "为零", id="repeats without pause"),
    pytest.param("recurrence_days", "recurence_days", "", "未知的键 recurence_days", id="unknown reading"),
    pytest.param('counts = "peak"', 'counts = "most"', "", "可选值", id="unknown choice"),
    pytest.param(
        'repair_clock = "natural"', 'repair_clock = "service"', "", "没有", id="service, no windows"
    ),
    pytest.param('work_log_due = "10:00"', 'work_log_due = "25:00"', "", "写法不对", id="no time of day"),
    pytest.param("format = 1", "format = 2", "", "应为 1", id="another format"),
    pytest.param(
        'title_en = "Basis"', 'title_en = "Basis"\nnote = "x"', "1.1", "未知的键 note", id="unknown key"
    ),
    pytest.param('key = "cause"', 'key = "handling"', "", "重复", id="duplicate log field"),
]


@pytest.mark.parametrize(("before", "after", "clause", "said"), WRONG)
def test_what_is_wrong_is_named_with_its_clause(before: str, after: str, clause: str, said: str) -> None:
    text = changed((before, after))
    told = [problem for problem in check(text) if said in problem.words.zh]
    assert told, [problem.told() for problem in check(text)]
    assert clause in {problem.clause for problem in told} or not clause
    assert all(problem.words.en for problem in check(text))
    with pytest.raises(StandardErrors):
        read(text, "wrong.toml")


@pytest.mark.parametrize(
    ("before", "after", "at"),
    [
        ("from = 5, to = 10 ", "from = 7, to = 10 ", "from = 7"),
        ('response = "1h"', 'response = "-1h"', '"-1h"'),
        ('clause = "2.4"', 'clause = "2.9"', '"2.9"'),
        ("at_percent = 80", "at_percent = 50", 'at_percent = 50\ntell = ["holder", "dispatcher", "manager"]'),
        ('key = "4.4.4"', 'key = "4.4.3"', 'key = "4.4.3"\ntitle = "设备管理'),
        ("recurrence_days", "recurence_days", "recurence_days"),
        ('title_en = "Fire"', "title_en = 7", "title_en = 7"),
    ],
)
def test_the_line_is_where_the_mistake_stands(before: str, after: str, at: str) -> None:
    text = changed((before, after))
    assert line_of(text, at) in {problem.line for problem in check(text)}


def test_every_problem_is_told_not_only_the_first() -> None:
    text = changed(
        ("from = 5, to = 10 ", "from = 7, to = 10 "),
        ('response = "1h"', 'response = "-1h"'),
        ("at_percent = 80", "at_percent = 50"),
        ("recurrence_days", "recurence_days"),
    )
    problems = check(text)
    assert len(problems) == 4
    assert [problem.line for problem in problems] == sorted(problem.line for problem in problems)


def test_two_levels_by_cause_are_refused() -> None:
    text = changed() + (
        '\n[[levels]]\nkey = "other"\nname = "其他"\nclause = "2.5"\ncauses = ["bank"]\n'
        '[limits.other]\nclause = "4.2.2.5"\nresponse = "30m"\nrepair = "none"\n'
    )
    assert "只能有一个" in the_problem(text).words.zh


def test_a_level_without_its_limits_is_named() -> None:
    text = changed() + '\n[[levels]]\nkey = "other"\nname = "其他"\nclause = "2.5"\ncauses = ["bank"]\n'
    assert any("没有时限表 [limits.other]" in problem.words.zh for problem in check(text))


def test_syntax_errors_are_told_with_their_line() -> None:
    problem = the_problem(changed(("at_percent = 80", "at_percent = = 80")))
    assert problem.line == line_of(builtin_text(), "at_percent = 80")
    assert "语法" in problem.words.zh


@pytest.mark.parametrize(
    "text", ["", "levels = 3\n", "clauses = [1, 2]\n[limits]\ngeneral = 1\n", "[[ladder]]\n"]
)
def test_the_oddest_text_is_answered_with_problems(text: str) -> None:
    assert check(text)


def test_windows_must_be_in_order() -> None:
    text = (
        changed() + '[service_calendar]\nmonday = ["14:00-18:00", "08:00-12:00"]\ntuesday = ["12:00-08:00"]\n'
    )
    said = [problem.words.zh for problem in check(text)]
    assert len(said) == 2
    assert any("08:00-12:00" in one for one in said)
    assert any("12:00-08:00" in one for one in said)


def test_duties_and_checklists_have_room_and_known_clauses() -> None:
    table = '\n[[duties]]\nkey = "rounds"\nclause = "4.3.4"\nevery = "day"\nat = ["09:00", "15:00"]\n'
    assert read(changed() + table).duties[0]["every"] == "day"
    assert "4.3.9" in the_problem(changed() + table.replace("4.3.4", "4.3.9")).words.zh


def test_holidays_can_be_kept_open() -> None:
    assert read(with_service_hours()).calendar.holidays
    text = with_service_hours().replace(
        "[service_calendar]\n", "[service_calendar]\nholidays_closed = false\n"
    )
    assert not read(text).calendar.holidays
    assert SERVICE in with_service_hours()
