"""`siaga phone`: the live picture of the telephone, and what the console asks of Asterisk.

Nothing here stands in a call's way: killed at any moment, callers notice nothing, and the next one
makes the picture anew from Asterisk itself.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

import psycopg
import structlog
from django.db import connections

from siaga.config.leadership import Leadership
from siaga.config.loops import DATABASE_LOST, forget_connections, revive
from siaga.config.serve_process import address
from siaga.journal.heartbeats import beat
from siaga.journal.wire import open_direct_async
from siaga.kernel import clock
from siaga.kernel.errors import SiagaError
from siaga.kernel.tasks import run_together
from siaga.kernel.tenancy import ALL_REGIONS, acting_in
from siaga.kernel.types import RegionId
from siaga.telephony import live_queries, services
from siaga.telephony.ami.client import AmiError, Login
from siaga.telephony.asterisk import centre, prompts
from siaga.telephony.asterisk.installation import find_program
from siaga.telephony.asterisk.site import LOOPBACK
from siaga.telephony.line import PhoneLine
from siaga.telephony.live import happening as h
from siaga.telephony.live.acting import Order
from siaga.telephony.live.state import House, Place
from siaga.telephony.live.witness import Witness
from siaga.telephony.services.commands import CHANNEL, Taken
from siaga.telephony.types import CommandKind, PhonePlan

TOGETHER_SECONDS = 0.02
REFRESH_SECONDS = 5.0
POLL_SECONDS = 1.0
RETRY_SECONDS = 0.5
SETTLE_SECONDS = 30.0
PLANS_SECONDS = 60.0
WEB_ASK_SECONDS = 5.0
WEB_ANSWER_SECONDS = 2.0
_LOCK = 11_205

T = TypeVar("T")
_log = structlog.get_logger("siaga.phone")


class PlansChanged(Exception):
    """The profiles have another telephone now; begin anew."""


def run_phone(plans: list[PhonePlan], stopping: threading.Event) -> None:
    """Until SIGINT or SIGTERM, or until the profiles have another telephone."""
    daemon = PhoneDaemon(plans, centre.manager_login(plans))
    if daemon.lead(stopping):
        try:
            asyncio.run(daemon.run(stopping))
        except PlansChanged:
            _log.info("plans_changed")
        finally:
            daemon.close()


@dataclass
class _Tables:
    """Django's tables, from one thread, with patience."""

    thread: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="tables")
    )

    async def __call__(self, work: Callable[..., T], /, *given: object, **named: object) -> T:
        """The work's result; raises what the database raises."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.thread, partial(_carefully, work, given, named))

    def close(self) -> None:
        self.thread.submit(connections.close_all)
        self.thread.shutdown()


def _carefully(work: Callable[..., T], given: tuple[object, ...], named: dict[str, object]) -> T:
    try:
        return work(*given, **named)
    except DATABASE_LOST:
        forget_connections()
        revive()
        raise


class PhoneDaemon:
    """Four loops around one line: pictures, commands, seats, signs of life."""

    def __init__(self, plans: list[PhonePlan], login: Login) -> None:
        self._plans = plans
        self.line = PhoneLine(login, House.of(plans), self._note)
        self._witness = Witness()
        self._dirty: set[RegionId] = {plan.region for plan in plans}
        self._news, self._asked = asyncio.Event(), asyncio.Event()
        self._tables = _Tables()
        self._leadership = Leadership(_LOCK, "phone")
        self._locks = {plan.region: asyncio.Lock() for plan in plans}
        self._running: set[asyncio.Task[None]] = set()

    def lead(self, stopping: threading.Event) -> bool:
        """Wait until no other daemon serves this centre."""
        while not stopping.is_set():
            try:
                if self._leadership.holds():
                    services.commands.give_up(clock.now())
                    return True
                beat("phone-standby", now=clock.now())
            except (psycopg.Error, *DATABASE_LOST):
                forget_connections()
                revive()
            stopping.wait(POLL_SECONDS)
        return False

    async def run(self, stopping: threading.Event) -> None:
        """Until told to stop. Raises PlansChanged."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stopping.set)
        working = asyncio.ensure_future(
            run_together(
                self.line.run(),
                self._write_pictures(),
                self._take_commands(),
                self._listen(),
                self._look_after(),
                self._ask_the_web(),
            )
        )
        while not stopping.is_set() and not working.done():
            await asyncio.wait([working], timeout=0.1)
        working.cancel()
        try:
            await working
        except asyncio.CancelledError:
            pass

    def close(self) -> None:
        """Let the next daemon lead."""
        self._tables.close()
        self._leadership.give_up()
        connections.close_all()

    def _note(self, regions: frozenset[RegionId]) -> None:
        self._witness.look(self.line.state, clock.now())
        self._dirty |= regions
        self._news.set()

    async def _write_pictures(self) -> None:
        """Whatever changed within a moment is written once."""
        while True:
            try:
                async with asyncio.timeout(REFRESH_SECONDS):
                    await self._news.wait()
                await asyncio.sleep(TOGETHER_SECONDS)
            except TimeoutError:
                self._dirty |= {plan.region for plan in self._plans}
            self._news.clear()
            regions, self._dirty = self._dirty, set()
            pictures = {region: self.line.picture(region) for region in regions}
            try:
                await self._tables(services.live.write, pictures, now=clock.now())
            except (psycopg.Error, *DATABASE_LOST) as error:
                _log.warning("picture_not_written", error=type(error).__name__)
                self._note(frozenset(regions))
                await asyncio.sleep(RETRY_SECONDS)

    async def _listen(self) -> None:
        """Be woken by a command; the poll beside it is the net."""
        while True:
            try:
                async with await open_direct_async() as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    self._asked.set()
                    async for _ in connection.notifies():
                        self._asked.set()
            except (psycopg.Error, OSError) as error:
                _log.warning("commands_not_heard", error=type(error).__name__)
            await asyncio.sleep(RETRY_SECONDS)

    async def _take_commands(self) -> None:
        while True:
            self._asked.clear()
            try:
                taken = await self._tables(services.commands.take, clock.now())
            except (psycopg.Error, *DATABASE_LOST):
                await asyncio.sleep(RETRY_SECONDS)
                continue
            for one in taken:
                task = asyncio.create_task(self._carry_out(one))
                self._running.add(task)
                task.add_done_callback(self._running.discard)
            if not taken:
                try:
                    async with asyncio.timeout(POLL_SECONDS):
                        await self._asked.wait()
                except TimeoutError:
                    pass

    async def _carry_out(self, taken: Taken) -> None:
        """One after the other in each region, in the order of asking."""
        async with self._locks.get(taken.region_id, asyncio.Lock()):
            try:
                problem = await self._done(taken)
            except Exception as failure:
                _log.exception("command_failed", kind=taken.kind)
                problem = type(failure).__name__
        if problem:
            _log.info("command_refused", kind=taken.kind, region=taken.region_id, problem=problem)
        while True:
            try:
                finish = partial(services.commands.finish, taken.id, problem=problem)
                return await self._tables(finish, now=clock.now())
            except (psycopg.Error, *DATABASE_LOST):
                _log.warning("command_not_marked", kind=taken.kind)
                await asyncio.sleep(RETRY_SECONDS)

    async def _done(self, taken: Taken) -> str:
        payload = dict(taken.payload)
        if taken.kind is CommandKind.NOTICE_ON:
            try:
                payload["prompt"] = await asyncio.to_thread(
                    self._speak, taken.region_id, str(payload.get("text", ""))
                )
            except SiagaError as failed:
                return failed.message
        return await self.line.do(
            Order(
                region=taken.region_id,
                kind=taken.kind,
                payload=payload,
                at=clock.now(),
                leg_id=self.line.next_leg(),
            )
        )

    def _speak(self, region: RegionId, text: str) -> str:
        plan = next(plan for plan in self._plans if plan.region == region)
        voice = find_program("espeak-ng", centre.home())
        return prompts.speak_notice(plan, centre.home(), text, voice)

    async def _look_after(self) -> None:
        """Signs of life; now and then the seats and the profiles."""
        loop = asyncio.get_running_loop()
        settled, compared = -SETTLE_SECONDS, loop.time()
        rebuilds = 0
        while True:
            try:
                await self._tables(beat, "phone", now=clock.now())
                if not await asyncio.to_thread(self._leadership.holds):
                    raise PlansChanged
                due = loop.time() - settled > SETTLE_SECONDS or rebuilds != self.line.rebuilds
                if due and self.line.state.connected:
                    rebuilds = self.line.rebuilds
                    await self.line.settle_seats(await self._tables(_seats, self._plans))
                    left = await self._tables(services.unrecorded.left_open, clock.now())
                    self._witness.missed(left, self.line.state, clock.now())
                    settled = loop.time()
                await self._compare_with_the_record()
                if loop.time() - compared > PLANS_SECONDS:
                    compared = loop.time()
                    await self._tables(services.commands.sweep, clock.now())
                    if await self._tables(centre.plans_in_force) != self._plans:
                        raise PlansChanged
            except (psycopg.Error, AmiError, *DATABASE_LOST) as error:
                _log.warning("not_looked_after", error=type(error).__name__)
            await asyncio.sleep(POLL_SECONDS)

    async def _compare_with_the_record(self) -> None:
        """Whatever was seen and is not in Asterisk's record is put into its place."""
        if due := self._witness.due(clock.now()):
            record = centre.home() / "cel" / "siaga.jsonl"
            found = await self._tables(services.unrecorded.reconcile, record, due, now=clock.now())
            self._witness.settle(due, found)

    async def _ask_the_web(self) -> None:
        """Whether the console is there, for those who are in wrap-up."""
        while True:
            if await _answers(*address(None, None)):
                self.line.apply(h.WebSeen(at=clock.now()))
            await asyncio.sleep(WEB_ASK_SECONDS)


def _seats(plans: list[PhonePlan]) -> dict[Place, str]:
    with acting_in(ALL_REGIONS):
        return {
            (plan.region, seat.number): seat.username
            for plan in plans
            for seat in live_queries.seats(plan.region)
        }


async def _answers(host: str, port: int) -> bool:
    reachable = LOOPBACK if host == "0.0.0.0" else host
    try:
        async with asyncio.timeout(WEB_ANSWER_SECONDS):
            reader, writer = await asyncio.open_connection(reachable, port)
            try:
                writer.write(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
                return (await reader.readline()).startswith((b"HTTP/1.1 200", b"HTTP/1.0 200"))
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False
