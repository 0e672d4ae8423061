"""The feed: every committed entry once, in order, whoever is late."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import psycopg
import pytest

from siaga.journal import following
from siaga.journal.following import Follower, Hint, Mark, TooFarBehind
from siaga.kernel.tasks import end_tasks
from siaga.kernel.types import RegionId
from tests.databases import TestDatabase
from tests.rooms.journal.entries import Writers, write
from tests.waiting import until

BANYUWANGI = RegionId("banyuwangi")


def _follow(work: Callable[[Follower, list[Hint]], Awaitable[Any]]) -> Any:
    async def main() -> Any:
        heard: list[Hint] = []
        follower = Follower(heard.extend)
        running = asyncio.create_task(follower.run())
        try:
            await follower.ready()
            return await work(follower, heard)
        finally:
            await end_tasks([running])
            await follower.aclose()

    return asyncio.run(main())


def test_eight_writers_at_once_and_nothing_is_missed_or_told_twice(
    committed_db: TestDatabase,
) -> None:
    writers = Writers(committed_db.app_url)

    async def work(follower: Follower, heard: list[Hint]) -> None:
        writers.start()
        await until(lambda: writers.done, 60)
        await until(lambda: len(heard) >= len(writers.written))

    heard: list[Hint] = []

    async def keep(follower: Follower, told: list[Hint]) -> None:
        await work(follower, told)
        heard.extend(told)

    _follow(keep)
    told = [hint.subjects[0] for hint in heard]
    assert len(told) == len(set(told)) == 400
    assert set(told) == set(writers.written)
    assert [hint.mark for hint in heard] == sorted(hint.mark for hint in heard)


def test_whoever_comes_back_gets_exactly_what_they_missed(committed_db: TestDatabase) -> None:
    writers = Writers(committed_db.app_url, each=10)

    async def work(follower: Follower, heard: list[Hint]) -> None:
        begin = follower.position
        writers.start()
        await until(lambda: writers.done and len(heard) >= 80, 60)
        own = [hint for hint in heard if hint.region_id == BANYUWANGI]
        for number in (0, 7, len(own) - 1):
            missed = await follower.since(BANYUWANGI, own[number].mark, limit=1_000)
            assert missed == own[number + 1 :]
        assert await follower.since(BANYUWANGI, begin, limit=1_000) == own

    _follow(work)


@pytest.fixture
def stranger(committed_db: TestDatabase) -> Iterator[None]:
    """Another test on this server is in the middle of something, as one mostly is."""
    elsewhere = psycopg.conninfo.make_conninfo(committed_db.owner_url, dbname="postgres")
    with psycopg.connect(elsewhere) as connection:
        connection.execute("SELECT pg_current_xact_id()")
        yield


def _last(database: TestDatabase) -> Mark:
    with psycopg.connect(database.owner_url) as connection:
        newest = "SELECT xid::text::bigint, seq FROM journal_entry ORDER BY xid DESC, seq DESC"
        row = connection.execute(f"{newest} LIMIT 1").fetchone()
    assert row is not None
    return Mark(*row)


@pytest.mark.usefixtures("stranger")
def test_what_is_older_than_memory_is_read_from_the_table(
    committed_db: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "RECENT_MAX", 3)
    begin = following.mark()
    with psycopg.connect(committed_db.app_url) as connection:
        subjects = []
        for _ in range(10):
            subjects.append(write(connection))
            connection.commit()
    last = _last(committed_db)

    async def work(follower: Follower, heard: list[Hint]) -> list[Hint]:
        await until(lambda: follower.position >= last)
        return await follower.since(BANYUWANGI, begin, limit=1_000)

    assert [hint.subjects[0] for hint in _follow(work)] == subjects


@pytest.mark.usefixtures("stranger")
def test_too_much_is_not_replayed(committed_db: TestDatabase) -> None:
    begin = following.mark()
    with psycopg.connect(committed_db.app_url) as connection:
        for _ in range(4):
            write(connection)
    last = _last(committed_db)

    async def work(follower: Follower, heard: list[Hint]) -> None:
        await until(lambda: follower.position >= last)
        with pytest.raises(TooFarBehind):
            await follower.since(BANYUWANGI, begin, limit=3)
        assert len(await follower.since(BANYUWANGI, begin, limit=4)) == 4

    _follow(work)


def test_a_mark_of_another_database_means_to_begin_anew(committed_db: TestDatabase) -> None:
    async def work(follower: Follower, heard: list[Hint]) -> None:
        with pytest.raises(TooFarBehind):
            await follower.since(BANYUWANGI, Mark(2**60, 1), limit=10)

    _follow(work)


def test_an_older_open_transaction_holds_the_feed_back_and_is_told_of(
    committed_db: TestDatabase,
) -> None:
    async def work(follower: Follower, heard: list[Hint]) -> None:
        with (
            psycopg.connect(committed_db.app_url) as slow,
            psycopg.connect(committed_db.app_url) as quick,
        ):
            first = write(slow)
            second = write(quick)
            quick.commit()
            await until(lambda: follower.held_back_seconds > 0)
            assert heard == []
            slow.commit()
            await until(lambda: len(heard) == 2)
            assert [hint.subjects[0] for hint in heard] == [first, second]
            await until(lambda: follower.held_back_seconds == 0)

    _follow(work)


def test_a_long_transaction_of_another_database_holds_nothing_back(
    committed_db: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "RECENT_MAX", 1)
    elsewhere = psycopg.conninfo.make_conninfo(committed_db.owner_url, dbname="postgres")

    async def work(follower: Follower, heard: list[Hint]) -> None:
        begin = follower.position
        with (
            psycopg.connect(elsewhere) as stranger,
            psycopg.connect(committed_db.app_url) as connection,
        ):
            stranger.execute("SELECT pg_current_xact_id()")
            subjects = []
            for _ in range(5):
                subjects.append(write(connection))
                connection.commit()
                await until(lambda: len(heard) == len(subjects))
            assert [hint.subjects[0] for hint in heard] == subjects
            missed = await follower.since(BANYUWANGI, begin, limit=100)
            assert [hint.subjects[0] for hint in missed] == subjects
            stranger.rollback()

    _follow(work)


def test_a_lost_connection_costs_nothing_but_time(committed_db: TestDatabase) -> None:
    async def work(follower: Follower, heard: list[Hint]) -> None:
        with psycopg.connect(committed_db.owner_url, autocommit=True) as owner:
            owner.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        with psycopg.connect(committed_db.app_url) as connection:
            subject = write(connection)
        await until(lambda: heard)
        assert [hint.subjects[0] for hint in heard] == [subject]

    _follow(work)


@pytest.mark.usefixtures("stranger")
def test_what_commits_after_the_mark_comes_after_the_mark(committed_db: TestDatabase) -> None:
    with psycopg.connect(committed_db.app_url) as connection:
        write(connection)
        connection.commit()
        mark = following.mark()
        later = write(connection)
        connection.commit()
    last = _last(committed_db)

    async def work(follower: Follower, heard: list[Hint]) -> list[Hint]:
        await until(lambda: follower.position >= last)
        return await follower.since(BANYUWANGI, mark, limit=10)

    # What was written shortly before may come again; what came after certainly comes.
    assert _follow(work)[-1].subjects[0] == later


def test_a_mark_is_read_as_it_was_written_and_nonsense_is_none() -> None:
    assert Mark.parse("12-34") == Mark(12, 34)
    assert str(Mark(12, 34)) == "12-34"
    for nonsense in (None, "", "12", "12-", "-1-2", "1-2-3", "a-b", f"1-{2**63}", "9" * 30 + "-1"):
        assert Mark.parse(nonsense) is None
