"""Where devices were in use, and when."""

from collections.abc import Iterable
from datetime import datetime

from yika.assets.models import Device, Stay

_BATCH = 500


def keep_stays(devices: Iterable[Device], *, at: datetime) -> None:
    """Bring the stays in line with life and place just written, inside the caller's transaction."""
    rows = {device.pk: device for device in devices}
    there = {stay.device_id: stay for stay in Stay.objects.filter(device__in=list(rows), until_at=None)}
    ended, begun = [], []
    for key, device in rows.items():
        stay = there.get(key)
        if stay and not (device.in_use and stay.place_id == device.place_id):
            stay.until_at = max(at, stay.from_at)
            ended.append(stay)
            stay = None
        if stay is None and device.in_use:
            begun.append(Stay(device=device, place_id=device.place_id, from_at=at))
    Stay.objects.bulk_update(ended, ["until_at"], batch_size=_BATCH)
    Stay.objects.bulk_create(begun, batch_size=_BATCH)
