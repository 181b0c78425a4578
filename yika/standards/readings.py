"""Every reading: under which clauses it stands, what it means, which values it takes.

The one list behind the ``[readings]`` table of a standard's file, the standard's page, the command
line and the guide. Pure: no Django.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from yika.standards.rules import Readings


class Kind(StrEnum):
    """What a reading's value is."""

    YES_NO = "yes_no"
    CHOICE = "choice"
    DURATION = "duration"
    NUMBER = "number"
    TIME = "time"


@dataclass(frozen=True)
class Words:
    """The same words in Chinese and English."""

    zh: str
    en: str

    def told(self, lang: str) -> str:
        """The words in a language; English for "en…", else Chinese."""
        return self.en if lang.startswith("en") else self.zh


@dataclass(frozen=True)
class Reading:
    """One settled reading."""

    key: str
    kind: Kind
    clauses: tuple[str, ...]
    meaning: Words
    choices: Mapping[str, Words] = field(default_factory=dict)

    @property
    def attribute(self) -> str:
        """The field of ``Readings`` that holds the value; a duration is held in seconds."""
        return f"{self.key}_s" if self.kind is Kind.DURATION else self.key

    def value(self, readings: Readings) -> object:
        """The value that a standard settles on."""
        return getattr(readings, self.attribute)

    def told(self, readings: Readings, lang: str = "zh") -> str:
        """The value in words: 是, 24 小时, 自然时间."""
        value = self.value(readings)
        if self.kind is Kind.YES_NO:
            return (YES if value else NO).told(lang)
        if self.kind is Kind.CHOICE:
            return self.choices[str(value)].told(lang)
        if self.kind is Kind.DURATION:
            assert isinstance(value, int)
            return spoken(value, lang)
        return str(value)


YES = Words("是", "yes")
NO = Words("否", "no")
_UNITS = (
    (3_600, Words("小时", "h")),
    (60, Words("分钟", "min")),
    (1, Words("秒", "s")),
)


def spoken(seconds: int, lang: str = "zh") -> str:
    """5400 → 1 小时 30 分钟 / 1 h 30 min. Hours are never folded into days: 72 hours is not 3 days."""
    parts: list[str] = []
    for size, unit in _UNITS:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {unit.told(lang)}")
    return " ".join(parts) or f"0 {_UNITS[-1][1].told(lang)}"


def _yes_no(key: str, clauses: str, zh: str, en: str) -> Reading:
    return Reading(key, Kind.YES_NO, tuple(clauses.split()), Words(zh, en))


def _other(kind: Kind, key: str, clauses: str, zh: str, en: str) -> Reading:
    return Reading(key, kind, tuple(clauses.split()), Words(zh, en))


def _choice(key: str, clauses: str, zh: str, en: str, **choices: tuple[str, str]) -> Reading:
    said = {value: Words(*words) for value, words in choices.items()}
    return Reading(key, Kind.CHOICE, tuple(clauses.split()), Words(zh, en), said)


_CLOCKS = {
    "natural": ("自然时间，7×24 小时", "natural hours, 24×7"),
    "service": ("服务日历", "service calendar"),
}

READINGS: tuple[Reading, ...] = (
    _choice(
        "boundary",
        "2",
        "相邻两级都包含的数量归入哪一级",
        "which level a number belongs to that two neighbouring levels both hold",
        graver=("较重的一级", "the graver"),
        lighter=("较轻的一级", "the lighter"),
    ),
    _choice(
        "counts",
        "2",
        "按哪个影响数量分级",
        "which number affected decides the level",
        peak=("故障期间同时受影响的最大数量", "the largest number affected at one time"),
        final=("最后填报的数量", "the number stated last"),
    ),
    _yes_no(
        "network_device_counts_dependents",
        "2",
        "网络设备按其下挂的终端计数",
        "a network device counts through the terminals that hang on it",
    ),
    _yes_no(
        "offline_terminal_is_affected",
        "2",
        "能脱机使用但不能上传数据的终端计为受影响",
        "a terminal that works offline but does not upload is affected",
    ),
    _yes_no(
        "damaged_card_has_clock",
        "2.1",
        "卡片物理损坏按故障计时（否：按换卡办理，不计时）",
        "a physically damaged card runs a clock (no: it is a card replacement)",
    ),
    _yes_no(
        "special_needs_ruling",
        "2.5",
        "特殊故障由信息化办公室认定，认定前及未获认定时按普通等级计时",
        "the Office decides what is special; until then, and if refused, the ordinary clock runs",
    ),
    _yes_no(
        "remote_start_counts_as_response",
        "2.6",
        "技术人员开始远程处理视为响应",
        "taking the work over remotely counts as response",
    ),
    _choice("response_clock", "2.6", "响应时间的计时方式", "what response time is counted in", **_CLOCKS),
    _choice("repair_clock", "2.7", "修复时间的计时方式", "what repair time is counted in", **_CLOCKS),
    _yes_no(
        "discovery_counts_as_report",
        "2.6 2.7",
        "监控或巡检发现的故障自发现时起计时",
        "a fault found by monitoring or an inspection starts at its discovery",
    ),
    _yes_no(
        "dispatch_delay_is_deducted",
        "2.6",
        "调度派单耗时从响应时间中扣除",
        "the dispatcher's delay is deducted from the response time",
    ),
    _yes_no(
        "limits_inclusive",
        "2.6 2.7",
        "恰好在到期的那一秒完成视为按时",
        "settled on the very second it is due is in time",
    ),
    _other(
        Kind.DURATION,
        "late_entry_after",
        "2.6 2.7",
        "所填时间早于登记时间超过多久，标记为补录",
        "how far a claimed time may lie before its recording until it is marked as a late entry",
    ),
    _yes_no(
        "temporary_restoration_needs_consent",
        "2.7",
        "临时恢复须经信息化办公室认可才停止修复计时",
        "a temporary restoration ends the repair clock only if the Office accepts it",
    ),
    _yes_no(
        "reclassified_limits_start_at_report",
        "4.2.2",
        "等级变更后时限仍自报修时起算（否：自变更时起算）",
        "after a change of level limits still start at the report (no: at the change)",
    ),
    _yes_no(
        "raise_needs_evidence_or_consent",
        "4.2.2",
        "上调等级延长修复时限须列明受影响设备或经信息化办公室同意",
        "a raise that lengthens the repair limit needs named devices or the Office's consent",
    ),
    _other(
        Kind.DURATION,
        "reopening_window",
        "4.2.2",
        "修复后多久内再次出现视为同一故障，撤回修复结果并继续计时",
        "how soon a fault that comes back is the same fault, its repair outcome taken back",
    ),
    _yes_no(
        "merge_takes_earliest_report",
        "4.2.2",
        "同一故障的多次报修合并后自最早一次报修起算",
        "several reports of one outage start at the earliest",
    ),
    _choice(
        "factory_starts_at",
        "4.2.3",
        "返厂修复时间的起点",
        "where the factory limit starts",
        report=("报修", "the report"),
        shipping=("寄出", "shipping"),
    ),
    _yes_no(
        "factory_may_replace_repair",
        "4.2.3",
        "无备机且信息化办公室在修复到期前同意的，以返厂时限代替修复时限",
        "without a spare, and with consent before the repair limit, the factory limit takes its place",
    ),
    _other(
        Kind.NUMBER,
        "recurrence_days",
        "4.2.1",
        "重复故障提示的统计天数",
        "days over which repeated faults of a device are counted",
    ),
    _other(
        Kind.NUMBER,
        "recurrence_count",
        "4.2.1",
        "同一设备故障达到几次时提示重复故障",
        "number of faults of one device that raises the hint",
    ),
    _yes_no(
        "office_may_override",
        "1.3",
        "信息化办公室可说明理由后改判等级和时限结果",
        "the Office may override a level or an outcome, with a reason",
    ),
    _other(
        Kind.DURATION,
        "emergency_change_confirm_within",
        "4.1.4",
        "紧急变更须在多久内补办同意",
        "how soon an emergency change must be confirmed",
    ),
    _other(
        Kind.NUMBER,
        "own_target_days",
        "3.3 3.4",
        "异常账务处理和升级的内部目标（工作日）",
        "own target for abnormal accounts and upgrades, working days",
    ),
    _other(
        Kind.DURATION,
        "round_opens_before",
        "4.3.4",
        "监控巡检可提前多久开始",
        "how long before its hour a round may begin",
    ),
    _other(
        Kind.DURATION,
        "round_late_after",
        "4.3.4",
        "监控巡检超过多久为迟巡",
        "how long after its hour a round is late",
    ),
    _other(
        Kind.NUMBER,
        "semester_round_days",
        "4.3.3",
        "学期前巡检最早可在开学前几天开始",
        "how many days before a semester its inspection may begin",
    ),
    _other(
        Kind.TIME,
        "work_log_due",
        "4.4.2",
        "日常工作日志在次日几点前提交",
        "by when on the next day the daily work log is handed in",
    ),
    _yes_no(
        "unchanged_confirmation_counts",
        "4.4.4",
        "逐份确认“无变更”视为已更新提交",
        "confirming “nothing changed” per document counts as submission",
    ),
    _choice(
        "weekly_on_holiday",
        "4.4.4",
        "每周五提交遇节假日",
        "a Friday's submission on a holiday",
        same=("仍为当日 24:00", "still that day, 24:00"),
        previous=("提前至前一工作日", "the working day before"),
        next=("顺延至下一工作日", "the next working day"),
    ),
    _other(
        Kind.NUMBER,
        "monthly_report_day",
        "4.4.4",
        "月报在次月几日前提交",
        "day of the next month by which the monthly report is handed in",
    ),
    _yes_no(
        "first_submission_decides",
        "4.4.4",
        "是否按时以首次提交为准，退回后再次提交",
        "the first submission decides punctuality; a returned document is handed in again",
    ),
    _other(
        Kind.DURATION,
        "event_report_within",
        "6.1 6.2",
        "事件处置结束后多久内提交情况报告",
        "how soon after an incident its report is handed in",
    ),
    _yes_no(
        "assessment",
        "1.3",
        "启用考核评分（原文没有分值和金额）",
        "assessment by points is turned on (the text has no points and no money)",
    ),
)
BY_KEY: dict[str, Reading] = {reading.key: reading for reading in READINGS}

# Readings that Yika applies in one way only: another value is refused, never silently ignored.
# Whoever builds the other way takes the key out.
ONE_WAY: frozenset[str] = frozenset(
    {
        "counts",
        "damaged_card_has_clock",
        "special_needs_ruling",
        "discovery_counts_as_report",
        "dispatch_delay_is_deducted",
        "limits_inclusive",
        "reclassified_limits_start_at_report",
        "merge_takes_earliest_report",
        "office_may_override",
        "assessment",
    }
)


def of_clause(key: str) -> tuple[Reading, ...]:
    """The readings that stand under a clause, or under a whole chapter."""
    return tuple(reading for reading in READINGS if key in reading.clauses)


def homeless(keys: Collection[str]) -> tuple[Reading, ...]:
    """The readings that no clause or chapter of a standard with these keys holds."""
    return tuple(reading for reading in READINGS if not set(reading.clauses) & set(keys))
