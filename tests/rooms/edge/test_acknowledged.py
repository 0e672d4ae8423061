"""What was answered 200 is stored, exactly once, though every database process is killed."""

import asyncio
import hashlib
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from siaga.kernel.postgres import EmbeddedServer
from siaga.kernel.postgres.provision import DATABASE, OWNER
from tests.embedded import environment, migrated_server
from tests.rooms.edge.doors import Door, open_door, signature, stored
from tests.waiting import until, wait_until

CLIENTS = 32


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedServer]:
    """A durable server of this test's own, migrated."""
    home = tmp_path / "home"
    home.mkdir()
    with migrated_server(home) as server:
        yield server


class Senders:
    """Many senders that never stop, and what they were answered."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self.acknowledged: list[str] = []
        self.statuses: Counter[int] = Counter()
        self.stopping = False

    async def run(self) -> None:
        """Until `stopping`."""
        await asyncio.gather(*(self._send(number) for number in range(CLIENTS)))

    async def _send(self, sender: int) -> None:
        count = 0
        while not self.stopping:
            reader, writer = await asyncio.open_connection("127.0.0.1", self._door.port)
            try:
                while not self.stopping:
                    count += 1
                    await self._one(reader, writer, b'{"sender":%d,"n":%d}' % (sender, count))
            except (ConnectionError, asyncio.IncompleteReadError):
                self.statuses[0] += 1
            finally:
                writer.close()

    async def _one(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, body: bytes
    ) -> None:
        writer.write(
            b"POST /in/whatsapp/banyuwangi HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n"
            b"X-Hub-Signature-256: %s\r\n\r\n%s" % (len(body), signature(body).encode(), body)
        )
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r")[0])
        await reader.readexactly(length)
        status = int(head.split(b" ")[1])
        self.statuses[status] += 1
        if status == 200:
            self.acknowledged.append(hashlib.sha256(body).hexdigest())
        else:
            assert b"retry-after: " in head.lower()


def _kill_all(server: EmbeddedServer) -> None:
    postmaster = psutil.Process(int((server.data / "postmaster.pid").read_text().split()[0]))
    for process in [postmaster, *postmaster.children(recursive=True)]:
        process.send_signal(signal.SIGKILL)


@pytest.mark.timeout(180)
def test_every_200_is_stored_exactly_once_through_a_kill(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async def main(door: Door) -> Senders:
        senders = Senders(door)
        running = asyncio.create_task(senders.run())
        await until(lambda: len(senders.acknowledged) > 500, 60)
        await asyncio.to_thread(_kill_all, server)
        await until(lambda: senders.statuses[503] > 0, 30)
        before = len(senders.acknowledged)
        # The edge starts the server again, and goes on by itself.
        await until(lambda: len(senders.acknowledged) > before + 200, 60)
        senders.stopping = True
        await running
        return senders

    with open_door(tmp_path, environment(tmp_path / "home")) as door:
        senders = asyncio.run(main(door))
    wait_until(lambda: server.ensure_running() or True)
    kept = Counter(identifier for identifier, _ in stored(server.url(DATABASE, OWNER)))
    assert set(senders.acknowledged) <= kept.keys()
    assert set(kept.values()) == {1}
    assert set(senders.statuses) <= {200, 503, 0}
