"""How a fault goes: who is sent, how long it takes, what becomes of it. Pure."""

import json
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from typing import TypeVar

from yika.faults.lives import Life, Spared, Step
from yika.faults.rules import State, Verb
from yika.faults.simulating.words import BANK, BLAME, BY_KIND, GIVEN, PRAISE, SURNAMES, TERMINAL, Said
from yika.standards.rules import Level, Standard

SHARES = (0.87, 0.09, 0.034, 0.006)  # of the levels by size, from the slightest
SPECIAL, CALLED_OFF, REMOTE, PART = 0.006, 0.025, 0.12, 0.05
RESPONSE_LATE, REPAIR_LATE = 0.05, 0.04
CLAIMED, GRANTED, DECIDED_WITHIN = 0.35, 0.7, timedelta(days=3)
RATED = 0.2
CHANNELS = ("qr", "qr", "qr", "qr", "web", "phone", "phone", "in_person", "monitoring", "inspection")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Terminal:
    """A device as a fault names it: keys, the kind's code, the last steps of its place."""

    key: int
    place: int
    kind: str
    spot: str
    is_terminal: bool


@dataclass(frozen=True)
class Scene:
    """Who and what is there: keys of people, and the moment up to which things have happened."""

    standard: Standard
    devices: Sequence[Terminal]
    technicians: Sequence[int]
    desks: Sequence[int]
    manager: int
    office: int
    at: datetime


class Teller:
    """Tells faults one by one; the same for the same chance."""

    def __init__(self, scene: Scene, chance: Random) -> None:
        self.scene, self.chance = scene, chance
        sized = [level for level in scene.standard.levels if not level.by_cause]
        self.levels = sorted(sized, key=lambda level: level.rank)
        shares = [*SHARES, *[SHARES[-1]] * len(self.levels)][: len(self.levels)]
        self.reached = list(accumulate(shares))
        special = scene.standard.special_level
        self.causes = special.causes if special else ()
        fields = scene.standard.fault_log
        self.log_keys = [one.key for one in fields]
        self._logs: dict[Said, str] = {}

    def life(self, at: datetime) -> Life:
        """A fault reported at a moment."""
        random = self.chance.random
        level = self.levels[min(bisect(self.reached, random() * self.reached[-1]), len(self.levels) - 1)]
        devices = self.scene.devices
        device = devices[int(len(devices) * random() ** 1.4)]  # some machines are much worse than others
        special = bool(self.causes) and random() < SPECIAL
        said = BANK if special else self._pick(BY_KIND.get(device.kind, TERMINAL))
        terminals, cardholders = self._size(level)
        life = Life(
            reported_at=at,
            terminals=terminals,
            cardholders=cardholders,
            symptom=said.symptom,
            description=said.seen,
            channel=self._pick(CHANNELS),
            state=State.REPORTED,
            ended_at=None,
            cause=self.causes[0] if special else None,
            place=device.place,
            device=device.key,
            device_is_named=device.is_terminal,
            spot=device.spot,
            reporter=self._reporter(),
            decided_by=self.scene.office,
        )
        if not special and random() < CALLED_OFF:
            return self._called_off(life)
        return self._worked(life, level, said)

    def overdue(self) -> Life:
        """A fault just dispatched whose response ran out minutes ago, and nobody was warned yet."""
        scene = self.scene
        device = self._pick(scene.devices)
        said = self._pick(TERMINAL)
        level = self.levels[0]
        allowance = level.response.allowance_s if level.response else 3600
        reported = scene.at - timedelta(seconds=allowance + 60 + int(self.chance.random() * 900))
        technician = self._pick(scene.technicians)
        sent = reported + timedelta(minutes=4)
        step = Step(Verb.DISPATCH, State.DISPATCHED, sent, "", self._pick(scene.desks), technician)
        return Life(
            reported_at=reported,
            terminals=level.terminals.low or 1 if level.terminals else 1,
            cardholders=0,
            symptom=said.symptom,
            description=said.seen,
            channel=self._pick(CHANNELS),
            state=State.DISPATCHED,
            ended_at=None,
            steps=(step,),
            place=device.place,
            device=device.key,
            spot=device.spot,
            technician=technician,
            reporter=self._reporter(),
            unseen=True,
        )

    def _worked(self, life: Life, level: Level, said: Said) -> Life:
        """Dispatched, reached, restored, told, logged, closed; as far as it has come by now."""
        chance, random = self.chance, self.chance.random
        technician, desk = self._pick(self.scene.technicians), self._pick(self.scene.desks)
        response_s = level.response.allowance_s if level.response else 3600
        repair_s = level.repair.allowance_s if level.repair else 86_400
        responded = response_s * self._share(RESPONSE_LATE)
        repaired = max(repair_s * self._share(REPAIR_LATE) * 0.8, responded + 300 + random() * 3600)
        remote = random() < REMOTE
        sent = responded * (0.1 + 0.2 * random())
        accepted = sent + (responded - sent) * 0.2
        left = accepted + (responded - accepted) * 0.15
        told = repaired + 120 + random() * 1800
        plan: list[tuple[float, Verb, State, str, int]] = [
            (sent, Verb.DISPATCH, State.DISPATCHED, "", desk),
            (accepted, Verb.ACCEPT, State.ACCEPTED, "", technician),
        ]
        if remote:
            plan.append((responded, Verb.START_REMOTELY, State.WORKING, "远程登录处理", technician))
        else:
            plan.append((left, Verb.SET_OUT, State.ON_THE_WAY, "", technician))
            plan.append((responded, Verb.ARRIVE, State.WORKING, "", technician))
        if random() < PART and repaired - responded > 3600:
            plan.append((responded + 600, Verb.WAIT_PART, State.WAITING_PART, "等待配件到货", technician))
            plan.append((repaired - 600, Verb.RESUME, State.WORKING, "配件已到", technician))
        plan += [
            (repaired, Verb.RESTORE, State.RESTORED, said.done, technician),
            (told, Verb.GIVE_FEEDBACK, State.FED_BACK, "", technician),
            (told + 300, Verb.WRITE_LOG, State.LOGGED, "", technician),
            (told + 600 + random() * 7200, Verb.CLOSE, State.CLOSED, "", desk),
        ]
        room = (self.scene.at - life.reported_at).total_seconds()
        steps = tuple(
            Step(verb, to, life.reported_at + timedelta(seconds=int(after)), note, by, technician)
            for after, verb, to, note, by in plan
            if after <= room
        )
        state = steps[-1].to if steps else State.REPORTED
        is_told = state in (State.FED_BACK, State.LOGGED, State.CLOSED)
        rated = state is State.CLOSED and random() < RATED
        late = repaired > repair_s
        return replace(
            life,
            steps=steps,
            state=state,
            ended_at=steps[-1].at if state is State.CLOSED else None,
            technician=technician if steps else None,
            told=("phone" if random() < 0.6 else "wechat", f"{said.cause}，已修复") if is_told else None,
            log=self._log(said) if state in (State.LOGGED, State.CLOSED) else "",
            rating=self._rating(late) if rated else None,
            spared=self._spared(life, repair_s, repaired) if late and chance.random() < CLAIMED else None,
        )

    def _called_off(self, life: Life) -> Life:
        at = life.reported_at + timedelta(seconds=int(120 + self.chance.random() * 600))
        if at > self.scene.at:
            return life
        desk = self._pick(self.scene.desks)
        step = Step(Verb.CALL_OFF, State.CALLED_OFF, at, "电话核实，机器正常", desk)
        return replace(life, steps=(step,), state=State.CALLED_OFF, ended_at=at, cause=None)

    def _spared(self, life: Life, repair_s: float, repaired: float) -> Spared | None:
        """A claim that a stretch of the repair be not counted, and the Office's answer some days later."""
        scene, start = self.scene, life.reported_at
        claimed = start + timedelta(seconds=int(repaired) + 7200)
        if claimed > scene.at:
            return None
        decided = claimed + DECIDED_WITHIN * self.chance.random()
        decided = decided.replace(microsecond=0)
        spared = Spared(
            from_at=start + timedelta(seconds=int(repair_s * 0.4)),
            until_at=start + timedelta(seconds=int(repair_s * 0.4 + (repaired - repair_s) * 1.2) + 600),
            reason="楼宇停电，无法进场处理",
            claimed_by=scene.manager,
            claimed_at=claimed,
        )
        if decided > scene.at:
            return spared
        granted = self.chance.random() < GRANTED
        words = "情况属实" if granted else "证据不足，不予豁免"
        return replace(spared, granted=granted, decided_by=scene.office, decided_at=decided, decision=words)

    def _share(self, late: float) -> float:
        """How much of an allowance is used: mostly well under half, sometimes more than all of it."""
        random = self.chance.random
        return 1.02 + random() ** 3 * 3 if random() < late else 0.08 + 0.85 * random() ** 1.6

    def _size(self, level: Level) -> tuple[int, int]:
        """Counts within a level; where devices do not tell, cardholders do."""
        counted = level.terminals or level.cardholders
        assert counted  # a level by size has one of them
        low = max(counted.low, 1)
        high = counted.high or low * 4
        count = low + int((high - low) * self.chance.random() ** 3)
        return (count, 0) if level.terminals else (0, count)

    def _rating(self, late: bool) -> tuple[int, str]:
        if late:
            return 1 + int(self.chance.random() * 3), self._pick(BLAME)
        return 4 + int(self.chance.random() * 2), self._pick(PRAISE)

    def _reporter(self) -> tuple[str, str]:
        random = self.chance.random
        name = SURNAMES[int(random() * len(SURNAMES))] + GIVEN[int(random() * len(GIVEN))]
        return name, f"139{int(random() * 10**8):08d}"

    def _log(self, said: Said) -> str:
        known = self._logs.get(said)
        if known is None:
            words = {"cause": said.cause, "handling": said.done, "parts": "无", "result": "恢复正常"}
            entries = {key: words.get(key, "已处理") for key in self.log_keys}
            known = self._logs[said] = json.dumps(entries, ensure_ascii=False)
        return known

    def _pick(self, things: Sequence[T]) -> T:
        return things[int(self.chance.random() * len(things))]
