"""The line to Asterisk: its events drive the pure core, the core's actions go back, each once."""

from __future__ import annotations

import asyncio
import itertools
import secrets
from collections.abc import Callable, Iterable
from datetime import datetime

import structlog

from siaga.kernel import clock
from siaga.kernel.tasks import run_together
from siaga.kernel.types import RegionId
from siaga.telephony import names
from siaga.telephony.ami.client import AmiClient, AmiError, Login
from siaga.telephony.ami.wire import BadField, Message, one
from siaga.telephony.live import happening as h
from siaga.telephony.live.acting import Order, Refused, plan_of
from siaga.telephony.live.actions import Action
from siaga.telephony.live.picture import LivePicture
from siaga.telephony.live.reading import PRIORITY, VARIABLES, read, rebuilt
from siaga.telephony.live.state import House, Place, State, Switch, picture
from siaga.telephony.live.step import step

TICK_SECONDS = 1.0
ONLINE_SECONDS = 4.0
"""A command given while Asterisk comes back waits so long for it."""
_LISTS = ("CoreShowChannels", "Status", "QueueStatus", "DeviceStateList")
_log = structlog.get_logger(__name__)

Changed = Callable[[frozenset[RegionId]], None]


class PhoneLine:
    """`run()` until cancelled; `changed` is told which regions' pictures are others now."""

    def __init__(self, login: Login, house: House, changed: Changed) -> None:
        self._client = AmiClient(login, on_event=self._on_event, on_ready=self._rebuild)
        self._changed = changed
        self._held: list[tuple[Message, datetime]] | None = None
        self._to_tell: asyncio.Queue[tuple[Action, ...]] = asyncio.Queue()
        self._legs = (f"siaga{secrets.token_hex(4)}.{number}" for number in itertools.count(1))
        self.state = State(house=house)
        self.rebuilds = 0

    async def run(self) -> None:
        """Stay connected, tick, and tell Asterisk what the core wants."""
        await run_together(self._client.run(), self._tick(), self._tell())

    def picture(self, region: RegionId) -> LivePicture:
        """What the screens of a region show now."""
        return picture(self.state, region)

    def apply(self, told: h.Happening) -> None:
        """One step of the core."""
        done = step(self.state, told)
        self.state = done.state
        if done.actions:
            self._to_tell.put_nowait(done.actions)
        if done.touched:
            self._changed(done.touched)

    async def do(self, order: Order) -> str:
        """Carry out a command; the problem, or nothing. No part of it is ever repeated."""
        try:
            async with asyncio.timeout(ONLINE_SECONDS):
                await self._client.online.wait()
        except TimeoutError:
            return "Asterisk is not connected"
        try:
            wanted = plan_of(self.state, order)
            for happening in wanted.then:
                if isinstance(happening, h.Invited):
                    self.apply(happening)
            for action in wanted.actions:
                await self._act(action)
        except (Refused, AmiError, BadField) as problem:
            return str(problem) or type(problem).__name__
        for happening in wanted.then:
            if not isinstance(happening, h.Invited):
                self.apply(happening)
        return ""

    def next_leg(self) -> str:
        """A name for a leg that we originate; no other Asterisk or start of ours has used it."""
        return next(self._legs)

    async def settle_seats(self, taken: dict[Place, str]) -> None:
        """Asterisk keeps the passwords of these seats and of no others. Raises AmiError."""
        now = clock.now()
        for region, number in self.state.seats.keys() | taken.keys():
            endpoint = taken.get((region, number), "")
            if self.state.seats.get((region, number), "") != endpoint:
                self.apply(h.SeatKnown(at=now, region=region, number=number, endpoint=endpoint))
        wanted = set(taken.values())
        for endpoint in await self._keys(names.seat_family()):
            if endpoint not in wanted:
                _log.info("seat_forgotten", endpoint=endpoint)
                await self._forget(endpoint)

    async def _forget(self, endpoint: str) -> None:
        await self._client.act("DBDel", Family=names.seat_family(), Key=endpoint)
        region, _ = self.state.house.endpoints.get(endpoint, (None, None))
        if region is not None:
            where = {"Queue": names.queue(region), "Interface": names.channel(endpoint)}
            try:
                await self._client.act("QueueRemove", **where)
            except AmiError:
                pass  # it was in no queue

    def _on_event(self, message: Message, at: datetime) -> None:
        if self._held is not None:
            self._held.append((message, at))
            return
        told = read(message, self.state.house, at)
        if told is not None:
            self.apply(told)

    async def _rebuild(self) -> None:
        """Asterisk tells everything; what happens meanwhile is applied on top, in order."""
        self._held = []
        try:
            variables = ",".join([*VARIABLES, PRIORITY])
            lists = {
                name: await self._client.ask(
                    name, **({"Variables": variables} if name == "Status" else {})
                )
                for name in _LISTS
            }
            switches = {region: await self._switch(region) for region in self.state.house.plans}
            self.apply(rebuilt(lists, switches, self.state.house, clock.now()))
            self.rebuilds += 1
        finally:
            held, self._held = self._held or [], None
        for message, at in held:
            self._on_event(message, at)

    async def _switch(self, region: RegionId) -> Switch:
        found = await self._tree(names.switch_family(region))
        return Switch(overflow=found.get("overflow", ""), notice=found.get("notice-text", ""))

    async def _keys(self, family: str) -> Iterable[str]:
        return (await self._tree(family)).keys()

    async def _tree(self, family: str) -> dict[str, str]:
        try:
            items = await self._client.ask("DBGetTree", Family=family)
        except AmiError as error:
            if "not found" in str(error):
                return {}
            raise
        prefix = f"/{family}/"
        pairs = ((one(item, "Key"), one(item, "Val")) for item in items)
        return {key.removeprefix(prefix): value for key, value in pairs if key.startswith(prefix)}

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_SECONDS)
            if self.state.connected and not self._client.online.is_set() and self._held is None:
                self.apply(h.LineLost(at=clock.now()))
            elif self.state.connected:
                self.apply(h.Tick(at=clock.now()))

    async def _tell(self) -> None:
        while True:
            for action in await self._to_tell.get():
                try:
                    await self._act(action)
                except (AmiError, BadField) as problem:
                    _log.warning("action_failed", action=action.name, problem=str(problem))

    async def _act(self, action: Action) -> None:
        fields: dict[str, str | int | list[str]] = {}
        for name, value in action.fields:
            former = fields.get(name)
            fields[name] = [*former, value] if isinstance(former, list) else (
                value if former is None else [str(former), value]
            )  # fmt: skip
        try:
            await self._client.act(action.name, **fields)
        except AmiError as problem:
            if not action.may_fail or str(problem).startswith(("no answer", "the line")):
                raise
