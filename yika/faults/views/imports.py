"""历史导入: choose a file, look, bring it in; take it out again."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yika.contracts.policies import visible as visible_contracts
from yika.faults.actions import importing
from yika.faults.forms import ImportForm
from yika.faults.importing import History
from yika.faults.policies import can_import, visible_imports
from yika.faults.queries.imports import earlier, known
from yika.faults.replay import summary
from yika.faults.rows import Unreadable
from yika.lib import clock
from yika.lib.decisions import BadInput, Refusal, WrongState, require
from yika.lib.office.bringing import ApplyForm, keep, kept
from yika.lib.paging import page
from yika.people.models import User
from yika.people.policies import may, person
from yika.people.rules import Right
from yika.standards.queries import standard_of

WHAT = "history"  # what was signed: a list of places is not taken for a file of faults


@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """What was brought in; a file chosen here is shown as it would be brought in, and nothing is changed."""
    user = person(request)
    require(may(user, Right.SEE_COMPLIANCE))
    if request.method != "POST":
        return _shown(request, user, _form(user))
    require(can_import(user))
    form = _form(user, request)
    if not form.is_valid():
        return _shown(request, user, form, status=422)
    return _previewed(request, user, form)


def _form(user: User, request: HttpRequest | None = None) -> ImportForm:
    contracts = visible_contracts(user).order_by("-starts_on", "-id")
    return ImportForm(request and request.POST, request and request.FILES, contracts=contracts)


def _shown(
    request: HttpRequest, user: User, form: ImportForm, *, status: int = 200, **told: Any
) -> HttpResponse:
    rows = visible_imports(user).select_related("contract")
    may_import = bool(can_import(user))
    context = {
        "form": form if may_import else None,
        "page": page(rows, ("-id",), request.GET.get("after", ""), size=20),
        "may_import": may_import,
        **told,
    }
    return render(request, "faults/imports.html", context, status=status)


def _previewed(request: HttpRequest, user: User, form: ImportForm) -> HttpResponse:
    at, lang = clock.now(), get_language() or "zh-hans"
    upload, contract = form.cleaned_data["file"], form.cleaned_data["contract"]
    data = upload.read()
    with _on_disk(data) as path:
        shown = importing.fingerprint(path)
        before = earlier(shown)
        if before is not None:
            return _shown(request, user, form, status=409, refused=[importing.already(before)])
        history = History(path, standard_of(contract.standard), known(contract), at)
        try:
            seen = history.check()
        except Unreadable as error:
            form.add_error("file", error.words.told("en" if lang == "en" else "zh"))
            return _shown(request, user, form, status=422)
    tally = seen.tally
    told: dict[str, Any] = {
        "file_name": upload.name,
        "contract": contract,
        "seen": seen,
        "lines": summary(tally, history.standard),
        "problems": [(flaw, flaw.words.told("en" if lang == "en" else "zh")) for flaw in tally.problems],
        "more": tally.problem_count - len(tally.problems),
    }
    if tally.bad_rows or not seen.rows:
        return _shown(request, user, form, status=422, **told)
    previewed = {
        "what": WHAT,
        "data": data.decode("latin-1"),  # any bytes, as text
        "contract": contract.pk,
        "file_name": str(upload.name)[:120],
        "shown": shown,
    }
    told["apply_form"] = ApplyForm(initial={"kept": keep(previewed, at=at)})
    return _shown(request, user, _form(user), **told)


@require_POST
def apply(request: HttpRequest) -> HttpResponse:
    """Bring in what was previewed, all of it or nothing."""
    at, user = clock.now(), person(request)
    require(can_import(user))
    form = ApplyForm(request.POST)
    previewed = kept(form.cleaned_data["kept"], at=at) if form.is_valid() else {}
    if previewed.get("what") != WHAT:
        raise BadInput(_("预览内容不完整，请重新选择文件预览"))
    contract = get_object_or_404(
        visible_contracts(user).select_related("standard", "vendor"), pk=previewed["contract"]
    )
    try:
        with _on_disk(previewed["data"].encode("latin-1")) as path:
            made = importing.import_faults(
                path,
                contract=contract,
                file_name=previewed["file_name"],
                shown=previewed["shown"],
                by=user,
                at=at,
            )
    except (BadInput, WrongState) as refusal:
        return _refused(request, user, refusal)
    messages.success(request, _("已导入历史故障 %(rows)d 件") % {"rows": made.rows})
    return redirect("faults:imports")


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a whole import out again."""
    at, user = clock.now(), person(request)
    imported = get_object_or_404(visible_imports(user), pk=pk)
    try:
        count = importing.undo_import(imported, by=user, at=at)
    except WrongState as refusal:
        return _refused(request, user, refusal)
    messages.success(request, _("已撤回，删去历史故障 %(count)d 件") % {"count": count})
    return redirect("faults:imports")


def _refused(request: HttpRequest, user: User, refusal: Refusal) -> HttpResponse:
    status = 409 if isinstance(refusal, WrongState) else 422
    return _shown(request, user, _form(user), status=status, refused=refusal.problems)


@contextmanager
def _on_disk(data: bytes) -> Iterator[Path]:
    """Bytes as a file for as long as they are read."""
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        file.write(data)
        file.flush()
        yield Path(file.name)
