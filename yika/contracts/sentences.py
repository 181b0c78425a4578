"""What the journal says about contracts."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SENTENCES: dict[str, Promise] = {
    "contracts.create": _("登记合同 {number}《{name}》，期限 {starts_on} 至 {ends_on}，执行 {standard}"),
    "contracts.adopt": _("启用 {standard}，此前执行 {before}；此后报修的故障按新版本计时"),
}

NOUNS: dict[str, Promise] = {
    "contract": pgettext_lazy("one", "合同"),
}
