"""Every verb of places and devices; the only writers."""

from yika.assets.actions.devices import (
    create_device,
    edit_device,
    put_in_use,
    replace_device_label,
    take_out_of_use,
)
from yika.assets.actions.imports import import_list
from yika.assets.actions.kinds import seed_kinds
from yika.assets.actions.places import create_place, move_place, rename_place, replace_place_label

__all__ = [
    "create_device",
    "create_place",
    "edit_device",
    "import_list",
    "move_place",
    "put_in_use",
    "rename_place",
    "replace_device_label",
    "replace_place_label",
    "seed_kinds",
    "take_out_of_use",
]
