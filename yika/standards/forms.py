"""Turning an uploaded or pasted standard into its text."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

LARGEST = 1_000_000


class SourceForm(forms.Form):
    """A standard's TOML text, from a file or typed in."""

    file = forms.FileField(label=_("规范文件"), help_text=_("TOML 文件，UTF-8 编码"), required=False)
    source = forms.CharField(
        label=_("或粘贴规范文本"),
        required=False,
        strip=False,
        max_length=LARGEST,
        widget=forms.Textarea(attrs={"rows": 12, "class": "mono", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        """The file's text takes the place of the typed one."""
        data = super().clean() or {}
        upload = data.get("file")
        if isinstance(upload, UploadedFile):
            if (upload.size or 0) > LARGEST:
                self.add_error("file", _("文件过大，规范文件不应超过 1 MB"))
                return data
            try:
                data["source"] = upload.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", _("文件不是 UTF-8 编码，请另存为 UTF-8 后再试"))
        elif not self.errors and not str(data.get("source", "")).strip():
            self.add_error("file", _("请选择规范文件，或粘贴规范文本"))
        return data
