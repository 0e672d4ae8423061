"""Group commit: an answer means that it is on disk, and neighbours do not suffer."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg
import pytest

from siaga.edge.commits import (
    Delivery,
    DeliveryRefused,
    GroupCommit,
    StoreFull,
    StoreUnavailable,
)
from siaga.kernel.tasks import end_tasks
from tests.databases import TestDatabase
from tests.rooms.edge.doors import REGION, stored


def _delivery(number: int, *, region: str = REGION) -> Delivery:
    return Delivery(region, "whatsapp", f"id-{number}", b"body %d" % number, "request-1")


def _with_store(work: Callable[[GroupCommit], Awaitable[Any]], **options: Any) -> Any:
    async def main() -> Any:
        store = GroupCommit(**{"waiting_max": 1_000, **options})
        running = asyncio.create_task(store.run())
        try:
            return await work(store)
        finally:
            await end_tasks([running])
            await store.drain()

    return asyncio.run(main())


def test_what_is_answered_is_stored_as_the_role_that_owns_nothing(
    committed_db: TestDatabase,
) -> None:
    async def work(store: GroupCommit) -> None:
        await asyncio.gather(*(store.store(_delivery(number)) for number in range(300)))

    _with_store(work)
    assert len(stored(committed_db.owner_url)) == 300
    # Without its scope the same role sees none of it: the setting did not stay behind.
    assert stored(committed_db.app_url) == []


def test_the_same_delivery_twice_is_one_row_and_two_answers(committed_db: TestDatabase) -> None:
    async def work(store: GroupCommit) -> None:
        await asyncio.gather(*(store.store(_delivery(1)) for _ in range(5)))
        await store.store(_delivery(1))

    _with_store(work)
    assert [row[0] for row in stored(committed_db.owner_url)] == ["id-1"]


def test_a_bad_row_fails_alone(committed_db: TestDatabase) -> None:
    bad = _delivery(0, region="r" * 60)

    async def work(store: GroupCommit) -> list[Any]:
        all_of_them = [_delivery(1), bad, _delivery(2), _delivery(3)]
        return await asyncio.gather(
            *(store.store(each) for each in all_of_them), return_exceptions=True
        )

    answers = _with_store(work)
    assert isinstance(answers[1], DeliveryRefused)
    assert [answers[0], *answers[2:]] == [None, None, None]
    assert sorted(row[0] for row in stored(committed_db.owner_url)) == ["id-1", "id-2", "id-3"]


def test_beyond_its_room_the_store_says_so_at_once(committed_db: TestDatabase) -> None:
    async def main() -> int:
        store = GroupCommit(waiting_max=3)  # nobody flushes
        waiting = [asyncio.create_task(store.store(_delivery(number))) for number in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(StoreFull):
            await store.store(_delivery(9))
        for task in waiting:
            task.cancel()
        return len(await asyncio.gather(*waiting, return_exceptions=True))

    assert asyncio.run(main()) == 3


def test_without_a_database_nobody_is_kept_waiting() -> None:
    async def no_connection() -> psycopg.AsyncConnection:
        raise psycopg.OperationalError("nobody there")

    async def work(store: GroupCommit) -> list[Any]:
        first = await asyncio.gather(store.store(_delivery(1)), return_exceptions=True)
        return [*first, *await asyncio.gather(store.store(_delivery(2)), return_exceptions=True)]

    answers = _with_store(work, connect=no_connection)
    assert [type(answer) for answer in answers] == [StoreUnavailable, StoreUnavailable]


def test_a_cut_connection_is_replaced_and_the_batch_stored_once(
    committed_db: TestDatabase,
) -> None:
    async def work(store: GroupCommit) -> None:
        await store.store(_delivery(1))
        with psycopg.connect(committed_db.owner_url, autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND query LIKE '%messaging_inbound%'"
                " AND pid <> pg_backend_pid()"
            )
        await asyncio.gather(*(store.store(_delivery(number)) for number in range(2, 40)))

    _with_store(work)
    assert sorted(row[0] for row in stored(committed_db.owner_url)) == sorted(
        f"id-{number}" for number in range(1, 40)
    )


def test_a_database_that_cannot_write_is_a_reason_to_come_again(
    committed_db: TestDatabase,
) -> None:
    with psycopg.connect(committed_db.owner_url, autocommit=True) as owner:
        owner.execute(f"ALTER DATABASE {committed_db.name} SET default_transaction_read_only = on")

    async def work(store: GroupCommit) -> list[Any]:
        return await asyncio.gather(store.store(_delivery(1)), return_exceptions=True)

    assert [type(answer) for answer in _with_store(work)] == [StoreUnavailable]
