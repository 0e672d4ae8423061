"""Keeps a set of processes running: starts, watches, restarts, and stops them together."""

from __future__ import annotations

import logging
import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

from siaga.config import lifeline

_TURN_SECONDS = 0.1
_STOP_SECONDS = 3.5
_FIRST_PAUSE_SECONDS = 0.25
_LONGEST_PAUSE_SECONDS = 10.0
_HEALTHY_SECONDS = 30.0

_log = logging.getLogger("siaga.run")


@dataclass(frozen=True, slots=True)
class Program:
    """What to run; `variables` are added to the environment.

    `patience` is how many seconds its first start leaves the machine to the others, unless they
    are told to be ready sooner.
    """

    name: str
    command: Sequence[str]
    variables: Mapping[str, str] = field(default_factory=dict)
    patience: float = 0.0


@dataclass(slots=True)
class _Child:
    program: Program
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    due: float = 0.0
    failures: int = 0

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.program.command,
            stdin=subprocess.PIPE,
            env=os.environ | self.program.variables | {lifeline.VARIABLE: "1"},
            # A group of its own: Ctrl-C reaches the supervisor only, which stops in order.
            process_group=0,
        )
        self.started = time.monotonic()
        _log.info("process_started name=%s pid=%s", self.program.name, self.process.pid)

    def note_end(self) -> None:
        """Remember that it died, and when to try again: sooner after a long life."""
        process, self.process = self.process, None
        if process is None:
            return
        _close_lifeline(process)
        lived = time.monotonic() - self.started
        self.failures = 0 if lived > _HEALTHY_SECONDS else self.failures + 1
        pause = min(
            _FIRST_PAUSE_SECONDS * 2 ** max(self.failures - 1, 0),
            _LONGEST_PAUSE_SECONDS,
        )
        self.due = time.monotonic() + pause
        _log.warning(
            "process_ended name=%s pid=%s code=%s lived_seconds=%.1f again_in_seconds=%.2f",
            self.program.name,
            process.pid,
            process.returncode,
            lived,
            pause,
        )

    def signal_group(self, number: signal.Signals) -> None:
        if self.process is not None:
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:
                pass


class Supervisor:
    """Runs programs until SIGINT, SIGTERM or `stop()`; `each_turn` is called ten times a second."""

    def __init__(
        self,
        programs: Sequence[Program],
        *,
        each_turn: Callable[[], None] | None = None,
    ) -> None:
        self._children = [_Child(program) for program in programs]
        self._each_turn = each_turn
        self._later: queue.SimpleQueue[Program] = queue.SimpleQueue()
        self._stopping = threading.Event()

    def stop(self) -> None:
        self._stopping.set()

    def add(self, programs: Sequence[Program]) -> None:
        """Run these too; from any thread."""
        for program in programs:
            self._later.put(program)

    def start_the_rest(self) -> None:
        """Nobody needs to be patient any longer."""
        for child in self._children:
            if child.failures == 0:
                child.due = 0.0

    def run(self) -> None:
        """Returns when everything has stopped; takes the signals SIGINT and SIGTERM."""
        before = {
            number: signal.signal(number, self._on_signal)
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        }
        for child in self._children:
            child.due = time.monotonic() + child.program.patience
        try:
            while not self._stopping.is_set():
                self._tend()
                self._stopping.wait(_TURN_SECONDS)
        finally:
            self._stop_all()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        _log.info("stopping signal=%s", signal.Signals(number).name)
        self._stopping.set()

    def _tend(self) -> None:
        while not self._later.empty():
            self._children.append(_Child(self._later.get()))
        for child in self._children:
            if child.process is not None and child.process.poll() is not None:
                child.note_end()
            if child.process is None and time.monotonic() >= child.due:
                child.start()
        if self._each_turn is not None:
            self._each_turn()

    def _stop_all(self) -> None:
        for child in self._children:
            child.signal_group(signal.SIGTERM)
        deadline = time.monotonic() + _STOP_SECONDS
        for child in self._children:
            if child.process is None:
                continue
            try:
                child.process.wait(max(deadline - time.monotonic(), 0))
            except subprocess.TimeoutExpired:
                _log.warning("process_killed name=%s", child.program.name)
            # Also what the child may have left behind in its group.
            child.signal_group(signal.SIGKILL)
            child.process.wait()
            _close_lifeline(child.process)
        _log.info("stopped")


def _close_lifeline(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        process.stdin.close()
