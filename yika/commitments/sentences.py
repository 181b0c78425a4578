"""What the journal says about commitments."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yika.commitments.words import KINDS, OUTCOMES, TOLD

SENTENCES: dict[str, Promise] = {
    "commitments.open": _("{kind}开始计时：{clause}，{started_at} 起算，{due_at} 到期"),
    "commitments.settle": _("{kind}完成：{outcome}，应于 {due_at} 前完成"),
    "commitments.take_back": _("{kind}重新计时：原完成时间 {before_at} 收回，原认定 {ruled}"),
    "commitments.replace": _(
        "{kind}时限改为 {clause}，{due_at} 到期；此前为 {before_clause}，{before_at} 到期。依据：{reason}"
    ),
    "commitments.void": _("{kind}不再计时（{clause}）"),
    "commitments.reinstate": _("{kind}恢复计时"),
    "commitments.alert": _("{kind}预警已发给{told}，到期时间 {due_at}"),
    "commitments.claim_exemption": _("申请豁免 {from_at} 至 {until_at}：{reason}"),
    "commitments.grant_exemption": _("同意豁免：{decision}；计入豁免后 {due_at} 到期"),
    "commitments.refuse_exemption": _("不同意豁免：{decision}；仍为 {due_at} 到期"),
    "commitments.rule_outcome": _("认定为{outcome}（计时结果为{computed}）：{reason}"),
}

NOUNS: dict[str, Promise] = {"commitment": _("时限")}

WORDS: dict[str, dict[str, Promise]] = {
    "kind": {kind.value: word for kind, word in KINDS.items()},
    "outcome": {outcome.value: word for outcome, word in OUTCOMES.items()},
    "computed": {outcome.value: word for outcome, word in OUTCOMES.items()},
    "ruled": {outcome.value: word for outcome, word in OUTCOMES.items()},
    "told": {role.value: word for role, word in TOLD.items()},
}
