"""What may be searched for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from yika.journal import telling


class SearchForm(forms.Form):
    """Every field is optional; a value that makes no sense finds nothing rather than everything."""

    who = forms.CharField(label=_("操作人"), required=False, max_length=80)
    noun = forms.ChoiceField(label=_("对象"), required=False)
    key = forms.CharField(label=_("编号"), required=False, max_length=40)
    verb = forms.ChoiceField(label=_("操作"), required=False)
    since = forms.DateField(
        label=_("起"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("止"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        words = telling.vocabulary()
        nouns = sorted((noun, str(name)) for noun, name in words.nouns.items())
        verbs = [(verb, telling.label(verb)) for verb in sorted(words.sentences)]
        self._choices("noun", [("", _("全部对象")), *nouns])
        self._choices("verb", [("", _("全部操作")), *verbs])
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-select" if name in ("noun", "verb") else "form-control"
        self.fields["who"].widget.attrs["placeholder"] = str(_("姓名"))
        self.fields["key"].widget.attrs.update({"placeholder": str(_("编号")), "size": "8"})

    def _choices(self, name: str, choices: list[tuple[str, object]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, str(text)) for code, text in choices]
