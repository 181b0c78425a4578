"""The main pages, by who works with them, and a story that fills them."""

from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse

from tests import builders
from tests.journeys.conftest import Campus, Hand
from yika.assets.models import Place
from yika.faults.actions import asking, classifying, dispatching, finishing, reporting, working
from yika.faults.models import Complaint, Fault, Feedback
from yika.faults.rules import State
from yika.people.models import Organisation, User

# A name of a page, and after a colon what of the story it shows.
SIGNED_IN: dict[str, tuple[str, ...]] = {
    "dispatcher": (
        "faults:board",
        "faults:list",
        "faults:new",
        "faults:page:fault",
        "commitments:due",
        "assets:devices",
        "assets:device:device",
        "assets:places",
        "assets:place:place",
        "people:list",
        "people:roster",
        "notices:inbox",
        "people:account",
        "portal:keys",
    ),
    "technician": ("faults:my_work", "faults:work:work", "faults:page:work", "notices:inbox"),
    "office": (
        "faults:rulings",
        "faults:page:fault",
        "faults:complaints",
        "faults:complaint:complaint",
        "commitments:compliance",
        "commitments:list",
        "commitments:page:response",
        "standards:show",
        "standards:versions",
        "contracts:list",
        "contracts:detail:contract",
        "calendars:days",
        "calendars:import_days",
        "journal:list",
    ),
    "administrator": (
        "people:new",
        "people:person:technician",
        "people:import_people",
        "assets:import_list",
        "portal:status",
    ),
    "manager": (
        "assets:labels",
        "assets:create_device",
        "assets:create_place",
        "faults:page:done",
        "people:import_shifts",
    ),
}
PUBLIC = (
    "people:sign_in",
    "faults:report",
    "faults:report_device:token",
    "faults:progress:secret",
    "faults:progress:done_secret",
)


@dataclass(frozen=True)
class Story:
    """A morning with something on every page."""

    campus: Campus
    things: dict[str, object]

    def path(self, page: str) -> str:
        """The path of a page as the tables name it."""
        app, name, *of = page.split(":")
        return reverse(f"{app}:{name}", args=[self.things[one] for one in of])


def tell(campus: Campus, hand: Hand, *, english: bool = False) -> Story:
    """Four faults: waiting for the Office, overdue, at work, and done with a complaint."""
    if english:
        _in_english(campus)
    first, *others = campus.machines
    fault = builders.fault(
        State.ACCEPTED, to=campus.technician, of=first, reporter_name="Liu", reporter_phone="13912345678"
    )
    overdue = builders.fault(at=hand.at - timedelta(hours=2), of=others[0])
    work = builders.fault(State.WORKING, to=campus.technician, of=others[1])
    done = builders.fault(State.RESTORED, to=campus.other, of=others[2])
    gone = builders.fault(of=others[3])
    at, desk = hand.forward(minutes=30), campus.dispatcher
    classifying.classify(fault, terminals=6, cardholders=0, reason="more", by=desk, at=at)
    asking.propose_special(fault, cause="bank", claim="bank", by=desk, at=at)
    assert fault.response
    asking.claim_exemption(
        fault, fault.response, from_at=at - timedelta(minutes=20), until_at=at, reason="shut", by=desk, at=at
    )
    working.wait_part(work, note="part", by=campus.technician, at=at)
    dispatching.call_off(gone, note="mistake", by=desk, at=at)
    finishing.give_feedback(done, way=Feedback.Way.PHONE, told="works again", by=campus.other, at=at)
    log = dict.fromkeys(builders.LOG, "as told")
    finishing.write_log(done, entries=log, by=campus.other, at=at)
    reporting.complain(done.reports.get(), text="slow", at=at)
    dispatching.dispatch(overdue, to=campus.other, by=desk, at=at)
    if english:  # last: the builders know the parties by their names
        for party in Organisation.objects.all():
            Organisation.objects.filter(pk=party.pk).update(name=f"Party {party.pk}")
    return Story(
        campus,
        {
            "fault": fault.pk,
            "work": work.pk,
            "done": done.pk,
            "complaint": Complaint.objects.get().pk,
            "response": Fault.objects.get(pk=fault.pk).response_id,
            "device": first.pk,
            "place": first.place_id,
            "token": first.token,
            "secret": fault.reports.get().secret,
            "done_secret": done.reports.get().secret,
            "technician": campus.technician.pk,
            "contract": campus.contract.pk,
        },
    )


def _in_english(campus: Campus) -> None:
    for user in User.objects.all():
        User.objects.filter(pk=user.pk).update(name=f"Person {user.pk}")
    names: dict[int, str] = {}
    for place in Place.objects.order_by("full_name"):
        name = f"Place {place.pk}"
        names[place.pk] = f"{names[place.parent_id]}/{name}" if place.parent_id else name
        Place.objects.filter(pk=place.pk).update(name=name, full_name=names[place.pk])
    type(campus.contract).objects.update(name="Contract")
    for thing in (*campus.machines, *(machine.place for machine in campus.machines), campus.contract):
        thing.refresh_from_db()
    for user in (campus.office, campus.dispatcher, campus.technician, campus.other, campus.manager):
        user.refresh_from_db()
