"""What the journal says about standards."""

from django.utils.functional import _StrPromise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, _StrPromise] = {
    "standards.load": _("载入《{title}》{version} 版"),
}
