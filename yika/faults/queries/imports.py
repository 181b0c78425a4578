"""History brought in: what a file is held against, what was brought in, and who has worked on it since."""

from django.db.models import Exists, OuterRef, Q

from yika.assets.models import Device, Place
from yika.commitments.models import Exemption
from yika.contracts.models import Contract
from yika.faults.importing import Known, Spot
from yika.faults.models import (
    Classification,
    Fault,
    FaultImport,
    FaultLog,
    Feedback,
    Move,
    Photo,
    Report,
    Ruling,
)
from yika.faults.rules import State

MOST_NAMED = 20


def known(contract: Contract) -> Known:
    """What the rows of a file may name."""
    places = {path: Spot(key, path) for key, path in Place.objects.values_list("pk", "full_name")}
    devices = {
        number: Spot(place, path, key)
        for key, number, place, path in Device.objects.values_list(
            "pk", "number", "place", "place__full_name"
        )
    }
    return Known(contract.starts_on, contract.ends_on, places, devices)


def earlier(sha256: str) -> FaultImport | None:
    """The import that brought in the same file and still stands."""
    return FaultImport.objects.filter(sha256=sha256, undone_at__isnull=True).first()


def worked_on(imported: FaultImport) -> list[Fault]:
    """Some of the faults of an import that somebody has done something about since."""
    since = imported.at
    mine = OuterRef("pk")
    touched = (
        Exists(Move.objects.filter(fault=mine, recorded_at__gt=since))
        | Exists(Classification.objects.filter(fault=mine, at__gt=since))
        | Exists(Ruling.objects.filter(Q(asked_at__gt=since) | Q(decided_at__gt=since), fault=mine))
        | Exists(Feedback.objects.filter(fault=mine))
        | Exists(FaultLog.objects.filter(fault=mine))
        | Exists(Photo.objects.filter(fault=mine))
        | Exists(Report.objects.filter(fault=mine, recorded_at__gt=since))
        | Exists(Report.objects.filter(fault=mine, rated_at__isnull=False))
        | Exists(Report.objects.filter(fault=mine, complaints__isnull=False))
        | Exists(Fault.objects.filter(merged_into=mine))
        | Exists(Fault.objects.filter(follows=mine))
        | Exists(Exemption.objects.filter(commitment=OuterRef("response")))
        | Exists(Exemption.objects.filter(commitment=OuterRef("repair")))
    )
    ruled = Q(response__ruled_at__isnull=False) | Q(repair__ruled_at__isnull=False)
    rows = Fault.objects.filter(imported=imported).filter(ruled | ~Q(state=State.CLOSED) | touched)
    return list(rows.order_by("pk")[:MOST_NAMED])
