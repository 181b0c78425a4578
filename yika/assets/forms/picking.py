"""Form fields that choose places and devices by typing: live with htmx, by a second look without.

``PlaceField`` cleans to a Place (or None), ``DevicesField`` to a list of Devices. What was typed is
enough where it means exactly one thing: a full path, a device number, or a text with one match.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.urls import reverse_lazy
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yika.assets.models import Device, Place
from yika.assets.queries import FOUND_LIMIT, places_matching, search_devices, search_places

MOST_DEVICES = 500


@dataclass(frozen=True)
class Picked:
    """What a form sent: keys ticked, and the text typed."""

    keys: tuple[int, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Choice:
    """One line to tick."""

    key: int
    label: str
    note: str
    chosen: bool


def picked(data: Mapping[str, Any], name: str) -> Picked:
    """Read a picker's part of what was sent."""
    raw = data.getlist(name) if isinstance(data, MultiValueDict) else data.get(name) or []
    values = raw if isinstance(raw, list | tuple) else [raw]
    keys = [
        int(value) for value in map(str, values) if value.isascii() and value.isdigit() and len(value) < 16
    ]
    return Picked(tuple(dict.fromkeys(keys))[:MOST_DEVICES], str(data.get(f"{name}_text", "")).strip()[:200])


def place_choices(value: Picked) -> list[Choice]:
    """The places ticked, then those found."""
    chosen = list(Place.objects.filter(pk__in=value.keys)) if value.keys else []
    found = [place for place in search_places(value.text) if place not in chosen]
    return [
        *(Choice(place.pk, place.full_name, "", True) for place in chosen),
        *(Choice(place.pk, place.full_name, "", False) for place in found),
    ]


def device_choices(value: Picked) -> list[Choice]:
    """The devices ticked, then those found."""
    rows = Device.objects.filter(pk__in=value.keys).select_related("kind", "place").order_by("number")
    chosen = list(rows) if value.keys else []
    found = [device for device in search_devices(value.text) if device not in chosen]
    return [
        *(_device_choice(device, True) for device in chosen),
        *(_device_choice(device, False) for device in found),
    ]


def _device_choice(device: Device, chosen: bool) -> Choice:
    return Choice(device.pk, f"{device.number} {device.kind.label}", device.place.full_name, chosen)


class _PickWidget(forms.Widget):
    """The box to type into and the lines to tick."""

    use_fieldset = False
    many = False
    url: str | Promise = ""
    placeholder: str | Promise = ""
    none_label: str | Promise = ""
    choices: Callable[[Picked], list[Choice]]  # the lines to tick

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Picked:
        """The sent keys and text."""
        return picked(data, name)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """An unticked picker sends nothing and still counts."""
        return False

    def id_for_label(self, id_: str) -> str:
        """The label belongs to the text box."""
        return id_

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The whole picker."""
        value = value if isinstance(value, Picked) else Picked()
        context = {
            "name": name,
            "value": value,
            "choices": self.choices(value),
            "many": self.many,
            "url": self.url,
            "placeholder": self.placeholder,
            "none_label": self.none_label,
            "attrs": {key: sent for key, sent in (attrs or {}).items() if key not in ("id", "required")},
            "id": (attrs or {}).get("id", f"id_{name}"),
            "limit": FOUND_LIMIT,
        }
        return render_to_string("assets/_picker.html", context)


class PlaceWidget(_PickWidget):
    """Radio buttons of places."""

    url = reverse_lazy("assets:pick_place")
    placeholder = gettext_lazy("输入地点名称，如“一楼 豆浆”")

    choices = staticmethod(place_choices)


class DevicesWidget(_PickWidget):
    """Check boxes of devices."""

    many = True
    url = reverse_lazy("assets:pick_device")
    placeholder = gettext_lazy("输入设备编号、类型或地点")

    choices = staticmethod(device_choices)


class PlaceField(forms.Field):
    """One place."""

    widget = PlaceWidget

    def __init__(self, *, none_label: str | Promise = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.none_label = none_label

    def prepare_value(self, value: Any) -> Any:
        """A place or its key as what the widget shows."""
        if isinstance(value, Place):
            return Picked((value.pk,))
        return Picked((value,)) if isinstance(value, int) else value

    def clean(self, value: Any) -> Place | None:
        """The place meant. Raises: ValidationError when there is none or more than one."""
        sent = value if isinstance(value, Picked) else Picked()
        place = Place.objects.filter(pk__in=sent.keys).first()
        if place and sent.text and not _fits(place, sent.text):
            raise forms.ValidationError(_("请从查到的地点中选定一个"))
        if place:
            return place
        if not sent.text:
            if self.required:
                raise forms.ValidationError(_("请选择地点"))
            return None
        found = search_places(sent.text, 2)
        if len(found) == 1 or (found and found[0].full_name == sent.text):
            return found[0]
        raise forms.ValidationError(_("请从查到的地点中选定一个") if found else _("没有找到这个地点"))


def _fits(place: Place, text: str) -> bool:
    same = Place.objects.filter(pk=place.pk)
    return place.full_name == text or places_matching(text, same).exists()


class DevicesField(forms.Field):
    """Any number of devices in use."""

    widget = DevicesWidget

    def prepare_value(self, value: Any) -> Any:
        """Devices or keys as what the widget shows."""
        if value is None or isinstance(value, Picked):
            return value
        things: Iterable[Any] = value if isinstance(value, list | tuple) else [value]
        return Picked(tuple(thing.pk if isinstance(thing, Device) else int(thing) for thing in things))

    def clean(self, value: Any) -> list[Device]:
        """The devices meant. Raises: ValidationError when the text means none or several."""
        sent = value if isinstance(value, Picked) else Picked()
        devices = Device.objects.filter(pk__in=sent.keys).select_related("kind", "place").order_by("number")
        chosen = list(devices)
        found = search_devices(sent.text, 2)
        meant = found[0] if found and (len(found) == 1 or found[0].number == sent.text) else None
        if meant and (not chosen or meant.number == sent.text):
            if meant not in chosen:
                chosen.append(meant)
        elif sent.text and not chosen:
            raise forms.ValidationError(_("请从查到的设备中勾选") if found else _("没有找到在用的这台设备"))
        if self.required and not chosen:
            raise forms.ValidationError(_("请选择设备"))
        return chosen


class DeviceWidget(DevicesWidget):
    """One device to tick."""

    many = False


class DeviceField(DevicesField):
    """One device in use. Cleans to a Device."""

    widget = DeviceWidget

    def clean(self, value: Any) -> Any:
        """The device meant. Raises: ValidationError when there is none or more than one."""
        found: list[Device] = super().clean(value)
        if len(found) > 1:
            raise forms.ValidationError(_("请只选定一台设备"))
        return found[0] if found else None
