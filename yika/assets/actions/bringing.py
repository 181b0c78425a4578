"""Bringing in from files what is known of places, devices, models, merchants and attributes."""

from datetime import datetime
from typing import Any

from yika.assets.actions import catalogue
from yika.assets.actions.details import columns_of, described, differences, edit_event, names_of
from yika.assets.actions.places import describe_place
from yika.assets.bringing import (
    WantedDetails,
    planned_attributes,
    planned_details,
    planned_merchants,
    planned_models,
    planned_places,
)
from yika.assets.gate import Wanted, insist_free, insist_still_free
from yika.assets.models import Attribute, Device, Merchant
from yika.assets.policies import can_manage
from yika.assets.rules import Door, shown
from yika.journal.actions import record_all
from yika.journal.bringing import as_shown
from yika.journal.rules import SystemActor
from yika.lib.decisions import require
from yika.lib.office.bringing import Plan, Upload
from yika.people.models import User

Doer = User | SystemActor
BATCH = 500


def import_models(upload: Upload, *, by: Doer, at: datetime) -> Plan[Any]:
    """Bring in models as the preview showed, each with its own event."""
    require(can_manage(by))
    with as_shown(upload, planned_models, "型号", by=by, at=at) as plan:
        for item in (*plan.new, *plan.changed):
            one = item.value
            said: dict[str, Any] = {
                "name": one.name,
                "maker": one.maker,
                "works_offline": one.works_offline,
                "warranty_months": one.warranty_months,
            }
            known = one.kind.models.filter(name=one.name).first()
            if known:
                catalogue.edit_model(known, **said, by=by, at=at)
            else:
                catalogue.add_model(one.kind, **said, by=by, at=at)
    return plan


def import_merchants(upload: Upload, *, by: Doer, at: datetime) -> Plan[Any]:
    """Bring in merchants as the preview showed."""
    require(can_manage(by))
    with as_shown(upload, planned_merchants, "商户", by=by, at=at) as plan:
        for item in plan.new:
            catalogue.add_merchant(name=item.value, by=by, at=at)
    return plan


def import_attributes(upload: Upload, *, by: Doer, at: datetime) -> Plan[Any]:
    """Bring in attributes as the preview showed."""
    require(can_manage(by))
    with as_shown(upload, planned_attributes, "设备属性", by=by, at=at) as plan:
        for item in (*plan.new, *plan.changed):
            one = item.value
            said: dict[str, Any] = {
                "name": one.name,
                "name_en": one.name_en,
                "unit": one.unit,
                "choices": one.choices,
                "controlled": one.controlled,
            }
            known = Attribute.objects.filter(kind=one.kind, key=one.key).first()
            if known:
                catalogue.edit_attribute(known, **said, by=by, at=at)
            else:
                catalogue.add_attribute(
                    one.kind, key=one.key, value_type=one.value_type, **said, by=by, at=at
                )
    return plan


def import_places(upload: Upload, *, by: Doer, at: datetime) -> Plan[Any]:
    """Bring in what is said of places as the preview showed."""
    require(can_manage(by))
    with as_shown(upload, planned_places, "地点资料", by=by, at=at) as plan:
        for item in plan.changed:
            one = item.value
            describe_place(one.place, kind=one.kind, daily_users=one.daily_users, by=by, at=at)
    return plan


def import_details(upload: Upload, *, by: Doer, at: datetime) -> Plan[Any]:
    """Bring in what is known of devices as the preview showed, each with its own event.

    Raises: NeedsConsent when it would change parameters or server of devices in use; else as the others.
    """
    require(can_manage(by))
    insist_free(wanted_of(planned_details(upload.read)), door=Door.IMPORT, by=by, at=at)
    with as_shown(upload, planned_details, "设备资料", by=by, at=at) as plan:
        insist_still_free(wanted_of(plan), at=at)
        does = {item.value.device.pk: item.value for item in plan.changed}
        rows = list(
            Device.objects.select_related("kind", "place", "model", "merchant")
            .filter(pk__in=does)
            .order_by("pk")
            .select_for_update(of=("self",), no_key=True)
        )
        merchants = _merchants({one.values["merchant"] for one in does.values() if "merchant" in one.values})
        before = [described(row) for row in rows]
        for row in rows:
            _put(row, does[row.pk], merchants)
        changes = [differences(old, described(row)) for old, row in zip(before, rows, strict=True)]
        columns = sorted({column for one in changes for column in columns_of(one)})
        if columns:
            Device.objects.bulk_update(rows, columns, batch_size=BATCH)
        names = names_of([one for each in changes for one in each], *{row.kind for row in rows})
        record_all(
            [
                edit_event(row, row.number, each, by=by, at=at, names=names)
                for row, each in zip(rows, changes, strict=True)
                if each
            ]
        )
    return plan


def _merchants(names: set[str]) -> dict[str, Merchant]:
    """Merchants by name, registered if new."""
    known = {row.name: row for row in Merchant.objects.filter(name__in=names)}
    new = [Merchant(name=name) for name in sorted(names - known.keys())]
    return known | {row.name: row for row in Merchant.objects.bulk_create(new, batch_size=BATCH)}


def _put(row: Device, one: WantedDetails, merchants: dict[str, Merchant]) -> None:
    for name, value in one.values.items():
        setattr(row, name, merchants[value] if name == "merchant" else value)
    if one.attributes:
        kept = {**row.attributes, **one.attributes}
        row.attributes = {key: value for key, value in kept.items() if value is not None}


def wanted_of(plan: Plan[WantedDetails]) -> list[Wanted]:
    """The controlled values that a file would write."""
    rows = Attribute.objects.filter(controlled=True)
    controlled = {(kind, key) for kind, key in rows.values_list("kind", "key")}
    found = []
    for item in plan.changed:
        one = item.value
        if "upstream_ip" in one.values:
            after = one.values["upstream_ip"]
            found.append(Wanted(one.device, "upstream_ip", one.device.upstream_ip or "", after or "", after))
        found += [
            Wanted(
                one.device,
                f"parameters.{key}",
                shown(one.device.attributes.get(key)),
                shown(value),
                value,
            )
            for key, value in one.attributes.items()
            if (one.device.kind_id, key) in controlled
        ]
    return found
