"""Everything that anybody could try on a few faults, and what is tried next."""

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models

from tests import builders, cast
from tests.faults.lives import check
from yika.assets.models import Device
from yika.commitments.jobs import handle_due
from yika.commitments.models import Alert, Commitment, Exemption, Term
from yika.commitments.rules import Outcome
from yika.faults.actions import asking, classifying, dispatching, finishing, intake, reporting, working
from yika.faults.models import (
    Channel,
    Classification,
    Complaint,
    Fault,
    FaultLog,
    Feedback,
    Move,
    Report,
    Ruling,
    Symptom,
)
from yika.faults.rules import MOVES, State, Verb
from yika.journal.models import Event
from yika.journal.rules import REPORTER
from yika.lib.decisions import Refusal
from yika.notices.models import Notice
from yika.people.models import User
from yika.standards.queries import standard_of

HOUR = 3600
PAUSES = (0, 1, 59, 60, 61, 300, 1799, 1800, 1801, HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR, 24 * HOUR + 1)
ALONE = ("open", "sweep")
SIZES = (0, 1, 2, 4, 5, 6, 9, 10, 12, 49, 50, 99, 100, 999, 1000)
KEPT: tuple[type[models.Model], ...] = (
    Fault, Report, Move, Classification, Ruling, Complaint, Commitment, Exemption,
)  # fmt: skip
COUNTED: tuple[type[models.Model], ...] = (Feedback, FaultLog, Term, Alert, Event, Notice)


@dataclass(frozen=True)
class Step:
    """Something tried: on the nth fault, by the nth person (0: by whom it behoves), so much later."""

    act: str
    fault: int
    person: int
    pause: int
    a: int
    b: int
    stale: bool


class Life:
    """A campus with a few faults, and everything one could try."""

    def __init__(self, people: dict[str, User], devices: list[Device], at: datetime = cast.AT) -> None:
        self.people, self.devices = people, devices
        self.at = at
        self.faults: list[Fault] = []
        self.held: dict[int, Fault] = {}
        self.step = Step("open", 0, 0, 0, 0, 0, False)

    # who and which

    def by(self, *proper: str) -> User:
        everybody = list(self.people.values())
        chosen = self.step.person
        if chosen == 0 or chosen > len(everybody):
            return self.people[proper[self.step.a % len(proper)]]
        return everybody[chosen - 1]

    def worker(self, fault: Fault) -> User:
        return self.by("manager") if fault.technician is None or self.step.person else fault.technician

    def happened(self) -> datetime | None:
        late = self.step.b % 6
        return None if late < 3 else self.at - timedelta(seconds=(60, 1200, 7200)[late - 3])

    def ruling(self, fault: Fault) -> Ruling | None:
        rows = list(fault.rulings.order_by("decided_at", "pk"))
        waiting = [row for row in rows if row.decided_at is None]
        rows = waiting or rows
        return rows[self.step.b % len(rows)] if rows else None

    def clock(self, fault: Fault) -> Commitment | None:
        return fault.response if self.step.b % 2 else fault.repair

    def reporter(self, fault: Fault) -> Report:
        found = list(fault.reports.all())
        return found[self.step.b % len(found)]

    # what is tried

    def open(self) -> object:
        damaged = self.step.b == 7
        made = intake.report(
            channel=Channel.PHONE,
            symptom=Symptom.CARD_DAMAGED if damaged else Symptom.TERMINAL_DEAD,
            submission=uuid.UUID(int=len(self.faults) + 1),
            by=self.by("dispatcher", "manager", "office"),
            at=self.at,
            device=self.devices[0] if self.step.a % 2 else None,
            place=self.devices[0].place,
            reported_at=self.happened(),
            terminals=SIZES[self.step.a % len(SIZES)],
            cardholders=SIZES[self.step.b % len(SIZES)],
        )
        self.faults.append(made.fault)
        return made

    def join(self, fault: Fault) -> object:
        return intake.join(
            fault,
            channel=Channel.PHONE,
            submission=uuid.UUID(int=1000 + Report.objects.count()),
            by=REPORTER if self.step.a % 2 else self.by("dispatcher"),
            at=self.at,
            reported_at=self.happened(),
        )

    def classify(self, fault: Fault) -> object:
        terminals = SIZES[self.step.a % len(SIZES)]
        named = self.devices[: min(terminals, len(self.devices))] if self.step.b % 3 == 0 else []
        return classifying.classify(
            fault,
            terminals=terminals,
            cardholders=SIZES[self.step.b % len(SIZES)] if self.step.b % 2 else 0,
            devices=named,
            reason="清点",
            by=self.by("dispatcher", "technician", "dispatcher", "office"),
            at=self.at,
        )

    def dispatch(self, fault: Fault) -> object:
        to = self.people[("technician", "colleague", "stranger", "technician")[self.step.b % 4]]
        return dispatching.dispatch(fault, to=to, by=self.by("dispatcher"), at=self.at)

    def hand_over(self, fault: Fault) -> object:
        to = self.people[("technician", "colleague")[self.step.b % 2]]
        return dispatching.hand_over(fault, to=to, by=self.by("dispatcher"), at=self.at, note="就近")

    def accept(self, fault: Fault) -> object:
        return working.accept(fault, by=self.worker(fault), at=self.at)

    def refuse(self, fault: Fault) -> object:
        return working.refuse(fault, by=self.worker(fault), at=self.at, note="在外校区")

    def set_out(self, fault: Fault) -> object:
        return working.set_out(fault, by=self.worker(fault), at=self.at)

    def arrive(self, fault: Fault) -> object:
        return working.arrive(
            fault, by=self.worker(fault), at=self.at, note="标签脱落", happened_at=self.happened()
        )

    def scan(self, fault: Fault) -> object:
        device = self.devices[0 if self.step.b % 3 else -1]
        return working.arrive(fault, by=self.worker(fault), at=self.at, scanned=device)

    def start_remotely(self, fault: Fault) -> object:
        return working.start_remotely(
            fault, by=self.worker(fault), at=self.at, note="远程重启", happened_at=self.happened()
        )

    def wait(self, fault: Fault) -> object:
        way = (working.wait_part, working.send_to_factory, working.wait_third_party)[self.step.b % 3]
        return way(fault, by=self.worker(fault), at=self.at, note="等待")

    def resume(self, fault: Fault) -> object:
        return working.resume(fault, by=self.worker(fault), at=self.at)

    def restore_temporarily(self, fault: Fault) -> object:
        return working.restore_temporarily(
            fault, by=self.worker(fault), at=self.at, note="备机", happened_at=self.happened()
        )

    def restore(self, fault: Fault) -> object:
        return working.restore(
            fault, by=self.worker(fault), at=self.at, note="修好", happened_at=self.happened()
        )

    def feed_back(self, fault: Fault) -> object:
        return finishing.give_feedback(
            fault, way=Feedback.Way.PHONE, told="已修复", by=self.worker(fault), at=self.at
        )

    def log(self, fault: Fault) -> object:
        entries = builders.LOG if self.step.b else {"cause": "x"}
        return finishing.write_log(fault, entries=entries, by=self.worker(fault), at=self.at)

    def close(self, fault: Fault) -> object:
        return finishing.close(fault, by=self.by("dispatcher"), at=self.at)

    def reopen(self, fault: Fault) -> object:
        return finishing.reopen(fault, by=self.by("dispatcher", "office"), at=self.at, note="又坏了")

    def still_broken(self, fault: Fault) -> object:
        known = set(Fault.objects.values_list("pk", flat=True))
        made = reporting.still_broken(
            self.reporter(fault), note="", submission=uuid.UUID(int=5000 + len(self.faults)), at=self.at
        )
        if made.fault_id not in known:
            self.faults.append(made.fault)
        return made

    def merge(self, fault: Fault) -> object:
        into = self.faults[self.step.b % len(self.faults)]
        into = self.held.get(into.pk, into) if self.step.stale else Fault.objects.get(pk=into.pk)
        return dispatching.merge(fault, into=into, by=self.by("dispatcher"), at=self.at)

    def split(self, fault: Fault) -> object:
        return dispatching.split(fault, by=self.by("dispatcher"), at=self.at, note="不是同一故障")

    def call_off(self, fault: Fault) -> object:
        return dispatching.call_off(fault, by=self.by("dispatcher", "office"), at=self.at, note="误报")

    def refer(self, fault: Fault) -> object:
        return dispatching.refer(fault, by=self.by("dispatcher"), at=self.at, note="卡片折断")

    def reinstate(self, fault: Fault) -> object:
        return dispatching.reinstate(fault, by=self.by("office"), at=self.at, note="确属故障")

    def ask_special(self, fault: Fault) -> object:
        cause = standard_of(fault.standard).causes[0].key if self.step.b else "no such cause"
        return asking.propose_special(
            fault, cause=cause, claim="银行通知", by=self.by("dispatcher", "technician"), at=self.at
        )

    def ask_factory(self, fault: Fault) -> object:
        return asking.ask_factory_limit(fault, claim="无备机", by=self.by("dispatcher"), at=self.at)

    def decide(self, fault: Fault) -> object:
        ruling = self.ruling(fault)
        if ruling is None:
            return None
        return asking.decide(
            ruling, granted=self.step.a % 3 > 0, decision="核实", by=self.by("office"), at=self.at
        )

    def rule_special(self, fault: Fault) -> object:
        cause = standard_of(fault.standard).causes[0].key
        special = self.step.b % 2 == 0
        return asking.rule_special(
            fault, special=special, cause=cause, decision="核实", by=self.by("office"), at=self.at
        )

    def claim_exemption(self, fault: Fault) -> object:
        clock = self.clock(fault)
        if clock is None:
            return None
        from_at = clock.started_at + timedelta(seconds=PAUSES[self.step.a % len(PAUSES)] - 60)
        until_at = from_at + timedelta(seconds=PAUSES[self.step.b % len(PAUSES)])
        return asking.claim_exemption(
            fault,
            clock,
            from_at=from_at,
            until_at=until_at,
            reason="断电",
            by=self.by("dispatcher"),
            at=self.at,
        )

    def decide_exemption(self, fault: Fault) -> object:
        rows = list(Exemption.objects.filter(commitment__in=[fault.response_id or 0, fault.repair_id or 0]))
        if not rows:
            return None
        return asking.decide_exemption(
            fault,
            rows[self.step.b % len(rows)],
            granted=self.step.a % 3 > 0,
            decision="核实",
            by=self.by("office"),
            at=self.at,
        )

    def rule_outcome(self, fault: Fault) -> object:
        clock = self.clock(fault)
        if clock is None:
            return None
        outcome = (Outcome.MET, Outcome.MISSED)[self.step.a % 2]
        return asking.rule_outcome(
            fault, clock, outcome=outcome, reason="核实", by=self.by("office"), at=self.at
        )

    def rate(self, fault: Fault) -> object:
        return reporting.rate(self.reporter(fault), rating=self.step.a % 7, comment="", at=self.at)

    def complain(self, fault: Fault) -> object:
        return reporting.complain(self.reporter(fault), text="慢", at=self.at)

    def sweep(self) -> object:
        return handle_due(self.at)

    # one step

    def take(self, step: Step) -> None:
        """Try it; if it is refused nothing has changed, and whatever happened everything still agrees."""
        self.step = step
        self.at += timedelta(seconds=PAUSES[step.pause % len(PAUSES)])
        if step.act in ALONE:
            self.watched(self.tried)
        else:
            pk = self.faults[step.fault % len(self.faults)].pk
            fresh = Fault.objects.select_related("contract", "standard", "technician").get(pk=pk)
            fault = self.held.get(pk, fresh) if step.stale else fresh
            self.held.setdefault(pk, fresh)
            before = State(fresh.state)
            done = self.watched(lambda: self.tried(fault))
            if done and step.act in set(Verb):
                assert (before, Verb(step.act)) in MOVES, f"{step.act} of what is {before}"
        for one in self.faults:
            check(Fault.objects.get(pk=one.pk))

    def tried(self, *fault: Fault) -> object:
        """What the step says, on a fault if it is about one."""
        return getattr(self, self.step.act)(*fault)

    def watched(self, act: Callable[[], object]) -> bool:
        before = everything()
        try:
            act()
        except Refusal as refusal:
            assert refusal.problems and all(refusal.problems), "a refusal says why"
            assert everything() == before, "a refusal leaves no trace"
            return False
        return True


def everything() -> list[Any]:
    """What is stored about faults and their clocks."""
    kept: list[Any] = [list(model._default_manager.order_by("pk").values_list()) for model in KEPT]
    return kept + [model._default_manager.count() for model in COUNTED]


# what leads on from a state is tried more often than what must be refused
BY_VERB = {
    Verb.WAIT_PART: "wait",
    Verb.SEND_TO_FACTORY: "wait",
    Verb.WAIT_THIRD_PARTY: "wait",
    Verb.GIVE_FEEDBACK: "feed_back",
    Verb.WRITE_LOG: "log",
    Verb.REOPEN: "reopen",
}
FACTS = (
    "classify", "join", "decide", "decide", "ask_special", "ask_factory", "rule_special",
    "claim_exemption", "decide_exemption", "rule_outcome", "sweep", "open",
    "still_broken", "rate", "complain",
)  # fmt: skip
ANY = ("scan", "dispatch", *FACTS, *sorted({BY_VERB.get(verb, verb.value) for verb in Verb}))


def drawn(chance: random.Random, campus: Life) -> Step:
    """What is tried next."""
    which = chance.randrange(4)
    state = State(Fault.objects.get(pk=campus.faults[which % len(campus.faults)].pk).state)
    legal = [BY_VERB.get(verb, verb.value) for (start, verb) in MOVES if start is state]
    ends = {"call_off", "refer", "merge", "reopen", "refuse", "hand_over"}
    straight = [act for act in legal if act not in ends] or legal
    act = chance.choice(chance.choices((straight, legal, FACTS, ANY), (5, 1, 4, 1))[0] or ANY)
    return Step(
        act=act,
        fault=which,
        person=0 if chance.random() < 0.8 else chance.randint(1, 8),
        pause=chance.randrange(len(PAUSES)) if chance.random() < 0.5 else 0,
        a=chance.randrange(15),
        b=chance.randrange(15),
        stale=chance.random() < 0.2,
    )
