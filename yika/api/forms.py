"""Turns input about tokens and webhooks into values."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yika.api.models import SCOPE_NAMES, Webhook
from yika.api.policies import organisations
from yika.api.queries import event_choices
from yika.api.rules import LONGEST_DAYS, offered
from yika.people.models import User
from yika.people.rules import Role


class TokenForm(forms.Form):
    """What a token is for, and how far it goes."""

    name = forms.CharField(
        label=_("用途"), max_length=60, help_text=_("如：机房监控系统。便于日后辨认和吊销")
    )
    scopes = forms.MultipleChoiceField(
        label=_("权限范围"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("令牌以您的名义操作，权限不超过您本人，也不超过所选范围"),
    )
    days = forms.IntegerField(
        label=_("有效期（天）"),
        min_value=1,
        max_value=LONGEST_DAYS,
        initial=90,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [  # type: ignore[attr-defined]
            (scope.value, SCOPE_NAMES[scope]) for scope in offered(Role(by.role))
        ]


class WebhookForm(forms.Form):
    """Where to, and of what."""

    name = forms.CharField(label=_("名称"), max_length=60)
    url = forms.CharField(
        label=_("推送地址"),
        max_length=500,
        widget=forms.TextInput(attrs={"type": "url", "spellcheck": "false"}),
    )
    events = forms.MultipleChoiceField(label=_("推送哪些事件"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, by: User, webhook: Webhook | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["events"].choices = event_choices()  # type: ignore[attr-defined]
        parties = organisations(by)
        if webhook is None:
            self.fields["organisation"] = forms.ModelChoiceField(
                label=_("以哪个单位的权限"),
                queryset=parties,
                initial=parties.first(),
                empty_label=None,
                help_text=_("只推送该单位有权查看的故障和时限"),
            )
