"""Live streams over real sockets: who hears what, and that nothing is lost on the way."""

import asyncio
import random
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from uuid import UUID

import psycopg
import pytest
from django.db import connection, connections

from siaga.accounts import services as accounts
from siaga.journal import following
from siaga.journal.types import Actor
from siaga.kernel import clock
from siaga.kernel.ids import new_id
from tests import cast
from tests.databases import TestDatabase
from tests.rooms.edge.doors import Door
from tests.rooms.edge.listening import Listener, listen, session_of
from tests.rooms.journal.entries import Writers, write
from tests.waiting import until

STREAM = "/live/banyuwangi"


@dataclass(frozen=True)
class Stage:
    """The cast's sessions, in the database that the edge uses."""

    db: TestDatabase
    sari: str
    tono: str

    def happen(self, region: str = "banyuwangi", subjects: tuple[UUID, ...] = ()) -> UUID:
        """Something happens and is committed."""
        with psycopg.connect(self.db.app_url) as own:
            own.execute("NOTIFY siaga_journal")
            return write(own, region, subjects=subjects)


@pytest.fixture(scope="module")
def stage(edge_db: TestDatabase, django_db_blocker: pytest.Item) -> Iterator[Stage]:
    """Sari of Banyuwangi and Tono of Jombang are signed in."""
    former = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        connections.close_all()
        connection.settings_dict["NAME"] = edge_db.name
        try:
            now = clock.now()
            sari, tono = cast.enter("sari", now), cast.enter("tono", now)
            yield Stage(edge_db, session_of(sari)[0], session_of(tono)[0])
        finally:
            connections.close_all()
            connection.settings_dict["NAME"] = former


def test_a_hint_says_what_happened_and_to_what(edge: Door, stage: Stage) -> None:
    async def main() -> None:
        async with listen(edge.port, STREAM, cookie=stage.sari) as sari:
            subject = await asyncio.to_thread(stage.happen)
            await until(lambda: subject in sari.heard())
            # A sign-in of the stage's own may come as late as this.
            [data] = [one[2] for one in sari.events if one[2].get("subjects") == [str(subject)]]
            assert set(data) == {"name", "subjects", "at"}
            assert (data["name"], data["subjects"]) == ("test.happened", [str(subject)])
            assert sari.kinds()[0] == "open"

    asyncio.run(main())


def phones(listener: Listener) -> list[tuple[str, dict[str, object]]]:
    return [(mark, data) for mark, _, data in listener.events if data.get("name") == "phone"]


def test_a_new_picture_of_the_telephone_is_told_to_its_region_and_has_no_place_in_the_feed(
    edge: Door, stage: Stage
) -> None:
    def changed(region: str) -> None:
        with psycopg.connect(stage.db.app_url, autocommit=True) as own:
            own.execute("SELECT pg_notify('siaga_phone', %s)", [region])

    async def main() -> None:
        async with (
            listen(edge.port, STREAM, cookie=stage.sari) as sari,
            listen(edge.port, "/live/jombang", cookie=stage.tono) as tono,
        ):
            await asyncio.to_thread(changed, "banyuwangi")
            await until(lambda: phones(sari))
            [(mark, data)] = phones(sari)
            assert mark in {one[0] for one in sari.events if one[2].get("name") != "phone"}
            assert (data["name"], data["subjects"]) == ("phone", [])
            await asyncio.to_thread(changed, "jombang")
            await until(lambda: phones(tono))
            assert len(phones(sari)) == 1

    asyncio.run(main())


def test_no_region_hears_another(edge: Door, stage: Stage) -> None:
    async def main() -> None:
        async with (
            listen(edge.port, STREAM, cookie=stage.sari) as sari,
            listen(edge.port, "/live/jombang", cookie=stage.tono) as tono,
        ):
            here = await asyncio.to_thread(stage.happen, "banyuwangi")
            there = await asyncio.to_thread(stage.happen, "jombang")
            await until(lambda: here in sari.heard() and there in tono.heard())
            assert there not in sari.heard()
            assert here not in tono.heard()

    asyncio.run(main())


def test_who_is_let_in(edge: Door, stage: Stage) -> None:
    async def status(path: str, cookie: str = "") -> int:
        async with listen(edge.port, path, cookie=cookie) as listener:
            return listener.status

    async def main() -> list[int]:
        return [
            await status(STREAM),
            await status(STREAM, "no-such-session"),
            await status(STREAM, stage.tono),
            await status("/live/jombang", stage.tono),
            await status("/live/UPPER", stage.sari),
            await status("/live/", stage.sari),
            await status(STREAM + "?track=K7QM-3F9T-XW2D-04HN"),
            await status(STREAM + "?track=' OR 1=1"),
        ]

    assert asyncio.run(main()) == [401, 401, 403, 200, 404, 404, 404, 400]


def test_coming_and_going_loses_nothing_and_repeats_nothing(edge: Door, stage: Stage) -> None:
    writers = Writers(stage.db.app_url, each=30)
    chance = random.Random(1)

    async def come_and_go(mark: str, enough: int) -> list[UUID]:
        heard: list[UUID] = []
        while missing := enough - len(heard):
            async with listen(edge.port, STREAM, cookie=stage.sari, last_id=mark) as listener:
                await until(partial(_has_heard, listener, min(chance.randint(1, 12), missing)))
                assert "resync" not in listener.kinds()
                heard += listener.heard()[:missing]
                mark = listener.last_id
        return heard

    async def main() -> None:
        async with listen(edge.port, STREAM, cookie=stage.sari) as first:
            start = first.last_id
        writers.start()
        # The same seed writes as many for this region each time.
        results = await asyncio.gather(*(come_and_go(start, 100) for _ in range(4)))
        await until(lambda: writers.done)
        own = await asyncio.to_thread(_subjects_since, stage, start)
        assert len(own) > 100
        for heard in results:
            assert heard == own[: len(heard)]

    asyncio.run(main())


def _has_heard(listener: Listener, count: int) -> bool:
    return len(listener.heard()) >= count


def _subjects_since(stage: Stage, mark: str) -> list[UUID]:
    after = following.Mark.parse(mark)
    assert after is not None
    with psycopg.connect(stage.db.owner_url) as own:
        rows = own.execute(
            "SELECT subjects[1] FROM journal_entry WHERE region_id = 'banyuwangi'"
            " AND (xid, seq) > (%s::text::xid8, %s) ORDER BY xid, seq",
            (str(after.xid), after.seq),
        ).fetchall()
    return [row[0] for row in rows]


def test_whoever_missed_too_much_is_told_to_load_anew(edge: Door, stage: Stage) -> None:
    async def main() -> None:
        def busy() -> None:
            with psycopg.connect(stage.db.app_url) as own:
                for _ in range(310):
                    write(own)

        async with listen(edge.port, STREAM, cookie=stage.sari) as first:
            mark = first.last_id
            await asyncio.to_thread(busy)
            await until(lambda: len(first.heard()) >= 310)
        async with listen(edge.port, STREAM, cookie=stage.sari, last_id=mark) as late:
            assert late.kinds() == ["resync"]
            subject = await asyncio.to_thread(stage.happen)
            await until(lambda: subject in late.heard())

    asyncio.run(main())


def test_the_mark_of_a_page_joins_picture_and_stream(edge: Door, stage: Stage) -> None:
    mark = following.mark()
    subject = stage.happen()

    async def main() -> None:
        async with listen(edge.port, f"{STREAM}?after={mark}", cookie=stage.sari) as listener:
            await until(lambda: listener.heard() == [subject])

    asyncio.run(main())


def test_signs_of_life_come_when_nothing_happens(edge: Door, stage: Stage) -> None:
    async def main() -> None:
        async with listen(edge.port, STREAM, cookie=stage.sari) as listener:
            await until(lambda: listener.comments >= 2)

    asyncio.run(main())


def test_a_client_that_does_not_read_is_cut_and_may_come_back(edge: Door, stage: Stage) -> None:
    subjects = tuple(new_id() for _ in range(1_000))

    async def main() -> None:
        async with listen(edge.port, STREAM, cookie=stage.sari) as quick:
            narrow = socket.socket()
            narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            narrow.connect(("127.0.0.1", edge.port))
            reader, writer = await asyncio.open_connection(sock=narrow, limit=1_000)
            request = f"GET {STREAM} HTTP/1.0\r\nHost: x\r\nCookie: sessionid={stage.sari}\r\n\r\n"
            writer.write(request.encode())
            await reader.readuntil(b"\r\n\r\n")
            writer.transport.pause_reading()
            cut = 'siaga_live_cut_total{reason="slow"} '
            told = 0
            for _ in range(2_000):
                await asyncio.to_thread(stage.happen, "banyuwangi", subjects)
                told += 1
                if told % 20 == 0 and cut in await asyncio.to_thread(_metrics, edge):
                    break
            else:
                pytest.fail("it was never cut")
            await until(lambda: len(quick.heard()) >= told)
            assert not quick.closed
            writer.transport.abort()

    asyncio.run(main())


def _metrics(edge: Door) -> str:
    return edge.get("/metrics").text


def test_ending_a_session_ends_its_streams(edge: Door, stage: Stage) -> None:
    now = clock.now()
    dewi = cast.enter("dewi", now)
    cookie, _ = session_of(dewi)

    async def main() -> None:
        async with (
            listen(edge.port, STREAM, cookie=cookie) as listener,
            listen(edge.port, STREAM, cookie=stage.sari) as sari,
        ):
            await asyncio.to_thread(end)
            await until(lambda: listener.closed)
            assert listener.kinds()[-1] == "signed-out"
            assert not sari.closed

    def end() -> None:
        accounts.end_sessions(
            person_id=dewi.person_id, by=Actor.person(dewi.person_id), now=clock.now()
        )
        connections.close_all()

    asyncio.run(main())


def test_one_browser_cannot_take_all_the_streams(edge: Door, stage: Stage) -> None:
    async def main() -> list[int]:
        async with asyncio.TaskGroup() as tasks:
            opened = [tasks.create_task(one()) for _ in range(14)]
        return sorted(task.result() for task in opened)

    gate = asyncio.Event()
    waiting = 0

    async def one() -> int:
        nonlocal waiting
        async with listen(edge.port, "/live/jombang", cookie=stage.tono) as listener:
            waiting += 1
            if waiting == 14:
                gate.set()
            await gate.wait()
            return listener.status

    assert asyncio.run(main()) == [200] * 12 + [503] * 2
