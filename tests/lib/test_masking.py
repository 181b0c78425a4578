"""Personal data is masked: enough is left to recognise, not enough to use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yika.lib.text import mask_name, mask_numbers, mask_phone

MOBILE = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
IDENTITY = st.from_regex(r"[0-9]{17}[0-9Xx]", fullmatch=True)


@pytest.mark.parametrize(
    ("name", "masked"),
    [("张三丰", "张**"), ("王五", "王*"), ("Anna Berg", "A********"), ("李", "李"), ("", "")],
)
def test_names(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13812341234", "138****1234"),
        ("+8613812341234", "+86*******1234"),
        ("67868900", "******00"),
        ("8900", "****"),
        ("12", "**"),
        ("", ""),
    ],
)
def test_phones(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked


@given(st.text(min_size=1, max_size=40))
def test_a_mask_keeps_the_length_and_the_first_letter_of_a_name_only(name: str) -> None:
    masked = mask_name(name)
    assert len(masked) == len(name)
    assert masked[0] == name[0]
    assert set(masked[1:]) <= {"*"}


@given(st.from_regex(r"\+?[0-9]{1,20}", fullmatch=True))
def test_at_least_four_digits_or_all_of_a_number_are_hidden(phone: str) -> None:
    masked = mask_phone(phone)
    assert len(masked) == len(phone)
    assert masked.count("*") >= min(3, len(phone))
    assert sum(letter != "*" for letter in masked) <= 7


@given(before=st.text(max_size=20), number=MOBILE | IDENTITY, after=st.text(max_size=20))
def test_no_number_of_a_person_survives_in_a_text(before: str, number: str, after: str) -> None:
    if not (before[-1:].isdecimal() or after[:1].isdecimal()):
        assert number not in mask_numbers(f"{before}{number}{after}")


@pytest.mark.parametrize(
    "words",
    [
        "故障 F20260302-017 已派单",
        "12 台终端，320 人受影响",
        "端口 1380013800",
        "编号 138123412345678",
        "10:42 到期",
        "",
    ],
)
def test_other_numbers_are_left_alone(words: str) -> None:
    assert mask_numbers(words) == words
