"""How events read."""

from typing import Any

import pytest
from django.utils import translation

from tests import cast
from yika.journal.models import Event
from yika.journal.telling import label, sentence, vocabulary

LINK = {"lower": "XF-0056", "upper": "JH-0009", "role": "network", "medium": "copper"}


def said(verb: str, **data: Any) -> str:
    return sentence(Event(verb=verb, data=data, at=cast.AT))


@pytest.mark.parametrize(
    ("ports", "told"),
    [
        ({"lower_port": "—", "upper_port": "—"}, "连接：XF-0056 上联 JH-0009（网络，网线）"),
        ({}, "连接：XF-0056 上联 JH-0009（网络，网线）"),
        (
            {"lower_port": "—", "upper_port": "GE1"},
            "连接：XF-0056 上联 JH-0009（网络，网线，端口 — → GE1）",
        ),
    ],
)
def test_a_link_names_its_ports_where_they_are_known(ports: dict[str, str], told: str) -> None:
    assert said("network.connect", **LINK, **ports) == told


def test_a_label_shows_no_brackets() -> None:
    assert "[" not in label("network.connect")


@pytest.mark.parametrize(("passed", "word"), [(True, "通过"), (False, "未通过")])
@pytest.mark.parametrize(("verb", "of"), [("changes.test", "变更 BG1"), ("returns.test", "返厂单 BG1")])
def test_a_test_says_whether_it_passed(verb: str, of: str, passed: bool, word: str) -> None:
    told = said(verb, number="BG1", item="刷卡", result="一次成功", passed=passed)
    assert told == f"{of} 测试“刷卡”：一次成功，{word}"


def test_a_stage_of_life_written_down_in_chinese_reads_in_english() -> None:
    life = {"number": "XF-1", "before": "返厂", "after": "在库"}
    assert said("assets.change_life", **life, reason="") == "设备 XF-1 返厂 → 在库"
    assert said("assets.change_life", **life, reason="测试合格") == "设备 XF-1 返厂 → 在库：测试合格"
    with translation.override("en"):
        assert said("assets.change_life", **life, reason="tested") == (
            "Device XF-1 At the factory → In stock: tested"
        )


def test_the_moment_of_a_computation_reads_as_moments_do() -> None:
    told = said("faults.measure", numbers="JH-1", moment="2025-11-28 20:24:24", severity="major")
    assert "按 2025年11月28日 周五 20:24 的网络推算" in told
    with translation.override("en"):
        assert "20:24:24" not in said("faults.measure", numbers="JH-1", moment="2025-11-28 20:24:24")


def test_a_refused_field_written_down_in_chinese_reads_in_english() -> None:
    with translation.override("en"):
        told = said("assets.refuse", number="XF-1", field="上级服务器IP", before="a", after="b", door="page")
    assert "上级服务器IP" not in told and "of XF-1" in told


def test_no_two_choices_of_what_was_done_to_a_return_read_alike() -> None:
    verbs = [verb for verb in vocabulary().sentences if verb.startswith("returns.")]
    for language in ("zh-hans", "en"):
        with translation.override(language):
            labels = [label(verb) for verb in verbs]
        assert len(set(labels)) == len(labels), labels
