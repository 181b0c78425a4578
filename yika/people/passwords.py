"""What a new password is refused for, where Django's own words stay English or name fields of a table."""

from typing import Any

from django.contrib.auth.password_validation import MinimumLengthValidator, UserAttributeSimilarityValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class LongEnough(MinimumLengthValidator):
    """So many characters at least."""

    def get_error_message(self) -> str:
        """Said to whom it is too short."""
        told = ngettext("密码太短，至少 %(count)d 个字符", "密码太短，至少 %(count)d 个字符", self.min_length)
        return told % {"count": self.min_length}

    def get_help_text(self) -> str:
        """Said beforehand."""
        return _("至少 %(count)d 个字符") % {"count": self.min_length}


class UnlikeThePerson(UserAttributeSimilarityValidator):
    """Not the sign-in name, the name, the telephone number or the address with a few changes."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises: ValidationError."""
        try:
            super().validate(password, user)
        except ValidationError as error:
            told = _("密码与登录名、姓名、电话或邮箱太相似")
            raise ValidationError(told, code="password_too_similar") from error
