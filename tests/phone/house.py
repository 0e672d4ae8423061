"""A whole centre as the demo has it: the four regions on one Asterisk, our processes beside it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from siaga.telephony.asterisk.process import AsteriskProcess, console
from siaga.telephony.asterisk.site import Site
from siaga.telephony.types import PhonePlan
from tests.databases import TestDatabase
from tests.phone.sipp import Exchange


@dataclass
class Running:
    """One of our processes."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def kill(self) -> None:
        """As a crash would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """Orderly; its exit code."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            return self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()
            return -9


@dataclass
class Home:
    """Where everything of this centre lies, and how to start its processes."""

    site: Site
    plans: Sequence[PhonePlan]
    process: AsteriskProcess
    exchange: Exchange
    database: TestDatabase
    folder: Path
    base: int
    port: int
    running: list[Running] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """What a process of ours is started with."""
        return {
            **os.environ,
            **self.database.env,
            "SIAGA_HOME": str(self.folder),
            "SIAGA_PHONE_PORT_BASE": str(self.base),
            "SIAGA_DEMO": "1",
            "PORT": str(self.port),
            "DJANGO_SETTINGS_MODULE": "siaga.config.settings",
        }

    def start(self, *words: str) -> Running:
        """`siaga <words>` as a process of its own."""
        log = self.folder / f"{words[0]}.{len(self.running)}.log"
        with log.open("wb") as file:
            process = _spawn(words, self.environment, file)
        started = Running(words[0], process, log)
        self.running.append(started)
        return started

    def console(self, command: str) -> str:
        """Asterisk's own console."""
        return console(self.site, command)

    def plan(self, region: str) -> PhonePlan:
        """The plan of a region."""
        return next(plan for plan in self.plans if plan.region == region)


def _spawn(words: Sequence[str], env: dict[str, str], log: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "siaga.config.cli", *words],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        env=env,
        start_new_session=True,
    )


@contextmanager
def ending(home: Home) -> Iterator[Home]:
    """Nothing that was started stays."""
    try:
        yield home
    finally:
        for one in reversed(home.running):
            if one.process.poll() is None:
                one.kill()
        home.exchange.stop_all()
        home.console("channel request hangup all")


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
