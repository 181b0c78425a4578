"""What a form says of input it cannot take, in Yika's words in place of Django's, for every form."""

from typing import Any

from django import forms
from django.core import validators
from django.utils.translation import gettext_lazy as _

CHOOSE = _("请从列表中选择")
NUMBER = _("请填写数字")

# Field, error, words. A field without a row of its own says what the field it descends from says.
FIELDS = (
    (forms.Field, "required", _("请填写")),
    (forms.IntegerField, "invalid", _("请填写整数")),
    (forms.DecimalField, "invalid", NUMBER),
    (forms.FloatField, "invalid", NUMBER),
    (forms.DateField, "invalid", _("请填写日期，如 2026-10-01")),
    (forms.TimeField, "invalid", _("请填写时间，如 08:00")),
    (forms.DateTimeField, "invalid", _("请填写日期和时间，如 2026-10-01 08:00")),
    (forms.URLField, "invalid", _("请填写网址，以 https:// 开头")),
    (forms.ChoiceField, "required", _("请选择")),
    (forms.ChoiceField, "invalid_choice", CHOOSE),
    (forms.MultipleChoiceField, "invalid_choice", CHOOSE),
    (forms.MultipleChoiceField, "invalid_list", CHOOSE),
    (forms.ModelChoiceField, "required", _("请选择")),
    (forms.ModelChoiceField, "invalid_choice", CHOOSE),
    (forms.ModelMultipleChoiceField, "invalid_choice", CHOOSE),
    (forms.ModelMultipleChoiceField, "invalid_list", CHOOSE),
    (forms.ModelMultipleChoiceField, "invalid_pk_value", CHOOSE),
    (forms.FileField, "required", _("请选择文件")),
    (forms.FileField, "missing", _("请选择文件")),
    (forms.FileField, "invalid", _("文件没有传上来，请重新选择")),
    (forms.FileField, "empty", _("文件是空的")),
    (forms.ImageField, "invalid_image", _("不是图片，或图片已损坏")),
)

VALIDATORS = (
    (validators.MaxLengthValidator, _("最多 %(limit_value)d 个字（现有 %(show_value)d 个）")),
    (validators.MinLengthValidator, _("至少 %(limit_value)d 个字（现有 %(show_value)d 个）")),
    (validators.MinValueValidator, _("不能小于 %(limit_value)s")),
    (validators.MaxValueValidator, _("不能大于 %(limit_value)s")),
    (validators.EmailValidator, _("请填写邮箱地址，如 name@example.com")),
    (validators.URLValidator, _("请填写网址，以 https:// 开头")),
    (validators.ProhibitNullCharactersValidator, _("含有不能保存的字符")),
    (
        validators.FileExtensionValidator,
        _("不能上传 .%(extension)s 文件，可以是：%(allowed_extensions)s"),
    ),
)

DIGITS: dict[str, Any] = {
    "invalid": NUMBER,
    "max_digits": _("最多 %(max)s 位数字"),
    "max_decimal_places": _("最多 %(max)s 位小数"),
    "max_whole_digits": _("小数点前最多 %(max)s 位"),
}


def use() -> None:
    """Put the words in place of Django's; asked once, when the apps are ready."""
    for field, error, words in FIELDS:
        # A field may share its table with the one it descends from: a table of its own comes first.
        if "default_error_messages" not in vars(field):
            field.default_error_messages = {}
        field.default_error_messages[error] = words
    for validator, words in VALIDATORS:
        validator.message = words
    validators.DecimalValidator.messages.update(DIGITS)
