"""The journal in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from yika.api.models import SCOPE_NAMES

NOUNS: dict[str, Promise] = {
    "token": pgettext_lazy("one", "接口令牌"),
    "webhook": pgettext_lazy("one", "事件推送"),
}

SENTENCES: dict[str, Promise] = {
    "api.create_token": gettext_lazy(
        "创建接口令牌“{name}”（{prefix}…），权限范围：{scopes}，有效期至 {expires_at}"
    ),
    "api.revoke_token": gettext_lazy("吊销 {owner} 的接口令牌“{name}”（{prefix}…）"),
    "api.create_webhook": gettext_lazy("创建事件推送“{name}”：{url}"),
    "api.edit_webhook": gettext_lazy("修改事件推送“{name}”：{url}"),
    "api.pause_webhook": gettext_lazy("暂停事件推送“{name}”"),
    "api.start_webhook": gettext_lazy("启用事件推送“{name}”"),
    "api.renew_secret": gettext_lazy("更换事件推送“{name}”的签名密钥"),
    "api.redeliver": gettext_lazy("重新推送：{event}"),
}

WORDS: dict[str, dict[str, Promise]] = {
    "scopes": {scope.value: words for scope, words in SCOPE_NAMES.items()},
}
