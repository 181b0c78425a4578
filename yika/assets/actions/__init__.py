"""Every verb of places and devices; the only writers."""

from yika.assets.actions.devices import (
    change_life,
    create_device,
    edit_device,
    replace_device_label,
)
from yika.assets.actions.imports import import_list
from yika.assets.actions.kinds import seed_kinds
from yika.assets.actions.places import (
    create_place,
    describe_place,
    edit_place,
    merge_place,
    move_place,
    rename_place,
    replace_place_label,
)

__all__ = [
    "change_life",
    "create_device",
    "create_place",
    "describe_place",
    "edit_device",
    "edit_place",
    "import_list",
    "merge_place",
    "move_place",
    "rename_place",
    "replace_device_label",
    "replace_place_label",
    "seed_kinds",
]
