import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from itertools import count
from uuid import UUID

import pytest

from siaga.kernel.types import RegionId
from siaga.telephony.hearing import door as doors
from siaga.telephony.hearing.choosing import Caller, Desk, Listen
from siaga.telephony.hearing.door import STRANGERS_MAX, Door
from siaga.telephony.hearing.judging import Verdict
from siaga.telephony.hearing.wire import GOODBYE
from tests.waiting import until

WINDOW = 512
SPEECH, QUIET = b"\x01" * WINDOW, bytes(WINDOW)


class Ears:
    """A detector for which a byte 1 is speech; `kept` must be empty for the next stream."""

    def __init__(self) -> None:
        self.kept = b""

    def likelihoods(self, audio: bytes) -> Iterator[float]:
        self.kept += audio
        while len(self.kept) >= WINDOW:
            yield float(self.kept[0])
            self.kept = self.kept[WINDOW:]

    def forget(self) -> None:
        self.kept = b""


def frame(kind: int, content: bytes = b"") -> bytes:
    return bytes([kind]) + len(content).to_bytes(2, "big") + content


def now() -> float:
    return asyncio.get_running_loop().time()


class Stage:
    """A door with somebody behind whom we listen to."""

    def __init__(self, at_once: int = 2) -> None:
        self.desk, self.made = Desk(at_once), []
        self.door = Door(self.desk, self._ears)
        self.names = (UUID(int=number) for number in count(1))

    def _ears(self) -> Ears:
        self.made.append(Ears())
        return self.made[-1]

    def wants(self, key: str) -> UUID:
        """Somebody talks; the name under which the voice will come."""
        self.desk.arrived(
            Caller(unique_id=key, linked_id=key, channel=key, region=RegionId("utara"))
        )
        self.desk.talks(key)
        [order] = self.desk.orders(now(), self.names)
        assert isinstance(order, Listen)
        return order.name

    async def comes(self, *data: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.door.port)
        writer.write(b"".join(data))
        return reader, writer


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    one = Stage()
    await one.door.open()
    try:
        yield one
    finally:
        one.door.close()


def play(scene: Callable[[Stage], Awaitable[None]]) -> None:
    async def whole() -> None:
        async with asyncio.timeout(10), stage() as one:
            await scene(one)

    asyncio.run(whole())


def test_a_voice_is_judged_and_the_next_caller_is_heard_by_the_same_ears() -> None:
    async def scene(on: Stage) -> None:
        for key in ("1", "2"):
            name = on.wants(key)
            _, writer = await on.comes(
                frame(1, name.bytes), frame(16, SPEECH * 8), frame(16, b"xx")
            )
            await until(lambda name=name: on.desk.listenings[name].judgement is not None)
            await until(lambda name=name: on.desk.listenings[name].judgement.heard)
            writer.close()
            await until(lambda: not on.desk.listenings)
        assert [ears.kept for ears in on.made] == [b""]

    play(scene)


def test_no_sound_is_no_voice() -> None:
    async def scene(on: Stage) -> None:
        name = on.wants("1")
        _, writer = await on.comes(frame(1, name.bytes), frame(16, QUIET * 8))
        await until(lambda: on.desk.listenings[name].judgement is not None)
        orders = on.desk.orders(now() + 7, on.names)
        assert [one.verdict for one in orders if hasattr(one, "verdict")] == [Verdict.UNHEARD]
        writer.close()

    play(scene)


def test_who_is_dropped_is_told_goodbye() -> None:
    async def scene(on: Stage) -> None:
        name = on.wants("1")
        reader, writer = await on.comes(frame(1, name.bytes))
        await until(lambda: on.desk.listenings[name].judgement is not None)
        on.door.drop(name)
        assert await reader.read() == GOODBYE
        writer.close()

    play(scene)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GET / HTTP/1.1\r\n\r\n",
        frame(16, QUIET),
        frame(1, UUID(int=99).bytes),
        b"\x01\x00\x10",
    ],
)
def test_strangers_are_turned_away_and_others_go_on(
    data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "NAME_SECONDS", 0.1)

    async def scene(on: Stage) -> None:
        name = on.wants("1")
        _, ours = await on.comes(frame(1, name.bytes))
        await until(lambda: on.desk.listenings[name].judgement is not None)
        reader, stranger = await on.comes(data)
        assert await reader.read() == b""
        ours.write(frame(16, SPEECH * 8))
        await until(lambda: on.desk.listenings[name].judgement.heard)
        for one in (ours, stranger):
            one.close()

    play(scene)


def test_nonsense_in_the_middle_ends_that_one_connection() -> None:
    async def scene(on: Stage) -> None:
        first, second = on.wants("1"), on.wants("2")
        reader, bad = await on.comes(frame(1, first.bytes))
        _, good = await on.comes(frame(1, second.bytes))
        await until(lambda: all(one.judgement for one in on.desk.listenings.values()))
        bad.write(frame(16, QUIET * 3)[:-1] + b"\xff\xff")
        bad.write(b"\xaa" * 100)
        assert await reader.read() == b""
        await until(lambda: list(on.desk.listenings) == [second])
        for one in (bad, good):
            one.close()

    play(scene)


def test_a_crowd_of_strangers_is_not_let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "NAME_SECONDS", 60)

    async def scene(on: Stage) -> None:
        crowd = [await on.comes() for _ in range(on.desk.at_once + STRANGERS_MAX)]
        reader, late = await on.comes()
        assert await reader.read() == b""
        for _, writer in [*crowd, (reader, late)]:
            writer.close()

    play(scene)
