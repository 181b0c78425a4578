"""Input of places and devices as values; fields that other forms choose them with."""

from yika.assets.forms.editing import (
    ApplyForm,
    DeviceForm,
    FiltersForm,
    MoveForm,
    PlaceForm,
    ReasonForm,
    RenameForm,
    UploadForm,
    keep,
    kept,
)
from yika.assets.forms.picking import DevicesField, Picked, PlaceField, device_choices, picked, place_choices

__all__ = [
    "ApplyForm",
    "DeviceForm",
    "DevicesField",
    "FiltersForm",
    "MoveForm",
    "Picked",
    "PlaceField",
    "PlaceForm",
    "ReasonForm",
    "RenameForm",
    "UploadForm",
    "device_choices",
    "keep",
    "kept",
    "picked",
    "place_choices",
]
