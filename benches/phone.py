"""The telephone: how soon a call is on the screen, how many come through, ours and bare Asterisk.

Bare is the same Asterisk with the same files and none of our processes. The limit of the ratios is
what bare Asterisk held in the same run; ours is not tried above it. Callers, desk telephones and
everything else share this machine, so it is the ratio that travels, not the figure.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benches._screen import Screen, screen
from benches._sipp import Counts, abandoning, talking
from benches._telephone import (
    CALLED,
    REGION,
    WAIT_SECONDS_MAX,
    Desks,
    Telephone,
    telephone,
    wait_until,
)
from benches.harness import Line, Options, Stand, bench, median, percentile
from benches.live import sign_in

POSITIONS = 200
POPS = 40
PROMISED_MILLISECONDS = 120.0
WAITS_MS, RESTS_MS = 400, 250
TALK_MS = 300
CYCLE_SECONDS = 3.0
"""Ringing, talking, and the two seconds in which a position is left alone."""
LEFT_ALONE_SECONDS = 2.2
PATIENCE_MS = 12_000
FIRST_RATE = 45.0
UP, DOWN, NARROW = 1.5, 1.12, 1.08
TRIES = 2
RETRANSMITTED_SHARE_MAX = 0.01
TALKS_MAX = 80
TALKS_A_SECOND = 20.0
TALKS_SLACK_SECONDS = 6.0
PACKETS_A_SECOND = 50
SOUND_SHARE_MIN = 0.9
LOUD = 1_000
TOLD_SECONDS_MAX = 300.0
"""The call log may fall behind while it rains calls; it may lose none."""
_STATS = re.compile(r"^.*\s(\d\d):(\d\d):(\d\d)\s+alaw\s+(\d+)\s+(\d+)\s.*$", re.M)


@bench("phone")
def phone(stand: Stand, options: Options) -> Iterator[Line]:
    """Screen-pop in each repeat; calls per second and at once in each third, for they take long."""
    with telephone(stand, options.clients or POSITIONS) as line:
        found = _Found(line, options)
        for number in range(max(1, options.repeats // 3)):
            found.bare()
            found.ours(pops=options.repeats if number == 0 else 0)
        yield from found.lines()


@dataclass
class _Found:
    """What has been measured so far, in turns."""

    line: Telephone
    options: Options
    pops: list[list[float]] = field(default_factory=list)
    missed: int = 0
    rates: dict[str, list[float]] = field(default_factory=lambda: {"bare": [], "ours": []})
    talks: dict[str, list[float]] = field(default_factory=lambda: {"bare": [], "ours": []})
    calls: int = 0
    queued: int = 0
    behind: list[float] = field(default_factory=list)
    busy: dict[str, dict[str, int]] = field(default_factory=dict)
    """Per cent of a core at the last rate tried."""
    why: dict[str, str] = field(default_factory=dict)
    began: list[float] = field(default_factory=lambda: list(os.getloadavg()))

    def bare(self) -> None:
        """Asterisk with none of our processes."""
        numbers = range(1, self.positions + 1)
        with self.line.answered_bare(numbers) as desks:
            most = self.positions / CYCLE_SECONDS
            first = self.rates["bare"][-1] if self.rates["bare"] else min(FIRST_RATE, most)
            self.rates["bare"].append(self._rate("bare", desks, first, most))
            self.talks["bare"].append(self._talks("bare", desks, min(TALKS_MAX, self.positions)))

    def ours(self, pops: int) -> None:
        """The same with all of them."""
        calls, queued = self.calls, self.line.queued()
        with self.line.ours() as url:
            if pops:
                with screen(url, REGION, sign_in(REGION)) as page:
                    for _ in range(pops):
                        self._pops(page)
            numbers = range(1, self.positions + 1)
            with self.line.answered_by_ours(numbers) as desks:
                first = self.rates["bare"][-1]
                self.rates["ours"].append(self._rate("ours", desks, first, first))
                most = self.talks["bare"][-1]
                self.talks["ours"].append(self._talks("ours", desks, most))
            self.queued += self.line.queued() - queued
            self._all_told()
        assert self.calls > calls

    @property
    def positions(self) -> int:
        """How many desks answer."""
        return self.line.plan.positions

    def lines(self) -> Iterator[Line]:
        """The results."""
        load = {"load": [round(one, 1) for one in (*self.began[:1], *os.getloadavg()[:1])]}
        every = [one for run in self.pops for one in run]
        yield Line(
            bench="phone", value=percentile(every, 95), unit="ms from INVITE to number shown, p95",
            limit=PROMISED_MILLISECONDS, n=len(every),
            details={
                "what": "screen-pop", "p50_ms": round(percentile(every, 50), 1),
                "p95_ms": round(percentile(every, 95), 1), "max_ms": round(max(every), 1),
                "p95_of_runs_ms": [round(percentile(run, 95), 1) for run in self.pops],
                "missed": self.missed, **load,
            },
        )  # fmt: skip
        yield self._ratio("rate", "new calls/s", self.rates, load)
        yield self._ratio("concurrent", "recorded calls at once", self.talks, load)
        yield Line(
            bench="phone", value=self.contacts(), unit="contacts", limit=self.calls,
            details={
                "what": "kept", "calls": self.called(), "queue_log": self.queued,
                "call_log_behind_s": [round(one, 1) for one in self.behind],
            },
        )  # fmt: skip

    def _ratio(
        self, what: str, unit: str, values: dict[str, list[float]], load: dict[str, list[float]]
    ) -> Line:
        given = {name: [round(one, 1) for one in values[name]] for name in ("ours", "bare")}
        why = {name: text for name, text in self.why.items() if name.startswith(what)}
        details = {"what": what, **given, "positions": self.positions, "stopped_by": why, **load}
        if what == "rate":
            details["cpu_percent"] = self.busy
        return Line(
            bench="phone", value=median(values["ours"]), unit=unit, limit=median(values["bare"]),
            n=len(values["ours"]), details=details,
        )  # fmt: skip

    def _pops(self, page: Screen) -> None:
        line = self.line
        page.ready()
        scenario = abandoning(line.prefix(), CALLED, waits_ms=WAITS_MS, rests_ms=RESTS_MS)
        options = ("-m", str(POPS), "-l", "1", "-r", "10", "-trace_msg")
        with line.town.start(scenario, line.callers, *options) as town:
            if not town.wait(POPS * 3.0):
                raise RuntimeError(f"callers do not come to an end: {town.complaint}")
        self.calls += POPS
        sent, shown = town.invited(), page.shown(settle_ms=500)
        if len(sent) < POPS:
            raise RuntimeError(f"{len(sent)} of {POPS} INVITEs were noted: {town.complaint}")
        # What was not shown before its caller hung up counts as shown at that moment.
        late = WAITS_MS / 1000
        self.pops.append([(shown.get(one, at + late) - at) * 1000 for one, at in sent.items()])
        self.missed += len(sent.keys() - shown.keys())

    def _rate(self, who: str, desks: Desks, first: float, most: float) -> float:
        desks.answer(talks_ms=TALK_MS)

        def held(rate: float) -> bool:
            problem = self._one_rate(who, desks, rate)
            if problem:
                self.why[f"rate {who} {rate:.1f}"] = problem
            return not problem

        return _highest(held, first, most)

    def _one_rate(self, who: str, desks: Desks, rate: float) -> str:
        """Why it did not hold; empty when it did."""
        line, calls = self.line, round(rate * self.options.seconds)
        before, spent, began = desks.phones.counts(), line.spent(), time.monotonic()
        scenario = talking(line.prefix(), CALLED, patience_ms=PATIENCE_MS)
        options = ("-m", str(calls), "-l", "10000", "-r", str(calls),
                   "-rp", str(round(self.options.seconds * 1000)))  # fmt: skip
        with line.town.start(scenario, line.callers, *options) as town:
            ended = town.wait(self.options.seconds + PATIENCE_MS / 1000 + 10)
            took = time.monotonic() - began
        placed = town.counts()
        now = line.spent()
        self.busy[who] = {one: round(100 * (now[one] - spent[one]) / took) for one in spent}
        self._quiet(who)
        answered = desks.phones.counts() - before
        if who == "ours":
            self.calls += placed.created
        if not ended:
            return "callers did not come to an end"
        late = took - self.options.seconds - PATIENCE_MS / 1000
        return _problem(placed, answered, calls) or (f"{late:.1f} s late" if late > 0 else "")

    def _talks(self, who: str, desks: Desks, most: float) -> float:
        voice = _voice(self.line.folder / "voice.al")

        def held(count: float) -> bool:
            problem = self._one_talk(who, desks, round(count), voice)
            if problem:
                self.why[f"concurrent {who} {round(count)}"] = problem
            return not problem

        return round(_highest(held, most, most))

    def _one_talk(self, who: str, desks: Desks, count: int, voice: Path) -> str:
        """Why sound was lost; empty when none was."""
        line, since = self.line, time.time()
        ramp = count / TALKS_A_SECOND
        lasts = ramp + self.options.seconds + TALKS_SLACK_SECONDS
        desks.answer(talks_ms=round(lasts * 1000), voice=voice)
        patience = round((lasts + 20) * 1000)
        scenario = talking(line.prefix(), CALLED, patience_ms=patience, voice=voice)
        options = ("-m", str(count), "-l", "10000", "-r", f"{TALKS_A_SECOND:.0f}")
        with line.town.start(scenario, line.callers, *options) as town:
            try:
                wait_until(lambda: line.active() >= 2 * count, ramp + 6, f"{count} calls")
                time.sleep(self.options.seconds)
                problem = self._heard(count, since)
            except RuntimeError as missing:
                problem = str(missing)
            town.wait(lasts + 25)
        placed = town.counts()
        self._quiet(who)
        if who == "ours":
            self.calls += placed.created
        return problem or (f"{placed.failed} failed: {town.complaint}" if placed.failed else "")

    def _heard(self, count: int, since: float) -> str:
        """Whether every leg of every call has its sound, at Asterisk and in the recording."""
        legs = [
            (3600 * int(h) + 60 * int(m) + int(s), int(got), int(lost))
            for h, m, s, got, lost in _STATS.findall(self.line.console("pjsip show channelstats"))
        ]
        if len(legs) != 2 * count:
            return f"{len(legs)} legs instead of {2 * count}"
        lost = sum(one[2] for one in legs)
        if lost:
            return f"{lost} of {sum(one[1] for one in legs)} packets lost"
        thin = [got for up, got, _ in legs if got < (up - 1) * PACKETS_A_SECOND * SOUND_SHARE_MIN]
        if thin:
            return f"{len(thin)} legs with too little sound"
        return self._recorded(count, since)

    def _recorded(self, count: int, since: float) -> str:
        folder = self.line.site.home / "recordings"
        for leg in ("in", "out"):
            files = [one for one in folder.glob(f"*-{leg}.wav") if one.stat().st_mtime > since]
            loud = sum(_is_loud(one) for one in files)
            if loud != count:
                return f"{loud} of {count} recordings hold the sound ({leg})"
        return ""

    def _quiet(self, who: str) -> float:
        """Nobody talks, every position may be rung again; how late our own picture was."""
        wait_until(lambda: self.line.active() == 0, WAIT_SECONDS_MAX, "an idle exchange")
        time.sleep(LEFT_ALONE_SECONDS)
        return self.line.all_ready(self.positions) if who == "ours" else 0.0

    def _all_told(self) -> None:
        """Every call is one call and one contact, as soon as the call log has caught up."""
        began = time.monotonic()

        def told() -> bool:
            return self.called() == self.contacts() == self.calls == self.queued

        try:
            wait_until(told, TOLD_SECONDS_MAX, "every call told")
        except RuntimeError:
            raise RuntimeError(
                f"{self.calls} calls placed, {self.queued} in queue_log, "
                f"{self.called()} in the call log, {self.contacts()} contacts"
            ) from None
        self.behind.append(time.monotonic() - began)

    def called(self) -> int:
        """Ended calls in the call log."""
        return self._count("SELECT count(*) FROM telephony_call WHERE ended_at IS NOT NULL")

    def contacts(self) -> int:
        """Contacts by telephone."""
        return self._count("SELECT count(*) FROM intake_contact WHERE channel = 'phone'")

    def _count(self, query: str) -> int:
        with self.line.stand.connect_as_owner() as connection:
            row = connection.execute(query.encode()).fetchone()
        return int(row[0]) if row else 0


def _highest(held: Callable[[float], bool], first: float, most: float) -> float:
    """The highest value found to hold, within a narrow step of one that did not."""
    low, high, value, down = 0.0, 0.0, first, DOWN
    while True:
        if any(held(value) for _ in range(TRIES)):
            low = value
            if value >= most:
                return low
        else:
            high = value
        if high and (high <= low * NARROW or high < 1):
            return low
        if not high:
            value = min(most, low * UP)
        elif low:
            value = (low * high) ** 0.5
        else:
            value, down = high / down, down * down


def _problem(placed: Counts, answered: Counts, calls: int) -> str:
    if placed.successful < calls:
        return f"{calls - placed.successful} of {calls} calls failed"
    if answered.failed:
        return f"{answered.failed} of {calls} calls failed at the desk"
    again = placed.retransmitted + answered.retransmitted
    if again > calls * RETRANSMITTED_SHARE_MAX:
        return f"{again} retransmissions in {calls} calls"
    return ""


def _voice(path: Path) -> Path:
    """One second of a square wave of 500 Hz in A-law, as SIPp sends it round and round."""
    path.write_bytes((b"\x8d" * 8 + b"\x0d" * 8) * 500)
    return path


def _is_loud(recording: Path) -> bool:
    with recording.open("rb") as file:
        file.seek(max(44, recording.stat().st_size - 8_000) & ~1)
        samples = memoryview(file.read()[: 8_000 & ~1])
    even = samples[: len(samples) & ~1].cast("h")
    return len(even) > 0 and max(abs(one) for one in even) > LOUD
