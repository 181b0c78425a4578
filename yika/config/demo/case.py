"""One fault in the hands of its people: the product's own actions, in short."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from yika.assets.models import Device, Place
from yika.commitments.models import Commitment
from yika.config.demo.stage import Part, Stage
from yika.config.demo.words import COMMENTS, OF_KIND, REPORTERS, Words
from yika.faults.actions import classifying, dispatching, finishing, intake, reporting, working
from yika.faults.models import Channel, Fault, Feedback, Report
from yika.journal.actions import Actor
from yika.journal.rules import REPORTER, SYSTEM
from yika.people.models import User

PUBLIC = (Channel.QR, Channel.WEB)


class Case:
    """A fault, its first report, and who deals with it."""

    def __init__(self, stage: Stage, report: Report, words: Words, to: User) -> None:
        self.stage, self.report, self.words, self.to = stage, report, words, to
        self.fault: Fault = report.fault
        self.desk = stage.people["dispatch"]
        self.office = stage.people["office"]

    @property
    def response(self) -> Commitment:
        """The response promise as it stands."""
        self.fault.refresh_from_db()
        assert self.fault.response
        return self.fault.response

    @property
    def repair(self) -> Commitment:
        """The repair promise as it stands."""
        self.fault.refresh_from_db()
        assert self.fault.repair
        return self.fault.repair

    def classify(
        self,
        at: datetime,
        terminals: int,
        cardholders: int,
        reason: str,
        devices: Sequence[Device] = (),
        by: User | None = None,
    ) -> None:
        """State how large it is, as the desk unless somebody else is named."""
        classifying.classify(
            self.fault,
            terminals=terminals,
            cardholders=cardholders,
            devices=devices,
            reason=reason,
            by=by or self.desk,
            at=at,
        )

    def join(self, at: datetime, description: str, channel: Channel = Channel.QR) -> Report:
        """One more reporter of the same outage."""
        name, phone = self.stage.chance.choice(REPORTERS)
        return intake.join(
            self.fault,
            channel=channel,
            submission=self.stage.key(),
            by=REPORTER if channel in PUBLIC else self.desk,
            at=at,
            description=description,
            reporter_name=name,
            reporter_phone=phone,
        )

    def dispatch(self, at: datetime, to: User | None = None) -> None:
        """Send the technician."""
        self.to = to or self.to
        dispatching.dispatch(self.fault, to=self.to, by=self.desk, at=at)

    def accept(self, at: datetime) -> None:
        """The technician takes the work on."""
        working.accept(self.fault, by=self.to, at=at)

    def set_out(self, at: datetime) -> None:
        """The technician is on the way."""
        working.set_out(self.fault, by=self.to, at=at)

    def arrive(self, at: datetime, note: str = "", happened_at: datetime | None = None) -> None:
        """By the device's label, unless a reason says why not."""
        scanned = None if note else self.fault.device
        working.arrive(
            self.fault,
            by=self.to,
            at=at,
            scanned=scanned,
            note=note or ("" if scanned else "故障位置没有设备标签"),
            happened_at=happened_at,
        )

    def start_remotely(self, at: datetime, note: str = "远程登录服务器检查") -> None:
        """The technician takes it over from afar."""
        working.start_remotely(self.fault, by=self.to, at=at, note=note)

    def restore(self, at: datetime, note: str = "", happened_at: datetime | None = None) -> None:
        """Function is back for good."""
        working.restore(self.fault, by=self.to, at=at, note=note or self.words.done, happened_at=happened_at)

    def feed_back(self, at: datetime) -> None:
        """Tell the reporter, by telephone if there is a number."""
        way = Feedback.Way.PHONE if self.report.reporter_phone else Feedback.Way.PAGE
        told = f"已修复：{self.words.done}。请再试用，如有问题随时联系。"
        finishing.give_feedback(self.fault, way=way, told=told, by=self.to, at=at)

    def write_log(self, at: datetime) -> None:
        """The technician writes the fault log."""
        finishing.write_log(self.fault, entries=self.words.log, by=self.to, at=at)

    def close(self, at: datetime) -> None:
        """The desk closes it."""
        finishing.close(self.fault, by=self.desk, at=at)

    def rate(self, at: datetime, rating: int) -> None:
        """The reporter says how it was."""
        comment = self.stage.chance.choice(COMMENTS[rating])
        self.report = reporting.rate(self.report, rating=rating, comment=comment, at=at)

    def reach(self, at: datetime, within: float = 34) -> Part:
        """Dispatched, accepted, on the way and arrived by scan, ``within`` so many minutes."""
        each = self.stage.minutes
        for act, share in ((self.dispatch, 0.15), (self.accept, 0.1), (self.set_out, 0.15)):
            at = yield each(within * share / 2, within * share)
            act(at)
        at = yield each(within * 0.3, within * 0.6)
        self.arrive(at)
        return at

    def finish(self, at: datetime, after: timedelta | None = None) -> Part:
        """Restored ``after`` some more work, then all that follows."""
        at = yield after or self.stage.minutes(8, 75)
        self.restore(at)
        return (yield from self.wrap_up(at))

    def wrap_up(self, at: datetime) -> Part:
        """Fed back, logged, often rated, closed."""
        each = self.stage.minutes
        at = yield each(2, 12)
        self.feed_back(at)
        at = yield each(5, 40)
        self.write_log(at)
        may_rate = self.report.rated_at is None and self.report.channel in PUBLIC
        if may_rate and self.stage.chance.random() < 0.6:
            at = yield each(3, 60)
            self.rate(at, self.stage.chance.choice((5, 5, 5, 5, 4, 4, 3)))
        at = yield each(10, 120)
        self.close(at)
        return at


def reported(
    stage: Stage,
    at: datetime,
    device: Device | None = None,
    *,
    place: Place | None = None,
    channel: Channel = Channel.QR,
    words: Words | None = None,
    to: User | None = None,
    **more: Any,
) -> Case:
    """A report of a device, or of a place, as whoever uses that channel gives it."""
    kind = device.kind.name if device else "应用系统"
    words = words or stage.chance.choice(OF_KIND[kind])
    by: Actor = REPORTER if channel in PUBLIC else stage.people["dispatch"]
    name, phone = stage.chance.choice(REPORTERS)
    if channel in (Channel.MONITORING, Channel.INSPECTION):
        by, name, phone = SYSTEM, "", ""
    report = intake.report(
        channel=channel,
        symptom=words.symptom,
        submission=stage.key(),
        by=by,
        at=at,
        device=device,
        place=place,
        description=words.seen,
        reporter_name=name,
        reporter_phone=phone,
        **more,
    )
    return Case(stage, report, words, to or stage.fit_for(device))
