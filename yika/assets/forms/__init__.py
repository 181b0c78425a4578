"""Input of places and devices as values; fields that other forms choose them with."""

from yika.assets.forms.editing import (
    DeviceForm,
    FiltersForm,
    MoveForm,
    PlaceForm,
    ReasonForm,
    RenameForm,
    SheetForm,
    UploadForm,
)
from yika.assets.forms.picking import DevicesField, Picked, PlaceField, device_choices, picked, place_choices

__all__ = [
    "DeviceForm",
    "DevicesField",
    "FiltersForm",
    "MoveForm",
    "Picked",
    "PlaceField",
    "PlaceForm",
    "ReasonForm",
    "RenameForm",
    "SheetForm",
    "UploadForm",
    "device_choices",
    "picked",
    "place_choices",
]
