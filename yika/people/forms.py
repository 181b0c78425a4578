"""Input about people, turned into values."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yika.lib import clock
from yika.lib.decisions import BadInput
from yika.people.actions import NewPerson
from yika.people.models import ROLE_NAMES, SIDE_NAMES, SKILL_NAMES, Organisation, User
from yika.people.policies import organisations, rosterable
from yika.people.rules import PHONE, Role, Side, Skill


def blame(form: forms.Form, refusal: BadInput) -> None:
    """Put a refusal beside the field whose fault it is."""
    field = refusal.field if refusal.field in form.fields else None
    for problem in refusal.problems:
        form.add_error(field, problem)


class PhoneField(forms.CharField):
    """A telephone number, kept without spaces."""

    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"})

    def clean(self, value: Any) -> str:
        """Raises: ValidationError when it does not look like a number that can be dialled."""
        number = str(super().clean(value)).strip()
        if number and not PHONE.fullmatch(number):
            raise forms.ValidationError(_("电话号码只能包含数字、空格、短横线和开头的加号"))
        return number.replace(" ", "")


class SignInForm(forms.Form):
    """Name and password."""

    username = forms.CharField(
        label=gettext_lazy("登录名"),
        max_length=150,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = forms.CharField(
        label=gettext_lazy("密码"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class PasswordForm(forms.Form):
    """The present password and, twice, the new one."""

    current = forms.CharField(
        label=gettext_lazy("当前密码"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=gettext_lazy("新密码"),
        max_length=128,
        strip=False,
        help_text=gettext_lazy("至少 10 个字符，不能全是数字，不能是常见密码，不能与姓名、登录名或电话相近"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("再次输入新密码"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """The two new passwords agree."""
        values = super().clean() or {}
        if values.get("new") and values.get("again") and values["new"] != values["again"]:
            self.add_error("again", _("两次输入的新密码不一致"))
        return values


class ContactForm(forms.Form):
    """One's own telephone number and address."""

    phone = PhoneField(label=gettext_lazy("电话"), max_length=20, required=False)
    email = forms.EmailField(
        label=gettext_lazy("邮箱"),
        required=False,
        help_text=gettext_lazy("派单和到期提醒会同时发到邮箱"),
    )


class CardForm(forms.Form):
    """A staff card. An empty phone or e-mail leaves a present one as it is: neither is shown here."""

    username = forms.CharField(label=gettext_lazy("登录名"), max_length=40)
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=40)
    role = forms.ChoiceField(
        label=gettext_lazy("角色"), choices=[("", "—"), *((role.value, ROLE_NAMES[role]) for role in Role)]
    )
    organisation = forms.ModelChoiceField(label=gettext_lazy("单位"), queryset=Organisation.objects.none())
    badge_number = forms.CharField(label=gettext_lazy("胸牌号"), max_length=20, required=False)
    phone = PhoneField(label=gettext_lazy("电话"), max_length=20, required=False)
    email = forms.EmailField(label=gettext_lazy("邮箱"), required=False)
    skills = forms.MultipleChoiceField(
        label=gettext_lazy("技能"),
        choices=[(skill.value, SKILL_NAMES[skill]) for skill in Skill],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("用于派单时推荐维护人员"),
    )
    clear_contact = forms.BooleanField(label=gettext_lazy("清除已登记的电话和邮箱"), required=False)

    def __init__(self, data: Any = None, *, by: User, whose: User | None = None) -> None:
        self.whose = whose
        initial = {}
        if whose is not None:
            initial = {
                "name": whose.name,
                "role": whose.role,
                "organisation": whose.organisation_id,
                "badge_number": whose.badge_number,
                "skills": whose.skills,
            }
        super().__init__(data, initial=initial)
        choice = self.fields["organisation"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = organisations(by)
        if whose is None:
            del self.fields["clear_contact"]
        else:
            del self.fields["username"]
            self.fields["phone"].help_text = self.fields["email"].help_text = _("留空则保持不变")

    def card(self) -> NewPerson:
        """The values as a card."""
        values = self.cleaned_data
        phone, email = values["phone"], values["email"]
        if self.whose is not None and not values["clear_contact"]:
            phone, email = phone or self.whose.phone, email or self.whose.email
        return NewPerson(
            name=values["name"],
            role=Role(values["role"]),
            organisation=values["organisation"],
            badge_number=values["badge_number"].strip(),
            phone=phone,
            email=email,
            skills=[Skill(skill) for skill in values["skills"]],
        )


class OrganisationForm(forms.Form):
    """A further party."""

    name = forms.CharField(label=gettext_lazy("单位名称"), max_length=80)
    side = forms.ChoiceField(
        label=gettext_lazy("合同方"), choices=[(side.value, SIDE_NAMES[side]) for side in Side]
    )


class ReasonForm(forms.Form):
    """Why something hidden is shown."""

    reason = forms.CharField(
        label=gettext_lazy("查看原因"),
        max_length=200,
        min_length=2,
        help_text=gettext_lazy("将记入操作记录"),
    )


class ShiftForm(forms.Form):
    """Who is on duty, on which campus day, from when to when; an end not after the start is the next day."""

    person = forms.ModelChoiceField(label=gettext_lazy("人员"), queryset=User.objects.none())
    on = forms.DateField(
        label=gettext_lazy("日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    begins = forms.TimeField(
        label=gettext_lazy("开始"),
        initial=time(8),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    ends = forms.TimeField(
        label=gettext_lazy("结束"),
        initial=time(18),
        help_text=gettext_lazy("不晚于开始时间即为次日"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )

    def __init__(self, data: Any = None, *, by: User, at: datetime) -> None:
        super().__init__(data, initial={"on": clock.campus_date(at)})
        choice = self.fields["person"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = rosterable(by)

    def interval(self) -> tuple[datetime, datetime]:
        """Start and end of the shift."""
        values = self.cleaned_data
        last = values["on"] + timedelta(days=1 if values["ends"] <= values["begins"] else 0)
        begins = datetime.combine(values["on"], values["begins"], clock.CAMPUS)
        ends = datetime.combine(last, values["ends"], clock.CAMPUS)
        return begins.astimezone(UTC), ends.astimezone(UTC)


class WeekForm(forms.Form):
    """The Monday of a week."""

    monday = forms.DateField(widget=forms.HiddenInput)
