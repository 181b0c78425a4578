"""Input of places and devices as values; fields that other forms choose them with."""

from yika.assets.forms.details import AttachForm, DeviceForm, LifeForm
from yika.assets.forms.editing import (
    FiltersForm,
    MergeForm,
    MoveForm,
    PlaceEditForm,
    PlaceForm,
    SheetForm,
    UploadForm,
)
from yika.assets.forms.picking import DevicesField, Picked, PlaceField, device_choices, picked, place_choices

__all__ = [
    "AttachForm",
    "DeviceForm",
    "DevicesField",
    "FiltersForm",
    "LifeForm",
    "MergeForm",
    "MoveForm",
    "Picked",
    "PlaceEditForm",
    "PlaceField",
    "PlaceForm",
    "SheetForm",
    "UploadForm",
    "device_choices",
    "picked",
    "place_choices",
]
