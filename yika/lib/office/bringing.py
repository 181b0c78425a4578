"""A list brought in from a file: choose, look, bring in, all or nothing; ``journal.taking`` the other way.

What was looked at travels in the form, signed; nothing is left behind. It is read and planned again when it
is brought in, inside the action's transaction, and refused when the plan is no longer what was shown.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Generic, TypeVar

from django import forms
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yika.lib.decisions import BadInput, WrongState
from yika.lib.office.reading import Read, Row, Unreadable, plain, read_table
from yika.lib.office.words import placed, said, spellings, told

LARGEST = 4_000_000
"""Bytes of a file."""
SHOWN = 200
"""Lines of a preview, of each sort."""

_SALT = "yika.import"
_KEPT = timedelta(hours=1)

T = TypeVar("T")


def overtaken() -> WrongState:
    """What was shown is no longer what would be done."""
    return WrongState(_("预览之后数据有了变化，没有导入任何内容，请重新预览"))


class Fate(StrEnum):
    """What bringing a line in does."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True)
class Heading:
    """A column: what it is called in words and in programs, and what is written in it.

    ``code``: a number such as a device's, kept as ``plain`` reads it.
    """

    key: str
    name: Promise
    help: Promise
    needed: bool = False
    code: bool = False


@dataclass(frozen=True)
class Listing:
    """A list that can be brought in. ``what`` is signed; ``back`` is the list's URL name; ``most``: rows.

    ``removes``: what the file does not have may end, as the note says.
    """

    what: str
    title: Promise
    back: str
    headings: Sequence[Heading]
    note: Promise
    most: int = 2000
    removes: bool = False

    def read(self, data: bytes, name: str) -> Read:
        """The rows of a file, its columns headed in any language. Raises: Unreadable."""
        ours = {one.key: str(one.name) for one in self.headings}
        found = read_table(
            data,
            name,
            columns={one.key: [ours[one.key], *spellings(one.name)] for one in self.headings},
            needed=[one.key for one in self.headings if one.needed],
            most=self.most,
        )
        codes = [one.key for one in self.headings if one.code]
        rows = tuple(
            replace(row, cells={**row.cells, **{key: plain(row.cells[key]) for key in codes}})
            if codes
            else row
            for row in found.rows
        )
        return replace(found, headings={**ours, **found.headings}, rows=rows)


@dataclass(frozen=True)
class Item(Generic[T]):
    """What a line comes to: ``label`` says of whom or what, ``changes`` are (field, before, after)."""

    line: int
    fate: Fate
    label: str
    value: T
    detail: str = ""
    changes: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Problem:
    """What is wrong with a line, in words; ``column`` as headed, empty for the line as a whole."""

    line: int
    column: str
    words: str


@dataclass
class Plan(Generic[T]):
    """What bringing a file in would do, built up line by line. ``remarks`` keep nothing out."""

    read: Read
    items: list[Item[T]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.problems += [Problem(flaw.line, flaw.column, said(flaw)) for flaw in self.read.flaws]

    def wrong(self, row: Row, key: str, words: str) -> None:
        """Name a problem by its line and column."""
        self.problems.append(Problem(row.line, self.read.headings[key], words))

    def remark(self, row: Row, key: str, words: str) -> None:
        """Name what may be meant so, by its line and column; it comes in nevertheless."""
        self.remarks.append(Problem(row.line, self.read.headings[key], words))

    def of(self, fate: Fate) -> list[Item[T]]:
        """The lines of one fate, in order."""
        return [item for item in self.items if item.fate is fate]

    @property
    def new(self) -> list[Item[T]]:
        """What is added."""
        return self.of(Fate.NEW)

    @property
    def changed(self) -> list[Item[T]]:
        """What is changed."""
        return self.of(Fate.CHANGED)

    @property
    def same(self) -> list[Item[T]]:
        """What is there already."""
        return self.of(Fate.SAME)

    @property
    def is_empty(self) -> bool:
        """Whether bringing it in changes nothing."""
        return all(item.fate is Fate.SAME for item in self.items)

    @property
    def fingerprint(self) -> str:
        """Tells one plan from another by what it would do."""
        does = [
            (item.line, item.label, item.detail, item.changes)
            for item in self.items
            if item.fate is not Fate.SAME
        ]
        return hashlib.sha256(json.dumps(does).encode()).hexdigest()

    def insist(self, shown: str) -> None:
        """Raises: BadInput with the first problems; WrongState when this is not the plan that was shown."""
        if self.problems:
            problems = sorted(self.problems, key=lambda problem: problem.line)[:5]
            raise BadInput(*(placed(problem.line, problem.column, problem.words) for problem in problems))
        if self.fingerprint != shown:
            raise overtaken()


@dataclass(frozen=True)
class Withheld:
    """What of a plan needs consent: its lines, of how many devices, and the change that would say it."""

    lines: frozenset[int]
    devices: int
    proposal: str


@dataclass(frozen=True)
class Upload:
    """A file that was looked at and is to be brought in; ``shown`` is the fingerprint of the plan."""

    read: Read
    file_name: str
    sha256: str
    shown: str


def looked_at(listing: Listing, text: str, name: str, planned: Callable[[Read], Plan[Any]]) -> Upload:
    """A list that a program writes and brings in itself: nobody needs to see the preview first."""
    data = text.encode()
    read = listing.read(data, name)
    return Upload(read, name, hashlib.sha256(data).hexdigest(), planned(read).fingerprint)


class UploadForm(forms.Form):
    """A list to be looked at."""

    file = forms.FileField(
        label=gettext_lazy("文件"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.tsv,.txt"}),
        help_text=gettext_lazy("Excel（.xlsx）或 CSV，最多 4 MB"),
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        """Refuse by size before anything is read."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(_("文件超过 4 MB，请拆分后分次导入"))
        return file


class ApplyForm(forms.Form):
    """What was previewed, signed: the file itself travels with the form."""

    kept = forms.CharField(widget=forms.HiddenInput, strip=False)


def keep(previewed: dict[str, Any], *, at: datetime) -> str:
    """Sign and compress what was previewed for the form that applies it."""
    return signing.dumps({**previewed, "kept_at": at.isoformat()}, salt=_SALT, compress=True)


def kept(text: str, *, at: datetime) -> dict[str, Any]:
    """What was previewed. Raises: BadInput when it is older than an hour or was altered."""
    try:
        previewed: dict[str, Any] = signing.loads(text, salt=_SALT)
        old = at - datetime.fromisoformat(previewed.pop("kept_at")) > _KEPT
    except signing.BadSignature as error:
        raise BadInput(_("预览内容不完整，请重新选择文件预览")) from error
    if old:
        raise BadInput(_("预览已过期，请重新选择文件预览"))
    return previewed


def brought(
    request: HttpRequest,
    listing: Listing,
    *,
    plan: Callable[[Read], Plan[Any]],
    apply: Callable[[Upload], HttpResponse],
    at: datetime,
    withheld: Callable[[Plan[Any]], Withheld | None] | None = None,
) -> HttpResponse:
    """The page of a list's import, for whom the caller has allowed it: form, preview, bringing in.

    ``plan`` says what a file would do and changes nothing; ``apply`` does it and answers; what is
    ``withheld`` is told before anybody presses.
    """
    if request.method != "POST":
        return _page(request, listing, UploadForm())
    if "kept" in request.POST:
        return _apply(request, listing, apply, at)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, listing, form, status=422)
    file = form.cleaned_data["file"]
    data, name = file.read(), str(file.name)
    try:
        planned = plan(listing.read(data, name))
    except Unreadable as refusal:
        form.add_error("file", told(refusal.flaw))
        return _page(request, listing, form, status=422)
    planned.problems.sort(key=lambda problem: problem.line)
    shown: dict[str, Any] = {"plan": planned, "file_name": name}
    kept_back = withheld(planned) if withheld and not planned.problems else None
    if kept_back:
        shown |= {"withheld": kept_back, "proposal": kept_back.proposal}
    elif not planned.problems and not planned.is_empty:
        previewed = {
            "what": listing.what,
            "data": data.decode("latin-1"),  # any bytes, as text
            "file_name": name[-100:],
            "shown": planned.fingerprint,
        }
        shown["apply_form"] = ApplyForm(initial={"kept": keep(previewed, at=at)})
    return _page(request, listing, UploadForm(), status=422 if planned.problems else 200, **shown)


def _apply(
    request: HttpRequest, listing: Listing, apply: Callable[[Upload], HttpResponse], at: datetime
) -> HttpResponse:
    try:
        previewed = kept(request.POST["kept"], at=at)
        if previewed["what"] != listing.what:
            raise BadInput(_("预览内容不完整，请重新选择文件预览"))
        data, name = previewed["data"].encode("latin-1"), previewed["file_name"]
        upload = Upload(listing.read(data, name), name, hashlib.sha256(data).hexdigest(), previewed["shown"])
        return apply(upload)
    except (BadInput, WrongState) as refusal:
        status = 409 if isinstance(refusal, WrongState) else 422
        more = {"refused": refusal.problems, "proposal": refusal.proposal}
        return _page(request, listing, UploadForm(), status=status, **more)


def _page(
    request: HttpRequest, listing: Listing, form: UploadForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"listing": listing, "form": form, "shown": SHOWN, **more}
    return render(request, "lib/import.html", context, status=status)
