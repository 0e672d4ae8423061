"""Waiting for something that another process or thread brings about; the only place that sleeps."""

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
STEP_SECONDS = 0.02
PATIENCE_SECONDS = 30.0  # costs nothing where all is well


def wait_until(
    condition: Callable[[], T], seconds: float = PATIENCE_SECONDS, why: Callable[[], str] = str
) -> T:
    """The condition's value as soon as it is true; AssertionError, with `why`, when it never is."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"not within {seconds} s {why()}"
        time.sleep(STEP_SECONDS)
    return value


async def until(condition: Callable[[], T], seconds: float = PATIENCE_SECONDS) -> T:
    """The same for coroutines."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"not within {seconds} s"
        await asyncio.sleep(STEP_SECONDS)
    return value


def wait_while_it_moves(
    done: Callable[[], object], progress: Callable[[], object], still_seconds: float
) -> None:
    """Until it is done, however slow the machine: only standing still for so long is wrong."""
    watch = _Watch(progress, still_seconds)
    while not done():
        watch.look()
        time.sleep(STEP_SECONDS)


async def while_it_moves(
    done: Callable[[], object], progress: Callable[[], object], still_seconds: float
) -> None:
    """The same for coroutines."""
    watch = _Watch(progress, still_seconds)
    while not done():
        watch.look()
        await asyncio.sleep(STEP_SECONDS)


class _Watch:
    """Notices when a figure has stood still for too long."""

    def __init__(self, progress: Callable[[], object], still_seconds: float) -> None:
        self._progress, self._still_seconds = progress, still_seconds
        self._seen, self._since = progress(), time.monotonic()

    def look(self) -> None:
        """AssertionError when nothing has moved since the limit."""
        present = self._progress()
        if present != self._seen:
            self._seen, self._since = present, time.monotonic()
        still = time.monotonic() - self._since
        assert still < self._still_seconds, f"nothing moves since {still:.0f} s: {present}"
