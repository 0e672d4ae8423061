"""Running coroutines together and ending them for certain."""

import asyncio
from collections.abc import Collection, Coroutine
from typing import Any

_AGAIN_SECONDS = 0.2


async def run_together(*works: Coroutine[Any, Any, None]) -> None:
    """Run all of them; when one fails, or this is cancelled, none is left behind."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        await asyncio.gather(*tasks)
    finally:
        await end_tasks(tasks)


async def end_tasks(tasks: Collection["asyncio.Task[None]"]) -> None:
    """Cancel until they have ended.

    Once is not enough: in Python 3.11 a cancellation that meets a finished `asyncio.wait_for` is
    lost, and the database driver waits by it.
    """
    cancelled = False
    pending = {task for task in tasks if not task.done()}
    while pending:
        for task in pending:
            task.cancel()
        try:
            _, pending = await asyncio.wait(pending, timeout=_AGAIN_SECONDS)
        except asyncio.CancelledError:
            cancelled = True
            pending = {task for task in pending if not task.done()}
    if cancelled:
        raise asyncio.CancelledError
