"""A telephone for a bench: real Asterisk on loopback, desk telephones, and our processes or none.

The profile is one of the reference regions with more positions and a trunk of this machine.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connections

from benches._sipp import Sipp, Town, desk, registering
from benches.harness import ROOT, Stand, siaga_command
from siaga.accounts.models import Person
from siaga.journal.types import Actor
from siaga.kernel import clock
from siaga.kernel.ids import new_id
from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import RegionId
from siaga.telephony import live_queries, names
from siaga.telephony.ami.client import AmiClient, AmiError, Login
from siaga.telephony.asterisk import centre
from siaga.telephony.asterisk.config.doors import MANAGER_USER
from siaga.telephony.asterisk.installation import provide_asterisk, provide_program
from siaga.telephony.asterisk.packages import TOOLS
from siaga.telephony.asterisk.process import AsteriskProcess, console
from siaga.telephony.asterisk.site import LOOPBACK, Site
from siaga.telephony.hearing import detector
from siaga.telephony.live.picture import LivePicture, PositionState, from_stored
from siaga.telephony.models import Live
from siaga.telephony.services import commands, seats
from siaga.telephony.types import CommandKind, CommandState, Device, PhonePlan

PROFILE = "banyuwangi"
REGION = RegionId(PROFILE)
CALLED = "112"
CALLERS, DESKS = "127.0.112.10", "127.0.112.20"
BY = Actor.system("bench")
WAIT_SECONDS_MAX = 60.0
RINGS_MS = 50
AT_ONCE = 40
ASK_AGAIN_SECONDS = 3.0
RELEASE_STEP_SECONDS = 0.1


def wait_until(met: Callable[[], Any], seconds: float, what: str) -> Any:
    """The first true answer; RuntimeError when there is none in time."""
    deadline = time.monotonic() + seconds
    while not (found := met()):
        if time.monotonic() > deadline:
            raise RuntimeError(f"not within {seconds:.0f} s: {what}")
        time.sleep(0.05)
    return found


class Desks:
    """All desk telephones, which one SIPp answers for at one address."""

    def __init__(self, town: Town, place: tuple[str, int]) -> None:
        self._town, self._place = town, place
        self._phones: Sipp | None = None

    @property
    def phones(self) -> Sipp:
        """Who answers now."""
        assert self._phones is not None, "nobody answers yet"
        return self._phones

    def answer(self, *, talks_ms: int, voice: Path | None = None) -> None:
        """From now on talk for so long; they stay registered."""
        self.stop()
        scenario = desk(rings_ms=RINGS_MS, talks_ms=talks_ms, voice=voice)
        self._phones = self._town.start(scenario, self._place)

    def stop(self) -> None:
        """Nobody answers any more."""
        if self._phones is not None:
            self._phones.stop()


@dataclass
class Telephone:
    """A running Asterisk; `ours` puts our processes beside it."""

    stand: Stand
    site: Site
    plan: PhonePlan
    town: Town
    folder: Path
    base: int
    asterisk: AsteriskProcess
    runs: int = 0
    _people: list[Person] = field(default_factory=list)
    _processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def callers(self) -> tuple[str, int]:
        """Where calls come from; the trunk."""
        return CALLERS, self.base + 950

    @property
    def desks(self) -> tuple[str, int]:
        """Where all desk telephones are."""
        return DESKS, self.base + 940

    def prefix(self) -> str:
        """The first digits of the callers of the next run, which nobody else has."""
        self.runs += 1
        return f"0812{self.runs:03d}00"

    def console(self, command: str) -> str:
        """Asterisk's own console."""
        return console(self.site, command)

    def active(self) -> int:
        """Channels that are up."""
        found = re.search(r"(\d+) active channel", self.console("core show channels count"))
        return int(found[1]) if found else 0

    def queued(self) -> int:
        """How many callers have entered the queue, by Asterisk's own log."""
        log = self.site.home / "log" / "queue_log"
        lines = log.read_text().splitlines() if log.exists() else []
        return len({line.split("|")[1] for line in lines if "|ENTERQUEUE|" in line})

    def act(self, actions: Sequence[dict[str, str]], *, lenient: bool = False) -> None:
        """AMI actions, with the rights of our own daemon."""
        asyncio.run(self._act(actions, lenient))

    async def _act(self, actions: Sequence[dict[str, str]], lenient: bool) -> None:
        async def ready() -> None:
            return None

        login = Login(
            host=LOOPBACK,
            port=self.site.ports.ami,
            username=MANAGER_USER,
            secret=self.site.secrets.manager,
        )
        client = AmiClient(login, on_event=lambda *_: None, on_ready=ready)
        running = asyncio.create_task(client.run())
        try:
            async with asyncio.timeout(WAIT_SECONDS_MAX):
                await client.online.wait()
                for one in actions:
                    try:
                        await client.act(**one)
                    except AmiError:
                        if not lenient:
                            raise
        finally:
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running

    def forget_calls(self) -> None:
        """What bare Asterisk recorded is none of our processes' business."""
        self.site.cel_file.unlink(missing_ok=True)
        for one in (self.site.home / "recordings").iterdir():
            if one.is_file():
                one.unlink()

    @contextmanager
    def ours(self) -> Iterator[str]:
        """Every process of ours beside Asterisk; the pages' base URL."""
        self.forget_calls()
        places = {"SIAGA_PHONE_PORT_BASE": str(self.base)}
        url = self.stand.start_door("serve", **places)
        places["PORT"] = url.rpartition(":")[2]
        beside = ["phone", "calllog", "work", "clock"]
        if detector.is_installed() and detector.places():
            beside.append("voice")
        self._processes = {
            name: self.stand.start(*siaga_command(name), **places) for name in beside
        }
        try:
            wait_until(lambda: self.picture().connected, WAIT_SECONDS_MAX, "siaga phone's picture")
            yield url
        finally:
            for one in self._processes.values():
                self.stand.stop(one)
            self._processes = {}
            self.stand.stop_door(url)
            connections.close_all()

    def insist(self) -> None:
        """RuntimeError when a process of ours has ended."""
        dead = [name for name, one in self._processes.items() if one.poll() is not None]
        if dead:
            raise RuntimeError(f"siaga {', '.join(dead)} ended: {self.stand.last_words()}")

    def spent(self) -> dict[str, float]:
        """Seconds of processor time so far, by process."""
        pids = {name: one.pid for name, one in self._processes.items()}
        if self.asterisk.pid is not None:
            pids["asterisk"] = self.asterisk.pid
        return {name: _seconds_of(pid) for name, pid in pids.items()}

    def picture(self) -> LivePicture:
        """The live picture as `siaga phone` has written it last."""
        with acting_in(REGION):
            row = Live.objects.filter(region_id=REGION).first()
        return from_stored(row.picture) if row is not None and row.connected else LivePicture()

    @contextmanager
    def answered_bare(self, numbers: Sequence[int]) -> Iterator[Desks]:
        """Desk telephones whose passwords and queue are set over AMI, as the daemon does it."""
        given = {names.desk(REGION, number): secrets.token_urlsafe(12) for number in numbers}
        self.act([_password(endpoint, secret) for endpoint, secret in given.items()])
        with self._registered(given) as desks:
            queue = {"Queue": names.queue(REGION)}
            members = [{**queue, "Interface": names.channel(endpoint)} for endpoint in given]
            self.act([{"action": "QueueAdd", **one, "Penalty": "0"} for one in members])
            try:
                yield desks
            finally:
                family = names.seat_family()
                self.act([{"action": "QueueRemove", **one} for one in members], lenient=True)
                self.act([{"action": "DBDel", "Family": family, "Key": one} for one in given])

    @contextmanager
    def answered_by_ours(self, numbers: Sequence[int]) -> Iterator[Desks]:
        """The same with seats, commands, and people who end their wrap-up at once."""
        people = self._staff(len(numbers))
        self._clear_seats()
        taken = []
        for part in _parts(list(zip(numbers, people, strict=True))):
            with acting_in(REGION):
                got = [
                    seats.take(
                        REGION, one.id, by=BY, now=clock.now(), number=number, device=Device.DESK
                    )
                    for number, one in part
                ]
            self._done([one.command_id for one in got])
            taken += got
        with self._registered({one.username: one.secret for one in taken}) as desks:
            for few in _parts(list(numbers)):
                self._done(self._ask(CommandKind.READY, few))
            stopping = threading.Event()
            releasing = threading.Thread(target=self._release, args=(stopping,), daemon=True)
            releasing.start()
            try:
                self.all_ready(len(numbers))
                yield desks
            finally:
                stopping.set()
                releasing.join(WAIT_SECONDS_MAX)
                self._clear_seats()

    def all_ready(self, count: int) -> float:
        """Wait until so many positions may be rung; how many seconds it took."""
        began = time.monotonic()

        def ready() -> bool:
            self.insist()
            states = [one.state for one in self.picture().positions]
            return states.count(PositionState.READY) >= count

        wait_until(ready, WAIT_SECONDS_MAX, f"{count} ready positions")
        return time.monotonic() - began

    @contextmanager
    def _registered(self, given: dict[str, str]) -> Iterator[Desks]:
        rows = list(given.items())
        options = ("-r", "100", *self.town.fields(rows))
        with self.town.start(registering(), self.desks, *options) as asking:
            if not asking.wait(WAIT_SECONDS_MAX) or asking.counts().successful < len(rows):
                raise RuntimeError(f"desk telephones were refused: {asking.complaint}")
        desks = Desks(self.town, self.desks)
        desks.answer(talks_ms=0)
        try:
            yield desks
        finally:
            desks.stop()

    def _clear_seats(self) -> None:
        """Nobody serves any position."""
        with acting_in(REGION):
            taken = live_queries.seats(REGION)
        for part in _parts(taken):
            with acting_in(REGION):
                for one in part:
                    seats.free(REGION, one.number, by=BY, now=clock.now())

    def _staff(self, count: int) -> list[Person]:
        """People who only sit there; they never sign in."""
        fresh = [
            Person(username=f"desk-{new_id().hex}", full_name="Bench", created_at=clock.now())
            for _ in range(count - len(self._people))
        ]
        with acting_in(REGION):
            self._people += Person.objects.bulk_create(fresh)
        return self._people[:count]

    def _ask(self, kind: CommandKind, numbers: Sequence[int]) -> list[Any]:
        now = clock.now()
        with acting_in(REGION):
            return [
                commands.request(kind, REGION, {"number": one}, by=BY, now=now) for one in numbers
            ]

    def _done(self, asked: Sequence[Any]) -> None:
        """Wait until the daemon has carried them out; RuntimeError when it refused one."""

        def states() -> set[CommandState]:
            with acting_in(REGION):
                found = [live_queries.command(REGION, one) for one in asked]
            for one in found:
                if one.state is CommandState.FAILED:
                    raise RuntimeError(f"{one.kind}: {one.problem}")
            return {one.state for one in found}

        wait_until(lambda: states() == {CommandState.DONE}, WAIT_SECONDS_MAX, "commands")

    def _release(self, stopping: threading.Event) -> None:
        """Whoever is in wrap-up has written up, as the console says after an outcome."""
        asked: dict[tuple[int, Any], float] = {}
        try:
            while not stopping.wait(RELEASE_STEP_SECONDS):
                now = time.monotonic()
                waiting = [
                    (one.number, one.since)
                    for one in self.picture().positions
                    if one.state is PositionState.WRAP_UP
                ]
                asked = {one: at for one, at in asked.items() if one in waiting}
                due = [one for one in waiting if now - asked.get(one, 0.0) > ASK_AGAIN_SECONDS]
                if due:
                    self._ask(CommandKind.WRAP_UP_DONE, [number for number, _ in due])
                    asked.update(dict.fromkeys(due, now))
        finally:
            connections.close_all()


@contextmanager
def telephone(stand: Stand, positions: int) -> Iterator[Telephone]:
    """An Asterisk with so many positions, until the bench is over."""
    base = _free_base()
    os.environ["SIAGA_PHONE_PORT_BASE"] = str(base)
    home = centre.home()
    installation = provide_asterisk(home, _say)
    sipp = provide_program("sipp", home, _say, TOOLS)
    stand.siaga("regions", "apply", "--yes", SIAGA_PROFILES=str(_profiles(stand, positions)))
    stand.siaga("phone", "render", SIAGA_PHONE_PORT_BASE=str(base))
    plans = centre.plans_in_force()
    site = centre.site_of(plans, installation)
    folder = stand.home / "sipp"
    folder.mkdir(exist_ok=True)
    town = Town(sipp, folder, f"{LOOPBACK}:{site.ports.sip}")
    with AsteriskProcess(site) as asterisk:
        yield Telephone(stand, site, plans[0], town, folder, base, asterisk)


def _seconds_of(pid: int) -> float:
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def _password(endpoint: str, secret: str) -> dict[str, str]:
    kept = {
        "auth_type": "md5",
        "username": endpoint,
        "realm": names.REALM,
        "md5_cred": seats.digest(endpoint, secret),
    }
    value = json.dumps(kept, sort_keys=True)
    return {"action": "DBPut", "Family": names.seat_family(), "Key": endpoint, "Val": value}


def _parts(whole: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Commands are worth nothing after ten seconds, so not all are given at once."""
    for first in range(0, len(whole), AT_ONCE):
        yield whole[first : first + AT_ONCE]


def _profiles(stand: Stand, positions: int) -> Path:
    """A copy of the reference profile: this machine is the trunk, nobody else is ever rung."""
    folder = stand.home / "profiles"
    shutil.copytree(ROOT / "profiles" / PROFILE, folder / PROFILE)
    file = folder / PROFILE / "profile.toml"
    text = file.read_text(encoding="utf-8")
    for name, value in {
        "trunk_addresses": f'["{CALLERS}"]',
        "positions": str(positions),
        "reserve_phones": "[]",
        "neighbor_phone": '""',
        "duty_mobile": '""',
    }.items():
        text, found = re.subn(rf"^{name} = .*$", f"{name} = {value}", text, flags=re.M)
        if found != 1:
            raise RuntimeError(f"{file.name} has {found} lines of {name}")
    file.write_text(text, encoding="utf-8")
    return folder


def _free_base() -> int:
    """A thousand ports of which those we need are free."""
    for base in range(20_000, 24_000, 1_000):
        with contextlib.suppress(OSError), contextlib.ExitStack() as probes:
            for offset in (38, 60, 88, 89, 100):
                for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                    probe = probes.enter_context(socket.socket(socket.AF_INET, kind))
                    probe.bind((LOOPBACK, base + offset))
            return base
    raise RuntimeError("no free ports for an Asterisk")


def _say(text: str) -> None:
    """Results alone go to standard output."""
