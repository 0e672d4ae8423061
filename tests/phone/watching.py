"""A line to the running Asterisk in a thread of its own, so that tests can wait and look."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable
from typing import Any, Self

from siaga.kernel import clock
from siaga.kernel.tasks import end_tasks
from siaga.kernel.types import RegionId
from siaga.telephony import names
from siaga.telephony.ami.client import Login
from siaga.telephony.asterisk.config.doors import MANAGER_USER
from siaga.telephony.line import PhoneLine
from siaga.telephony.live.acting import Order
from siaga.telephony.live.picture import LiveCall, LivePicture, PositionState
from siaga.telephony.live.state import House
from siaga.telephony.services.seats import digest
from siaga.telephony.types import CommandKind, PhonePlan
from tests.phone.centre import Centre
from tests.waiting import wait_until


class Watcher:
    """What the daemon does, without a database."""

    def __init__(self, asterisk: Centre, port: int | None = None) -> None:
        login = Login(
            host="127.0.0.1",
            port=port or asterisk.site.ports.ami,
            username=MANAGER_USER,
            secret=asterisk.site.secrets.manager,
        )
        self.house = House.of(asterisk.plans.values())
        self.line = PhoneLine(login, self.house, lambda regions: None)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._task: asyncio.Task[None] | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        self._call(self._begin())
        wait_until(lambda: self.line.state.connected)
        return self

    def __exit__(self, *_: object) -> None:
        self._call(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def do(self, kind: str, region: str, **payload: Any) -> str:
        """Carry out a command as the daemon would; the problem."""
        order = Order(
            region=RegionId(region),
            kind=CommandKind(kind),
            payload=payload,
            at=clock.now(),
            leg_id=self.line.next_leg(),
        )
        problem: str = self._call(self.line.do(order))
        return problem

    def open_seat(self, region: str, number: int, secret: str, device: str = "desk") -> str:
        """Let a phone register with this password; its endpoint."""
        username = names.seat(RegionId(region), number, device)
        given = {"number": number, "device": device, "username": username}
        assert self.do("seat_open", region, digest=digest(username, secret), **given) == ""
        return username

    def settle(self, region: str, seats: Iterable[int]) -> None:
        """As every half minute: the passwords of these seats and no others."""
        place = RegionId(region)
        self._call(self.line.settle_seats({(place, one): names.desk(place, one) for one in seats}))

    def picture(self, region: str) -> LivePicture:
        """The picture as it is now."""
        return self.line.picture(RegionId(region))

    def call(self, plan: PhonePlan, number: str) -> LiveCall | None:
        """The call of this caller."""
        calls = self.picture(plan.region).calls
        return next((one for one in calls if one.number == number), None)

    def state(self, region: str, number: int) -> PositionState:
        """What a position is doing."""
        position = self.picture(region).position(number)
        assert position is not None
        return position.state

    def until(self, region: str, number: int, state: PositionState, seconds: float = 30) -> None:
        """Wait until the position is seen so."""
        wait_until(
            lambda: self.state(region, number) is state,
            seconds,
            lambda: f"{self.state(region, number)} instead of {state}",
        )

    async def _begin(self) -> None:
        self._task = asyncio.create_task(self.line.run())

    async def _end(self) -> None:
        if self._task is not None:
            await end_tasks([self._task])

    def _call(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(20)
