"""How many signed webhook bodies per second are on disk and answered, beside pgbench.

The limit is pgbench inserting single rows into the same table with 64 clients, on the same server
with the same durability, as the superuser (no row-level security). Both run in turns.
"""

import asyncio
import hashlib
import hmac
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import uvloop

from benches.harness import Line, Options, Stand, bench, median, percentile
from siaga.kernel.postgres.binaries import find_binaries
from siaga.kernel.postgres.provision import OWNER

REGION = "banyuwangi"
SECRET = "bench-app-secret"
CLIENTS = 64
BODY_BYTES = 680
# As many as could be answered in the time, so that none is sent twice.
PER_SECOND_MAX = 12_000
WARM_UP_SECONDS = 1.0

_ROW = """\\set i random(1, 9000000000000000)
INSERT INTO messaging_inbound (region_id, door, external_id, body, request_id)
VALUES ('banyuwangi', 'pgbench', md5(:i::bigint::text) || md5((:i::bigint + 1)::text),
    decode(repeat('ab', 680), 'hex'), 'bench');
"""


@bench("intake")
def intake(stand: Stand, options: Options) -> Iterator[Line]:
    """Durable deliveries per second, and their latency."""
    clients = options.clients or CLIENTS
    _write_secrets(stand)
    url = stand.start_door("edge")
    _load(url, clients, WARM_UP_SECONDS)
    rows, limits, values, slowest, middle = [], [], [], [], []
    for _ in range(options.repeats):
        limits.append(_pgbench(stand, clients, options.seconds))
        _empty(stand)
        result = _load(url, clients, options.seconds)
        stored = _stored(stand)
        if stored != result["answered"]:
            raise RuntimeError(f"{result['answered']} answered 200, {stored} stored: {result}")
        rows.append(stored)
        values.append(result["per_second"])
        middle.append(result["p50"])
        slowest.append(result["p99"])
    yield Line(
        bench="intake", value=median(values), unit="deliveries/s", limit=median(limits),
        n=options.repeats,
        details={
            "p50_ms": round(median(middle), 1), "p99_ms": round(median(slowest), 1),
            "clients": clients, "body_bytes": BODY_BYTES, "values": [round(v) for v in values],
            "limits": [round(v) for v in limits], "stored": sum(rows), "lost": 0,
        },
    )  # fmt: skip


def _write_secrets(stand: Stand) -> None:
    path = stand.home / "secrets.toml"
    path.write_text(
        f'[whatsapp.{REGION}]\napp_secret = "{SECRET}"\nverify_token = "bench"\n'
        'phone_number_id = "1"\naccess_token = "bench"\n'
    )
    path.chmod(0o600)


def _empty(stand: Stand) -> None:
    with stand.connect_as_owner() as connection:
        connection.execute("TRUNCATE messaging_inbound")
        connection.execute("CHECKPOINT")


def _stored(stand: Stand) -> int:
    with stand.connect_as_owner() as connection:
        row = connection.execute("SELECT count(*) FROM messaging_inbound").fetchone()
    return int(row[0]) if row else 0


def _pgbench(stand: Stand, clients: int, seconds: float) -> float:
    _empty(stand)
    script = stand.home / "row.sql"
    script.write_text(_ROW)
    ran = subprocess.run(
        [
            find_binaries().program("pgbench"), "--no-vacuum", "--protocol=prepared",
            f"--file={script}", f"--client={clients}", "--jobs=2", f"--time={max(1, int(seconds))}",
            stand.url(OWNER),
        ],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = re.search(r"tps = ([\d.]+)", ran.stdout)
    if found is None:
        raise RuntimeError(ran.stdout + ran.stderr)
    return float(found[1])


def _load(url: str, clients: int, seconds: float) -> dict[str, Any]:
    command = [sys.executable, "-m", "benches.intake", url, str(clients), str(seconds)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ)
    result: dict[str, Any] = json.loads(ran.stdout)
    return result


def signed_request(host: str, number: int) -> bytes:
    """A whole POST with a body of its own, signed."""
    start = b'{"object":"whatsapp_business_account","entry":[{"id":"%d-%d","changes":[{"x":"' % (
        os.getpid(),
        number,
    )
    body = start + b"y" * (BODY_BYTES - len(start) - 6) + b'"}]}]}'
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    head = (
        f"POST /in/whatsapp/{REGION} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        f"X-Hub-Signature-256: sha256={signature}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class _Sender(asyncio.Protocol):
    """One connection that sends the next request as soon as the last is answered."""

    def __init__(self, run: "_Run") -> None:
        self._run = run
        self._answer = b""
        self._sent_at = 0.0

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        self._answer += data
        head, blank, body = self._answer.partition(b"\r\n\r\n")
        # Ours always say their length; a sentence ends with a line feed.
        if not blank or not body.endswith(b"\n"):
            return
        self._run.note(head, time.perf_counter() - self._sent_at)
        self._answer = b""
        self._next()

    def connection_lost(self, error: Exception | None) -> None:
        self._run.leave()

    def _next(self) -> None:
        request = self._run.next_request()
        if request is None:
            self._transport.close()
            return
        self._sent_at = time.perf_counter()
        self._transport.write(request)


class _Run:
    """What all connections of one load share."""

    def __init__(self, requests: list[bytes], clients: int) -> None:
        self._requests = requests
        self._clients = clients
        self.until = 0.0
        self.over = asyncio.Event()
        self.seconds: list[float] = []
        self.refused = 0

    def next_request(self) -> bytes | None:
        if time.perf_counter() >= self.until or not self._requests:
            return None
        return self._requests.pop()

    def note(self, head: bytes, seconds: float) -> None:
        if head.startswith(b"HTTP/1.1 200 "):
            self.seconds.append(seconds)
        else:
            self.refused += 1

    def leave(self) -> None:
        self._clients -= 1
        if self._clients == 0:
            self.over.set()


async def _drive(url: str, clients: int, seconds: float) -> dict[str, Any]:
    place = urlsplit(url)
    made = [signed_request(place.netloc, number) for number in range(int(seconds * PER_SECOND_MAX))]
    run = _Run(made, clients)
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    run.until = began + seconds
    for _ in range(clients):
        await loop.create_connection(lambda: _Sender(run), place.hostname or "", place.port or 0)
    await run.over.wait()
    took = time.perf_counter() - began
    return {
        "answered": len(run.seconds),
        "refused": run.refused,
        "per_second": len(run.seconds) / took,
        "p50": percentile(run.seconds, 50) * 1000,
        "p99": percentile(run.seconds, 99) * 1000,
        "ran_out": not run._requests,
    }


if __name__ == "__main__":
    asked, wanted_clients, wanted_seconds = sys.argv[1:4]
    print(json.dumps(uvloop.run(_drive(asked, int(wanted_clients), float(wanted_seconds)))))
