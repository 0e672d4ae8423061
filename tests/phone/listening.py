"""`siaga voice` in a thread of the test, without a process and a database of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

from siaga.kernel.tasks import end_tasks
from siaga.telephony.ami.client import Login
from siaga.telephony.asterisk.config.doors import MANAGER_USER
from siaga.telephony.hearing.detector import Detector
from siaga.telephony.hearing.line import VoiceLine
from tests.phone.centre import Centre
from tests.waiting import wait_until

T = TypeVar("T")


class Listener:
    """`siaga voice` without its process."""

    def __init__(self, asterisk: Centre, at_once: int = 4) -> None:
        login = Login(
            host="127.0.0.1",
            port=asterisk.site.ports.ami,
            username=MANAGER_USER,
            secret=asterisk.site.secrets.manager,
        )
        self.line = VoiceLine(login, at_once, Detector)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> VoiceLine:
        self._thread.start()
        self._task = self._do(self._begin())
        wait_until(lambda: self.line.is_ready)
        return self.line

    def __exit__(self, *_: object) -> None:
        self._do(end_tasks([self._task]))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _begin(self) -> asyncio.Task[None]:
        return asyncio.create_task(self.line.run())

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)
