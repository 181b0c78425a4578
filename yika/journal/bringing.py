"""Lists brought in from files, with one event for the file: what every such list shares."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from yika.journal.actions import Actor, record
from yika.lib import clock
from yika.lib.office.bringing import Listing, Plan, Upload, Withheld, brought
from yika.lib.office.reading import Read


@contextmanager
def as_shown(
    upload: Upload, planned: Callable[[Read], Plan[Any]], what: str, *, by: Actor, at: datetime
) -> Iterator[Plan[Any]]:
    """The plan made again in a transaction and insisted to be what was shown; one event tells of the file.

    ``what`` is the list's name as the journal keeps it. Call it after the action's own policy.
    Raises: BadInput for a line that cannot be used, WrongState when the plan is no longer what was shown.
    """
    with transaction.atomic():
        plan = planned(upload.read)
        plan.insist(upload.shown)
        yield plan
        if not plan.is_empty:
            record(
                "journal.bring_in",
                ("import", upload.sha256[:40]),
                by=by,
                at=at,
                what=what,
                file_name=upload.file_name,
                sha256=upload.sha256,
                added=len(plan.new),
                changed=len(plan.changed),
            )


def brought_in(
    request: HttpRequest,
    listing: Listing,
    planned: Callable[[Read], Plan[Any]],
    action: Callable[..., Plan[Any]],
    withheld: Callable[[Plan[Any], datetime], Withheld | None] | None = None,
) -> HttpResponse:
    """The page of a list's import, for whom the caller has allowed it; what was done is told on the list."""
    at = clock.now()

    def apply(upload: Upload) -> HttpResponse:
        done = action(upload, by=request.user, at=at)
        said = _("已导入：新增 %(new)d 项，修改 %(changed)d 项")
        messages.success(request, said % {"new": len(done.new), "changed": len(done.changed)})
        return redirect(listing.back)

    def kept_back(plan: Plan[Any]) -> Withheld | None:
        return withheld(plan, at) if withheld else None

    return brought(request, listing, plan=planned, apply=apply, at=at, withheld=kept_back)
