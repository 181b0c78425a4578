"""What a form says of input it cannot take."""

from typing import Any

import pytest
from django import forms
from django.utils import translation


class Ask(forms.Form):
    text = forms.CharField(max_length=1000)
    number = forms.IntegerField(min_value=0, max_value=9)
    price = forms.DecimalField(max_digits=5, decimal_places=2)
    kind = forms.ChoiceField(choices=[("a", "A")])
    on = forms.DateField()
    picture = forms.ImageField()


@pytest.mark.parametrize(
    ("field", "value", "chinese", "english"),
    [
        ("text", "", "请填写", "Please fill in"),
        ("text", "字" * 1500, "最多 1000 个字（现有 1500 个）", "At most 1000 characters (now 1500)"),
        ("number", "-1", "不能小于 0", "Not below 0"),
        ("number", "10", "不能大于 9", "Not above 9"),
        ("number", "x", "请填写整数", "Enter a whole number"),
        ("price", "1.234", "最多 2 位小数", "At most 2 decimal places"),
        ("price", "x", "请填写数字", "Enter a number"),
        ("kind", "", "请选择", "Please choose"),
        ("kind", "b", "请从列表中选择", "Choose from the list"),
        ("on", "x", "请填写日期，如 2026-10-01", "Enter a date, such as 2026-10-01"),
        ("picture", "", "请选择文件", "Choose a file"),
        ("number", "", "请填写", "Please fill in"),
    ],
)
def test_a_form_says_in_yikas_words_what_is_wrong(field: str, value: Any, chinese: str, english: str) -> None:
    for language, words in (("zh-hans", chinese), ("en", english)):
        with translation.override(language):
            assert Ask({field: value}).errors[field] == [words]
