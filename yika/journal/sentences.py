"""What the journal itself records, and how the system's own actors are called."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

SENTENCES: dict[str, Promise] = {
    "journal.bring_in": gettext_lazy(
        "导入{what}“{file_name}”：新增 {added} 项，修改 {changed} 项；文件 SHA-256：{sha256}"
    ),
    "journal.take_copy": gettext_lazy("下载操作记录副本"),
    "journal.take_list": gettext_lazy("导出列表（{form}）{rows} 行，筛选：{filters}"),
}
NOUNS: dict[str, Promise] = {
    "import": gettext_lazy("导入清单"),
    "journal": gettext_lazy("操作记录"),
    "list": gettext_lazy("列表"),
}
ACTORS: dict[str, Promise] = {
    "worker": pgettext_lazy("actor", "后台任务"),
    "system": gettext_lazy("系统"),
    "reporter": gettext_lazy("报修人"),
    "cli": gettext_lazy("命令行"),
}
