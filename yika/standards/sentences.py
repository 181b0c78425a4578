"""What the journal says about standards."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "standards.load": _("载入《{title}》{version} 版"),
}

NOUNS: dict[str, Promise] = {
    "standard": _("规范"),
}
