"""A part of a text finds it, however it is typed; pinyin initials too."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yika.lib import grams

TEXTS = st.text(
    st.one_of(st.sampled_from("食堂圈存机楼窗口一二三张 /-_.*ＡＢa1２é①㍿ß"), st.characters(codec="utf-8")),
    max_size=40,
)


@given(TEXTS, st.data())
def test_every_part_of_a_text_finds_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    part = text[start : data.draw(st.integers(start, len(text)))]
    kept = grams.document(grams.words(text))
    for word in grams.sought(part):
        assert grams.holds(text, word)
        assert grams.phrase(word) in kept


@given(TEXTS, TEXTS)
def test_nothing_else_is_found(text: str, other: str) -> None:
    """The pairs kept hold a word's pairs in a row exactly when the text holds the word."""
    kept = grams.document(grams.words(text))
    for word in grams.words(other):
        assert (grams.phrase(word) in kept) == grams.holds(text, word)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ＸＦ－０００１", "xf0001"),
        ("xf-00", "xf00"),
        ("XF_0001", "xf0001"),
        ("Café", "cafe"),
        ("STRASSE", "strasse"),
        ("straße", "strasse"),
        ("4.2.2", "422"),
    ],
)
def test_width_case_accents_and_hyphens_do_not_matter(typed: str, meant: str) -> None:
    assert grams.sought(typed) == (meant,)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("食堂", "st"),
        ("张三丰", "zsf"),
        ("第一食堂", "yst"),
        ("圈存机", "qcj"),
        ("银行", "yh"),
        ("重庆", "cq"),
        ("曾国", "zg"),
        ("单元", "dy"),
        ("A座电梯", "azdt"),
    ],
)
def test_initials_find_a_name(name: str, typed: str) -> None:
    assert any(typed in word for word in grams.named([name]))


def test_initials_stay_few() -> None:
    assert len(grams.initials("行长重单曾查解乐朝盛率省" * 3)) <= grams.MOST_SPELLINGS
    assert grams.initials("XF-0001") == []


def test_a_break_keeps_words_apart() -> None:
    assert grams.phrase("堂一") not in grams.document(grams.words("一食堂/一楼"))


def test_what_hides_a_number_is_a_break() -> None:
    assert grams.words("电话 138****1234") == ["电话", "138", "1234"]
