"""Waiting for something that another process or thread brings about; the only place that sleeps."""

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
STEP_SECONDS = 0.02


def wait_until(condition: Callable[[], T], seconds: float = 10.0) -> T:
    """The condition's value as soon as it is true; AssertionError when it never is."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(STEP_SECONDS)
    return value


async def until(condition: Callable[[], T], seconds: float = 10.0) -> T:
    """The same for coroutines."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"not within {seconds} s"
        await asyncio.sleep(STEP_SECONDS)
    return value
