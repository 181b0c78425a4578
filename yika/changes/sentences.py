"""What the journal says about changes, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SENTENCES: dict[str, Promise] = {
    "changes.draft": _("起草变更 {number}：{title}"),
    "changes.edit": _("修改变更 {number}：{title}"),
    "changes.add_lines": _("变更 {number} 添加内容：{lines}"),
    "changes.remove_line": _("变更 {number} 删去内容：{line}"),
    "changes.ask": _("提交变更申请 {number}：{title}"),
    "changes.ask_again": _("答复后再次提交变更 {number}：{answer}"),
    "changes.ask_back": _("变更 {number} 要求补充：{reason}"),
    "changes.consent": _("同意变更 {number} {reason}"),
    "changes.refuse": _("不同意变更 {number}：{reason}"),
    "changes.withdraw": _("撤回变更 {number}：{reason}"),
    "changes.use_pattern": _("变更 {number} 按标准变更“{pattern}”办理"),
    "changes.execute": _("执行变更 {number}：{note}"),
    "changes.execute_first": _("紧急执行变更 {number}：{note}，须于 {due_at} 前确认"),
    "changes.overtake": _("变更 {number} 未执行，现状已变：{lines}"),
    "changes.test": _("变更 {number} 测试“{item}”：{result}，{passed}"),
    "changes.verify": _("变更 {number} 验证通过"),
    "changes.roll_back": _("变更 {number} 回退：{reason}"),
    "changes.confirm": _("确认紧急变更 {number} {reason}"),
    "changes.decline": _("不予确认紧急变更 {number}：{reason}"),
    "changes.approve_pattern": _("批准标准变更“{name}”，有效至 {until_on}"),
    "changes.end_pattern": _("停用标准变更“{name}”"),
    "changes.add_blackout": _("设置封网时段“{name}”：{from_at} 至 {until_at}"),
    "changes.remove_blackout": _("取消封网时段“{name}”"),
    "changes.note_difference": _("现场差异：{number} 的{field}登记为 {recorded}，实际为 {found}"),
}

NOUNS: dict[str, Promise] = {
    "change": pgettext_lazy("noun", "变更"),
    "pattern": _("标准变更"),
    "blackout": _("封网时段"),
}

WORDS: dict[str, dict[str, Promise]] = {"passed": {"true": _("通过"), "false": _("未通过")}}
