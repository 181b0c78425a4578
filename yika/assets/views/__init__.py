"""One function per URL."""

from yika.assets.views.devices import (
    change_life,
    create_device,
    device,
    devices,
    edit_device,
    replace_device_label,
)
from yika.assets.views.exports import export_devices, export_places
from yika.assets.views.imports import apply_import, import_list
from yika.assets.views.labels import label_sheet, labels, place_label_sheet, place_labels
from yika.assets.views.picking import pick_device, pick_place
from yika.assets.views.places import (
    create_place,
    edit_place,
    merge_place,
    move_place,
    place,
    places,
    replace_place_label,
)
from yika.assets.views.scanning import scan

__all__ = [
    "apply_import",
    "change_life",
    "create_device",
    "create_place",
    "device",
    "devices",
    "edit_device",
    "edit_place",
    "export_devices",
    "export_places",
    "import_list",
    "label_sheet",
    "labels",
    "merge_place",
    "move_place",
    "pick_device",
    "pick_place",
    "place",
    "place_label_sheet",
    "place_labels",
    "places",
    "replace_device_label",
    "replace_place_label",
    "scan",
]
