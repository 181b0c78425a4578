"""The catalogue 设备目录: kinds with what is known of them, their models."""

from functools import partial
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yika.assets import queries
from yika.assets.actions import catalogue as actions
from yika.assets.bringing.catalogue import TYPES
from yika.assets.forms import catalogue as forms
from yika.assets.models import Attribute, DeviceKind, DeviceModel
from yika.assets.policies import can_loosen, can_manage, can_see
from yika.assets.rules import Life, ValueType
from yika.assets.views.parts import acted
from yika.journal.queries import timeline
from yika.lib import clock
from yika.lib.decisions import require
from yika.lib.htmx import go
from yika.people.models import SKILL_NAMES
from yika.people.policies import person
from yika.people.rules import Skill


@require_GET
def kinds(request: HttpRequest) -> HttpResponse:
    """Every kind with how many devices, models and attributes it has."""
    user = person(request)
    require(can_see(user))
    context = {
        "kinds": queries.kinds_counted(),
        "skills": {skill.value: name for skill, name in SKILL_NAMES.items()},
        "managing": can_manage(user),
        "form": forms.NewKindForm(),
        "tab": "kinds",
    }
    return render(request, "assets/kinds.html", context)


@require_GET
def kind(request: HttpRequest, pk: int) -> HttpResponse:
    """One kind: its attributes, its models."""
    user = person(request)
    require(can_see(user))
    return _kind_page(request, get_object_or_404(DeviceKind, pk=pk))


def _kind_page(
    request: HttpRequest, here: DeviceKind, bound: dict[str, django_forms.Form] | None = None
) -> HttpResponse:
    """The page; ``bound`` are forms that were sent and refused."""
    user = person(request)
    counted = here.models.annotate(
        all=Count("devices"), spare=Count("devices", filter=Q(devices__life=Life.IN_STOCK))
    )
    context: dict[str, Any] = {
        "kind": here,
        "skill": SKILL_NAMES[Skill(here.skill)],
        "attributes": [(one, TYPES[one.type]) for one in queries.attributes_of(here)],
        "models": counted.order_by("name"),
        "devices": here.devices.count(),
        "managing": can_manage(user),
        "loosening": can_loosen(user),
        "attribute_form": forms.NewAttributeForm(auto_id="attribute_%s"),
        "model_form": forms.ModelForm(auto_id="model_%s"),
        "bound": set(bound or {}),
        "timeline": timeline("device_kind", here.pk, limit=30),
        "tab": "kinds",
        **(bound or {}),
    }
    return render(request, "assets/kind.html", context, status=422 if bound else 200)


@require_POST
def add_kind(request: HttpRequest) -> HttpResponse:
    """A further kind of device."""
    at, user = clock.now(), person(request)
    require(can_manage(user))
    form = forms.NewKindForm(request.POST)
    made = acted(form, partial(actions.add_kind, by=user, at=at))
    if made:
        messages.success(request, _("已新增设备类型“%(name)s”") % {"name": made.name})
        return go(request, "assets:kind", made.pk)
    return _edited(request, form, _("新增设备类型"), None)


@require_http_methods(["GET", "POST"])
def edit_kind(request: HttpRequest, pk: int) -> HttpResponse:
    """Name a kind anew, or say who mends it."""
    at, user = clock.now(), person(request)
    require(can_manage(user))
    here = get_object_or_404(DeviceKind, pk=pk)
    start = {name: getattr(here, name) for name in ("name", "name_en", "skill", "is_terminal")}
    form = forms.KindForm(request.POST or None, initial=start)
    if not can_loosen(user):
        form.fields["is_terminal"].disabled = True
    edit = partial(actions.edit_kind, here, by=user, at=at)
    if request.method == "POST" and acted(form, edit) is not None:
        messages.success(request, _("修改已保存"))
        return go(request, "assets:kind", here.pk)
    return _edited(request, form, _("修改设备类型 %(name)s") % {"name": here.label}, here)


@require_POST
def add_attribute(request: HttpRequest, pk: int) -> HttpResponse:
    """Know one thing more of every device of a kind."""
    at, user = clock.now(), person(request)
    require(can_manage(user))
    here = get_object_or_404(DeviceKind, pk=pk)
    form = forms.NewAttributeForm(request.POST, auto_id="attribute_%s")
    made = acted(form, partial(actions.add_attribute, here, by=user, at=at))
    if made:
        messages.success(request, _("已新增属性“%(name)s”") % {"name": made.name})
        return go(request, "assets:kind", here.pk)
    return _kind_page(request, here, {"attribute_form": form})


@require_http_methods(["GET", "POST"])
def edit_attribute(request: HttpRequest, pk: int) -> HttpResponse:
    """Name an attribute anew, offer other choices, control it or not."""
    at, user = clock.now(), person(request)
    require(can_manage(user))
    here = get_object_or_404(Attribute.objects.select_related("kind"), pk=pk)
    start = {name: getattr(here, name) for name in ("name", "name_en", "unit", "controlled")}
    form = forms.AttributeForm(request.POST or None, initial={**start, "choices": "\n".join(here.choices)})
    if ValueType(here.type) is not ValueType.CHOICE:
        del form.fields["choices"]
    if here.controlled and not can_loosen(user):
        form.fields["controlled"].disabled = True
    edit = partial(actions.edit_attribute, here, by=user, at=at)
    if request.method == "POST" and acted(form, edit) is not None:
        messages.success(request, _("修改已保存"))
        return go(request, "assets:kind", here.kind_id)
    heading = _("修改属性 %(name)s") % {"name": f"{here.kind.label} {here.label}"}
    return _edited(request, form, heading, here.kind)


@require_POST
def remove_attribute(request: HttpRequest, pk: int) -> HttpResponse:
    """Know it no longer."""
    user = person(request)
    here = get_object_or_404(Attribute.objects.select_related("kind"), pk=pk)
    actions.remove_attribute(here, by=user, at=clock.now())
    messages.success(request, _("已删除属性“%(name)s”") % {"name": here.name})
    return go(request, "assets:kind", here.kind_id)


@require_POST
def add_model(request: HttpRequest, pk: int) -> HttpResponse:
    """A model of a kind."""
    at, user = clock.now(), person(request)
    require(can_manage(user))
    here = get_object_or_404(DeviceKind, pk=pk)
    form = forms.ModelForm(request.POST, auto_id="model_%s")
    made = acted(form, partial(actions.add_model, here, by=user, at=at))
    if made:
        messages.success(request, _("已新增型号“%(name)s”") % {"name": made.name})
        return go(request, "assets:kind", here.pk)
    return _kind_page(request, here, {"model_form": form})


@require_http_methods(["GET", "POST"])
def edit_model(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what the devices of a model have in common."""
    at, user = clock.now(), person(request)
    require(can_manage(user))
    here = get_object_or_404(DeviceModel.objects.select_related("kind"), pk=pk)
    start = {name: getattr(here, name) for name in ("name", "maker", "warranty_months", "works_offline")}
    form = forms.ModelForm(request.POST or None, initial=start)
    edit = partial(actions.edit_model, here, by=user, at=at)
    if request.method == "POST" and acted(form, edit) is not None:
        messages.success(request, _("修改已保存"))
        return go(request, "assets:kind", here.kind_id)
    return _edited(request, form, _("修改型号 %(name)s") % {"name": here.name}, here.kind)


@require_POST
def remove_model(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a model out of the catalogue."""
    here = get_object_or_404(DeviceModel, pk=pk)
    actions.remove_model(here, by=person(request), at=clock.now())
    messages.success(request, _("已删除型号“%(name)s”") % {"name": here.name})
    return go(request, "assets:kind", here.kind_id)


def _edited(
    request: HttpRequest, form: django_forms.Form, heading: str, of: DeviceKind | None
) -> HttpResponse:
    context = {"form": form, "heading": heading, "kind": of}
    return render(request, "assets/catalogue_form.html", context, status=422 if form.errors else 200)
