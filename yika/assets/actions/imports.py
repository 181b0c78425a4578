"""Applying an import: everything in one transaction, or nothing."""

from datetime import datetime
from itertools import groupby

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from yika.assets.actions.details import edit_event, model_called
from yika.assets.actions.places import lock_tree
from yika.assets.actions.stays import keep_stays
from yika.assets.actions.words import index_devices, index_places
from yika.assets.gate import insist_free, insist_still_free, moves_of
from yika.assets.models import Device, DeviceKind, DeviceModel, Place
from yika.assets.policies import can_manage, can_recount
from yika.assets.queries import world
from yika.assets.rules import Change, Door, NewDevice, NewPlace, Plan, fingerprint, guess_kind, parse, plan
from yika.assets.sentences import worded
from yika.journal.actions import record, record_all
from yika.journal.rules import SystemActor
from yika.lib.decisions import BadInput, WrongState, require
from yika.people.models import User

_BATCH = 500


def import_list(
    text: str,
    *,
    terminals: bool,
    shown: str,
    file_name: str,
    sha256: str,
    by: User | SystemActor,
    at: datetime,
) -> Plan:
    """Carry out what the preview of a list showed; ``shown`` is the fingerprint of that plan.

    Raises: BadInput when a line cannot be used, WrongState when the plan is no longer what was shown.
    """
    require(can_manage(by))
    parsed = parse(text)
    insist_free(moves_of(plan(parsed, world(), terminals=terminals)), door=Door.IMPORT, by=by, at=at)
    try:
        with transaction.atomic():
            lock_tree()
            planned = plan(parsed, world(), terminals=terminals)
            if planned.problems:
                raise BadInput(*(worded(problem) for problem in planned.problems[:5]))
            if fingerprint(planned) != shown:
                raise _overtaken()
            insist_still_free(moves_of(planned), at=at)
            if not planned.is_empty:
                _apply(planned, by=by, at=at)
                record(
                    "assets.import_list",
                    ("import", sha256[:40]),
                    by=by,
                    at=at,
                    file_name=file_name,
                    sha256=sha256,
                    places=len(planned.new_places),
                    devices=len(planned.new_devices),
                    changed=len(planned.changes),
                )
    except IntegrityError as error:
        raise _overtaken() from error
    return planned


def _overtaken() -> WrongState:
    return WrongState(_("预览之后地点或设备有了变化，没有导入任何内容，请重新预览"))


def _apply(planned: Plan, *, by: User | SystemActor, at: datetime) -> None:
    _create_places(planned.new_places)
    mentioned = {device.path for device in planned.new_devices}
    mentioned |= {new for change in planned.changes for name, _old, new in change.fields if name == "place"}
    places = {place.full_name: place for place in Place.objects.all() if place.full_name in mentioned}
    kinds = {kind.code: kind for kind in DeviceKind.objects.all()}
    _create_devices(planned.new_devices, places, kinds, at=at)
    if planned.changes:
        _change_devices(planned.changes, places, kinds, by=by, at=at)


def _create_places(new_places: tuple[NewPlace, ...]) -> None:
    """Level by level, so that each parent has its key before its children are written."""
    if not new_places:
        return
    keys: dict[str, int] = dict(Place.objects.values_list("full_name", "pk"))
    for _depth, level in groupby(new_places, key=lambda place: place.path.count("/")):
        rows = []
        for place in level:
            above, _slash, name = place.path.rpartition("/")
            parent = keys[above] if above else None
            rows.append(Place(parent_id=parent, name=name, full_name=place.path, kind=guess_kind(place.path)))
        made = Place.objects.bulk_create(rows, batch_size=_BATCH)
        keys |= {row.full_name: row.pk for row in made}
        index_places(made)


def _create_devices(
    new_devices: tuple[NewDevice, ...],
    places: dict[str, Place],
    kinds: dict[str, DeviceKind],
    *,
    at: datetime,
) -> None:
    models = _models({(device.kind, device.model) for device in new_devices}, kinds)
    rows = [
        Device(
            number=device.number,
            kind=kinds[device.kind],
            place=places[device.path],
            model=models.get((device.kind, device.model)),
            serial=device.serial,
        )
        for device in new_devices
    ]
    made = Device.objects.bulk_create(rows, batch_size=_BATCH)
    keep_stays(made, at=at)
    index_devices(made)


def _models(named: set[tuple[str, str]], kinds: dict[str, DeviceKind]) -> dict[tuple[str, str], DeviceModel]:
    """The models by kind and name; new names are registered."""
    return {(kind, name): model_called(kinds[kind], name) for kind, name in sorted(named) if name}


def _change_devices(
    changes: tuple[Change, ...],
    places: dict[str, Place],
    kinds: dict[str, DeviceKind],
    *,
    by: User | SystemActor,
    at: datetime,
) -> None:
    """Write the changes, each on the record of its device; refuse if one was changed meanwhile."""
    numbers = [change.number for change in changes]
    locked = Device.objects.filter(number__in=numbers).select_for_update(of=("self",), no_key=True)
    rows = {row.number: row for row in locked.select_related("kind", "place", "model").order_by("pk")}
    named = {
        (rows[change.number].kind.code, new)
        for change in changes
        for name, _old, new in change.fields
        if name == "model" and change.number in rows
    }
    models = _models(named, kinds)
    events = []
    for change in changes:
        row = rows.get(change.number)
        if row is None:
            raise _overtaken()
        told = []
        for name, old, new in change.fields:
            now = _now(row, name)
            if now != old:
                raise _overtaken()
            if name == "place":
                row.place = places[new]
                told.append((name, old, new))
            elif name == "kind":
                require(can_recount(by, row, kinds[new]))
                told.append((name, row.kind.name, kinds[new].name))
                row.kind = kinds[new]
            else:
                if name != "model":
                    setattr(row, name, new)
                told.append((name, old, new))
        model = {name: new for name, _old, new in change.fields}.get("model", row.model_name)
        row.model = models.get((row.kind.code, model)) or (model_called(row.kind, model) if model else None)
        events.append(edit_event(row, row.number, told, by=by, at=at))
    record_all(events)
    Device.objects.bulk_update(rows.values(), ["place", "kind", "model", "serial"], batch_size=_BATCH)
    keep_stays(rows.values(), at=at)
    index_devices(rows.values())


def _now(row: Device, name: str) -> str:
    if name == "place":
        return row.place.full_name
    return row.kind.code if name == "kind" else row.model_name if name == "model" else row.serial
