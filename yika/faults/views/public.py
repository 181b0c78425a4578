"""The reporter's pages: no account, one small page each, a secret link to follow."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yika.assets.models import Device, Place
from yika.assets.queries import search_places
from yika.faults import forms, queries
from yika.faults.actions import intake, reporting
from yika.faults.models import Channel, Report, Symptom
from yika.faults.policies import by_secret
from yika.faults.rules import RESTORED_STATES, State
from yika.files.actions import store
from yika.files.models import StoredFile
from yika.files.rules import LARGEST, Kind
from yika.files.views import respond
from yika.journal.rules import REPORTER
from yika.lib import clock
from yika.lib.address import client_address, network
from yika.lib.decisions import BadInput, WrongState
from yika.lib.text import moment
from yika.people.actions import attempt_allowed, forget_attempt
from yika.people.forms import blame
from yika.people.models import User

# A canteen or the whole campus may stand behind one address, and an outage brings many reports at once;
# a script that sends the same form again and again is stopped by the label.
REPORTS_OF_A_LABEL = 30  # an hour, from one address
REPORTS_AN_HOUR = 600  # from one address
WORDS_AN_HOUR = 60  # ratings, complaints and the like
HOUR = 3600
MOST_PHOTOS = 3


def _or_gone(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A label or a link that leads nowhere any more gets a light page with the way to report."""

    @wraps(view)
    def answered(request: HttpRequest, **named: Any) -> HttpResponseBase:
        try:
            return view(request, **named)
        except Http404:
            return render(request, "faults/public/gone.html", {"label": "token" in named}, status=404)

    return answered


@login_not_required
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Find the place; usually the label on the device has done this already."""
    text = request.GET.get("q", "")[:60].strip()
    return render(
        request, "faults/public/start.html", {"q": text, "places": search_places(text) if text else []}
    )


@login_not_required
@require_http_methods(["GET", "POST"])
@_or_gone
def report_device(request: HttpRequest, token: str) -> HttpResponse:
    """Report a fault of the device whose label was scanned; a technician at work arrives here."""
    device = get_object_or_404(Device.objects.select_related("kind", "place"), token=token)
    return _report(request, device.place, device)


@login_not_required
@require_http_methods(["GET", "POST"])
@_or_gone
def report_place(request: HttpRequest, token: str) -> HttpResponse:
    """Report a fault at a place."""
    return _report(request, get_object_or_404(Place, token=token), None)


def _report(request: HttpRequest, place: Place, device: Device | None) -> HttpResponse:
    at, user = clock.now(), request.user
    context: dict[str, Any] = {
        "at": at,
        "place": place,
        "device": device,
        "outages": queries.known_outages(device=device, place=place, at=at),
        "arriving": queries.arriving(user, device) if device and isinstance(user, User) else [],
        "damaged": Symptom.CARD_DAMAGED,
        "most_photos": MOST_PHOTOS,
        "most_mb": LARGEST // 1024 // 1024,
    }
    if request.method == "GET":
        return render(request, "faults/public/report.html", context | {"form": forms.PublicReportForm()})
    form = forms.PublicReportForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            made = _take(request, form, place, device, at)
        except BadInput as refusal:
            blame(form, refusal)
        except WrongState as refusal:
            form.add_error(None, "；".join(refusal.problems))
        else:
            return HttpResponseRedirect(reverse("faults:progress", args=[made.secret]))
    context |= {"form": form, "photos_again": bool(request.FILES)}
    return render(request, "faults/public/report.html", context, status=422)


def _take(
    request: HttpRequest, form: forms.PublicReportForm, place: Place, device: Device | None, at: datetime
) -> Report:
    """Make a report, or join a known outage, from a valid form."""
    asked = form.cleaned_data
    made_before = Report.objects.filter(submission=asked["submission"]).first()
    if made_before:
        return made_before
    _insist_not_too_many(request, device.token if device else place.token, at)
    more: dict[str, Any] = {
        "channel": Channel.QR if device else Channel.WEB,
        "submission": asked["submission"],
        "by": REPORTER,
        "at": at,
        "description": asked["description"],
        "reporter_name": asked["reporter_name"],
        "reporter_phone": asked["reporter_phone"],
        "photos": _photos(request, at),
        "language": get_language() or "zh-hans",
    }
    if asked["same_as"]:
        outages = queries.known_outages(device=device, place=place, at=at)
        known = {one.fault.pk: one.fault for one in outages}
        if asked["same_as"] not in known:
            raise WrongState(_("这起故障刚刚结束，如仍有问题请另行报修"))
        return intake.join(known[asked["same_as"]], **more)
    return intake.report(symptom=Symptom(asked["symptom"]), place=place, device=device, **more)


def _insist_not_too_many(request: HttpRequest, token: str, at: datetime) -> None:
    """Count a report by its label and by its address. Raises: BadInput when either has had enough."""
    address = network(client_address(request))
    by_label = attempt_allowed("report-label", f"{address} {token}", REPORTS_OF_A_LABEL, HOUR, at)
    by_address = attempt_allowed("report", address, REPORTS_AN_HOUR, HOUR, at) if by_label else by_label
    if by_address.free_at is None:
        return
    if by_label:
        forget_attempt(by_label)
    said = _("提交过于频繁，请在 %(time)s 后再试") % {"time": moment(by_address.free_at)}
    if settings.TELEPHONE:
        said = _("%(refusal)s，或拨打报修电话 %(telephone)s") % {
            "refusal": said,
            "telephone": settings.TELEPHONE,
        }
    raise BadInput(said)


def _photos(request: HttpRequest, at: datetime) -> list[StoredFile]:
    uploads = request.FILES.getlist("photos")
    if len(uploads) > MOST_PHOTOS:
        raise BadInput(_("最多上传 %(most)d 张照片") % {"most": MOST_PHOTOS}, field="photos")
    return [store(upload, kinds=(Kind.IMAGE,), at=at) for upload in uploads]


def _followed(secret: str) -> Report:
    return get_object_or_404(
        by_secret(secret).select_related(
            "fault__place",
            "fault__device__kind",
            "fault__technician",
            "fault__response",
            "fault__repair",
            "fault__standard",
            "fault__merged_into",
        ),
        secret=secret,
    )


@login_not_required
@require_GET
@_or_gone
def progress(request: HttpRequest, secret: str) -> HttpResponse:
    """进度: who is coming, when it is to be repaired, what was done; then rate or complain."""
    return _progress(request, _followed(secret))


def _progress(
    request: HttpRequest, report: Report, *, problems: tuple[str, ...] = (), status: int = 200
) -> HttpResponse:
    at = clock.now()
    fault = reporting.outage_of(report)
    restored = State(fault.state) in RESTORED_STATES
    merged = fault.pk != report.fault_id
    outage = queries.kinds_failed(fault) if merged and queries.joined_by_itself(report.fault) else ""
    context = {
        "at": at,
        "report": report,
        "fault": fault,
        "merged": merged,
        "outage": outage,
        "about": report.fault if outage else fault,
        "stages": queries.stages(fault),
        "feedback": fault.feedbacks.last() if restored else None,
        "restored": restored,
        "complaints": report.complaints.all(),
        "submission": uuid4(),
        "problems": problems,
        "ended_early": State(fault.state) in (State.CALLED_OFF, State.REFERRED),
        "reason": queries.ending_note(fault),
        "photos": report.photos.all(),
    }
    answer = render(request, "faults/public/progress.html", context, status=status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _limited(request: HttpRequest) -> None:
    if not attempt_allowed("words", network(client_address(request)), WORDS_AN_HOUR, HOUR, clock.now()):
        raise BadInput(_("提交过于频繁，请稍后再试"))


@login_not_required
@require_POST
@_or_gone
def rate(request: HttpRequest, secret: str) -> HttpResponse:
    """评价."""
    report = _followed(secret)
    try:
        _limited(request)
        rating = request.POST.get("rating", "")
        reporting.rate(
            report,
            rating=int(rating) if rating.isdecimal() and len(rating) == 1 else 0,
            comment=request.POST.get("comment", ""),
            at=clock.now(),
        )
    except (BadInput, WrongState) as refusal:
        return _progress(request, report, problems=refusal.problems, status=422)
    return redirect("faults:progress", secret)


@login_not_required
@require_POST
@_or_gone
def complain(request: HttpRequest, secret: str) -> HttpResponse:
    """投诉."""
    report = _followed(secret)
    try:
        _limited(request)
        reporting.complain(report, text=request.POST.get("text", ""), at=clock.now())
    except (BadInput, WrongState) as refusal:
        return _progress(request, report, problems=refusal.problems, status=422)
    return redirect("faults:progress", secret)


@login_not_required
@require_POST
@_or_gone
def still_broken(request: HttpRequest, secret: str) -> HttpResponse:
    """It is not repaired after all."""
    report = _followed(secret)
    form = forms.StillBrokenForm(request.POST)
    try:
        _limited(request)
        if not form.is_valid():
            raise BadInput(_("请刷新页面后重试"))
        asked = form.cleaned_data
        now = reporting.still_broken(
            report, note=asked["note"], submission=asked["submission"], at=clock.now()
        )
    except (BadInput, WrongState) as refusal:
        return _progress(request, report, problems=refusal.problems, status=422)
    return redirect("faults:progress", now.secret)


@login_not_required
@require_GET
@_or_gone
def own_photo(request: HttpRequest, secret: str, pk: int) -> HttpResponseBase:
    """A picture the reporter sent themselves."""
    photo = get_object_or_404(_followed(secret).photos.select_related("file"), pk=pk)
    return respond(request, photo.file)
