"""Tasks that end for certain."""

import asyncio
import contextlib

import pytest

from siaga.kernel.tasks import end_tasks, run_together


def test_a_task_that_misses_a_cancellation_is_cancelled_again() -> None:
    missed = 0

    async def deaf() -> None:
        nonlocal missed
        for _ in range(2):
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.Event().wait()
            missed += 1
        await asyncio.Event().wait()

    async def main() -> bool:
        task = asyncio.create_task(deaf())
        await asyncio.sleep(0)
        await end_tasks([task])
        return task.cancelled()

    assert asyncio.run(main())
    assert missed == 2


def test_when_one_fails_none_is_left_behind() -> None:
    ended: list[str] = []

    async def waits() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("waits")

    async def fails() -> None:
        await asyncio.sleep(0)
        raise ValueError("told")

    with pytest.raises(ValueError, match="told"):
        asyncio.run(run_together(waits(), fails()))
    assert ended == ["waits"]
