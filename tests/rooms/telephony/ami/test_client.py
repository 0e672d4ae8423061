"""The client against a manager that behaves, refuses, falls silent and hangs up."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

import pytest

from siaga.telephony.ami import client as module
from siaga.telephony.ami.client import AmiClient, AmiError, Login
from siaga.telephony.ami.wire import BadField, Message, decode, one
from tests.waiting import until

BANNER = b"Asterisk Call Manager/9.0.0\r\n"
BOOTED = b"Event: FullyBooted\r\n\r\n"
WAIT_SECONDS = 10.0


class Manager:
    """A little Asterisk manager; `answers` says what to reply to an action."""

    def __init__(self) -> None:
        self.answers: dict[str, Callable[[Message], bytes]] = {}
        self.heard: list[Message] = []
        self.logins = 0
        self.writers: list[asyncio.StreamWriter] = []
        self.silent = False
        self.booted = True

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        writer.write(BANNER)
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                message = decode((await reader.readuntil(b"\r\n\r\n"))[:-4])
                self.heard.append(message)
                if not self.silent:
                    writer.write(self.answer(message))

    def answer(self, message: Message) -> bytes:
        action = one(message, "Action")
        if action == "Login":
            self.logins += 1
        given = self.answers.get(action)
        fine = given(message) if given else said(message, "Response: Success")
        return fine + BOOTED if action == "Login" and self.booted else fine

    def say(self, *lines: str) -> None:
        self.writers[-1].write("\r\n".join(lines).encode() + b"\r\n\r\n")

    def hang_up(self) -> None:
        self.writers[-1].transport.abort()


def said(to: Message, *lines: str) -> bytes:
    return "\r\n".join([*lines, f"ActionID: {one(to, 'ActionID')}"]).encode() + b"\r\n\r\n"


def refused(message: Message) -> bytes:
    return said(message, "Response: Error", "Message: No such queue")


def members(message: Message) -> bytes:
    return (
        said(message, "Response: Success", "EventList: start")
        + b"Event: Newchannel\r\nChannel: in between\r\n\r\n"
        + said(message, "Event: QueueMember", "Name: p1")
        + said(message, "Event: QueueMember", "Name: p2")
        + said(message, "Event: QueueStatusComplete", "EventList: Complete")
    )


class Stage:
    """A connected client; what it heard is in `events`."""

    def __init__(self, manager: Manager) -> None:
        self.manager, self.events, self.ready = manager, [], 0
        self.client: AmiClient

    async def rebuilt(self) -> None:
        self.ready += 1

    def hears(self, message: Message, at: datetime) -> None:
        self.events.append(message)
        if one(message, "Event") == "Odd":
            raise RuntimeError("nobody understands this")


def on_stage(play: Callable[[Stage], Awaitable[None]]) -> None:
    async def run() -> None:
        stage = Stage(Manager())
        server = await asyncio.start_server(stage.manager.serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        login = Login(host="127.0.0.1", port=port, username="siaga", secret="s3cret")
        stage.client = AmiClient(login, on_event=stage.hears, on_ready=stage.rebuilt)
        running = asyncio.create_task(stage.client.run())
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await stage.client.online.wait()
                await play(stage)
        finally:
            running.cancel()
            server.close()

    asyncio.run(run())


def test_an_action_is_answered_and_a_refusal_says_why() -> None:
    async def play(stage: Stage) -> None:
        assert one(await stage.client.act("Ping"), "Response") == "Success"
        stage.manager.answers["QueueRemove"] = refused
        with pytest.raises(AmiError, match="No such queue"):
            await stage.client.act("QueueRemove", Queue="112")

    on_stage(play)


def test_a_list_is_whole_and_what_happens_meanwhile_is_an_event() -> None:
    async def play(stage: Stage) -> None:
        stage.manager.answers["QueueStatus"] = members
        found = await stage.client.ask("QueueStatus")
        assert [one(item, "Name") for item in found] == ["p1", "p2"]
        assert [one(event, "Channel") for event in stage.events] == ["in between"]

    on_stage(play)


def test_events_keep_their_order_and_an_odd_one_stops_nothing() -> None:
    async def play(stage: Stage) -> None:
        for name in ("One", "Odd", "Two"):
            stage.manager.say(f"Event: {name}")
        await until(lambda: len(stage.events) == 3, WAIT_SECONDS)
        assert [one(event, "Event") for event in stage.events] == ["One", "Odd", "Two"]

    on_stage(play)


def test_a_lost_line_comes_back_is_rebuilt_and_no_action_is_sent_twice() -> None:
    async def play(stage: Stage) -> None:
        stage.manager.silent = True
        asked = asyncio.create_task(stage.client.act("Originate", Channel="PJSIP/x"))
        await until(lambda: len(stage.manager.heard) >= 2, WAIT_SECONDS)
        stage.manager.silent = False
        stage.manager.hang_up()
        with pytest.raises(AmiError, match="unknown"):
            await asked
        await until(lambda: stage.ready == 2, WAIT_SECONDS)
        said_twice = [one(message, "Action") for message in stage.manager.heard]
        assert said_twice.count("Originate") == 1
        assert one(await stage.client.act("Ping"), "Response") == "Success"

    on_stage(play)


def test_an_action_written_into_a_breaking_line_is_told_so() -> None:
    async def play(stage: Stage) -> None:
        line = stage.client._writer
        assert line is not None
        line.transport.abort()
        await asyncio.sleep(0)
        with pytest.raises(AmiError, match="unknown"):
            await stage.client.act("Ping")
        await until(lambda: stage.ready == 2, WAIT_SECONDS)

    on_stage(play)


def test_an_asterisk_that_is_still_waking_is_awaited_before_it_is_asked() -> None:
    async def play(stage: Stage) -> None:
        stage.manager.booted = False
        stage.manager.hang_up()
        await until(lambda: stage.manager.logins == 2, WAIT_SECONDS)
        stage.manager.say("Event: Newchannel", "Channel: early")
        await until(lambda: bool(stage.events), WAIT_SECONDS)
        assert stage.ready == 1 and not stage.client.online.is_set()
        stage.manager.say("Event: FullyBooted")
        await stage.client.online.wait()
        assert stage.ready == 2

    on_stage(play)


def test_an_open_line_on_which_nobody_answers_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PING_SECONDS", 0.05)
    monkeypatch.setattr(module, "ANSWER_SECONDS", 0.2)

    async def play(stage: Stage) -> None:
        stage.manager.silent = True
        await until(lambda: len(stage.manager.writers) >= 2, WAIT_SECONDS)
        stage.manager.silent = False
        await until(lambda: stage.ready >= 2, WAIT_SECONDS)

    on_stage(play)


def test_while_nobody_is_there_an_action_fails_at_once() -> None:
    async def play() -> None:
        login = Login(host="127.0.0.1", port=1, username="siaga", secret="s3cret")
        client = AmiClient(login, on_event=lambda *_: None, on_ready=_nothing)
        with pytest.raises(AmiError, match="not connected"):
            await client.act("Ping")

    asyncio.run(play())


def test_an_injected_command_is_refused_before_it_is_sent() -> None:
    async def play(stage: Stage) -> None:
        heard = len(stage.manager.heard)
        with pytest.raises(BadField):
            await stage.client.act("DBPut", Val="1\r\n\r\nAction: Originate")
        assert len(stage.manager.heard) == heard

    on_stage(play)


def test_the_secret_is_in_no_text() -> None:
    login: Any = Login(host="h", port=1, username="siaga", secret="s3cret")
    assert "s3cret" not in repr(login)


async def _nothing() -> None:
    return None
