"""`siaga voice`: listens for the voices of callers somebody talks with, and tells what it hears.

Optional in every way: without it, or with it killed, calls and their picture go on; only the hint
"no voice heard" is missing. It needs no database but for its sign of life.
"""

from __future__ import annotations

import asyncio
import fcntl
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TextIO

import psycopg
import structlog

from siaga.config.loops import DATABASE_LOST, forget_connections
from siaga.journal.heartbeats import beat
from siaga.kernel import clock
from siaga.kernel.tasks import run_together
from siaga.telephony.asterisk import centre
from siaga.telephony.hearing.door import Hears
from siaga.telephony.hearing.line import VoiceLine

STANDBY_SECONDS = 1.0
BEAT_SECONDS = 2.0
STOP_SECONDS = 0.1
_log = structlog.get_logger("siaga.voice")


def run_voice(at_once: int, make: Callable[[], Hears], stopping: threading.Event) -> None:
    """Until told to stop. A second one beside it waits: nobody is listened to twice."""
    home = centre.home()
    home.mkdir(parents=True, exist_ok=True, mode=0o750)
    with (home / "voice.lock").open("w") as lock:
        while not stopping.is_set() and not _have(lock):
            stopping.wait(STANDBY_SECONDS)
        if not stopping.is_set():
            line = VoiceLine(centre.manager_login([]), at_once, make)
            asyncio.run(_run(line, stopping))


async def _run(line: VoiceLine, stopping: threading.Event) -> None:
    working = asyncio.ensure_future(run_together(line.run(), _signs_of_life()))
    while not stopping.is_set() and not working.done():
        await asyncio.wait([working], timeout=STOP_SECONDS)
    working.cancel()
    try:
        await working
    except asyncio.CancelledError:
        pass


def _have(lock: TextIO) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


async def _signs_of_life() -> None:
    """A database that is away is not missed here."""
    with ThreadPoolExecutor(1, thread_name_prefix="beat") as thread:
        while True:
            await asyncio.get_running_loop().run_in_executor(thread, _beat)
            await asyncio.sleep(BEAT_SECONDS)


def _beat() -> None:
    try:
        beat("voice", now=clock.now())
    except (psycopg.Error, *DATABASE_LOST) as error:
        _log.info("no_sign_of_life", error=type(error).__name__)
        forget_connections()
