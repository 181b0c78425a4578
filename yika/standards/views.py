"""The standard's pages: the whole text, its versions, loading a new one."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yika.journal.taking import taken
from yika.lib import clock
from yika.lib.decisions import BadInput, require
from yika.lib.office.tables import Column
from yika.people.models import User
from yika.people.policies import may, person
from yika.people.rules import Right
from yika.standards import actions, loader, queries
from yika.standards.forms import SourceForm
from yika.standards.loader import StandardErrors
from yika.standards.models import StandardVersion
from yika.standards.policies import can_load, visible
from yika.standards.rules import Standard


def _lang() -> str:
    return get_language() or "zh-hans"


def _sheet(standard: Standard) -> dict[str, object]:
    """What the page of a whole standard shows."""
    lang = _lang()
    return {
        "standard": standard,
        "title": standard.title_en if lang.startswith("en") else standard.title,
        "issuer": standard.issuer_en if lang.startswith("en") else standard.issuer,
        "sections": queries.sections(standard, lang),
        "levels": queries.level_rows(standard, lang),
        "rungs": queries.rung_rows(standard, lang),
        "log_fields": [
            (field.name_en if lang.startswith("en") else field.name, field.required)
            for field in standard.fault_log
        ],
        "windows": queries.window_rows(standard),
    }


def _page(request: HttpRequest, version: StandardVersion) -> HttpResponse:
    told = {
        "version": version,
        "in_force": queries.in_force(visible(person(request))) == version,
        "may_load": bool(can_load(person(request))),
        "panel": _panel(person(request), version),
        **_sheet(queries.standard_of(version)),
    }
    return render(request, "standards/show.html", told)


def _panel(user: User, version: StandardVersion) -> str:
    """The address of a version's figures, which an upper room has; empty for who may not see them."""
    if not may(user, Right.SEE_COMPLIANCE):
        return ""
    try:
        return reverse("commitments:panel_clauses", query={"version": version.pk})
    except NoReverseMatch:
        return ""


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """The standard in force, as a whole."""
    version = queries.in_force(visible(person(request)))
    if version is None:
        told = {"may_load": bool(can_load(person(request)))}
        return render(request, "standards/none.html", told)
    return _page(request, version)


@require_GET
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One version, as a whole."""
    return _page(request, get_object_or_404(visible(person(request)), pk=pk))


@require_GET
def source(request: HttpRequest, pk: int) -> HttpResponse:
    """The text of a version as a file, exactly as it was loaded."""
    version = get_object_or_404(visible(person(request)), pk=pk)
    return HttpResponse(
        version.source,
        content_type="application/toml; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{version.code}-{_plain(version.version)}.toml"'
        },
    )


@require_GET
def export_clauses(request: HttpRequest, form: str) -> HttpResponseBase:
    """The clauses of a version, or of the standard in force, with the readings under each."""
    user = person(request)
    rows = visible(user)
    asked = request.GET.get("version", "")
    version = (
        get_object_or_404(rows, pk=asked) if asked.isdecimal() and len(asked) < 18 else queries.in_force(rows)
    )
    lines = queries.clause_lines(queries.standard_of(version), _lang()) if version else []
    columns = [Column(_("条款"), 10), Column(_("标题"), 28), Column(_("原文"), 80), Column(_("解释"), 60)]
    return taken(
        request,
        "clauses",
        form,
        title=str(version) if version else _("规范"),
        columns=columns,
        rows=lines,
        count=len(lines),
        at=clock.now(),
    )


def _plain(text: str) -> str:
    """Letters, digits, dots and dashes, for a file name."""
    return "".join(
        letter if letter.isascii() and (letter.isalnum() or letter in ".-") else "_" for letter in text
    )


@require_GET
def versions(request: HttpRequest) -> HttpResponse:
    """Every loaded version, and what each changed against the one loaded before it."""
    rows = list(visible(person(request)).defer("source").order_by("-loaded_at", "-id")[:200])
    told = {
        "versions": rows,
        "in_force": queries.in_force(visible(person(request)).defer("source")),
        "may_load": bool(can_load(person(request))),
    }
    return render(request, "standards/versions.html", told)


@require_GET
def compare(request: HttpRequest, pk: int, with_pk: int) -> HttpResponse:
    """What differs between two versions."""
    rows = visible(person(request))
    new, old = get_object_or_404(rows, pk=pk), get_object_or_404(rows, pk=with_pk)
    if new == old:
        raise Http404
    told = {
        "old": old,
        "new": new,
        "changes": queries.change_rows(queries.standard_of(old), queries.standard_of(new), _lang()),
    }
    return render(request, "standards/compare.html", told)


@require_http_methods(["GET", "POST"])
def load(request: HttpRequest) -> HttpResponse:
    """Check a new version, look at what it changes, load it."""
    user = person(request)
    require(can_load(user))
    if request.method == "GET":
        return render(request, "standards/load.html", {"form": SourceForm()})
    form = SourceForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "standards/load.html", {"form": form}, status=422)
    text = form.cleaned_data["source"]
    try:
        standard = loader.read(text)
        if request.POST.get("step") == "load":
            version = actions.load(text, by=user, at=clock.now())
            messages.success(request, _("已载入《%(title)s》") % {"title": version})
            return redirect("standards:version", pk=version.pk)
    except StandardErrors as errors:
        told = {"form": _typed(text), "errors": [(one.line, one.told(_lang())) for one in errors.problems]}
        return render(request, "standards/load.html", told, status=422)
    except BadInput as error:
        return render(
            request, "standards/load.html", {"form": _typed(text), "problems": error.problems}, status=422
        )
    before = queries.in_force(visible(user))
    told = {
        "text": loader.normal(text),
        "before": before,
        "changes": queries.change_rows(queries.standard_of(before), standard, _lang()) if before else [],
        "same": before is not None and before.sha256 == standard.sha256,
        **_sheet(standard),
    }
    return render(request, "standards/preview.html", told)


def _typed(text: str) -> SourceForm:
    """The form again, with the text that was read, so that it can be mended in place."""
    return SourceForm(initial={"source": text})
