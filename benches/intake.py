"""How many signed webhook bodies per second are on disk and answered, beside pgbench.

The limit is pgbench inserting single rows into the same table with 64 clients, on the same server
with the same durability, as the superuser (no row-level security). Both run in turns.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from benches._senders import BODY_BYTES, REGION, SECRET
from benches.harness import Line, Options, Stand, bench, median
from siaga.kernel.postgres.binaries import find_binaries
from siaga.kernel.postgres.provision import OWNER

CLIENTS = 64
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
    command = [sys.executable, "-m", "benches._senders", url, str(clients), str(seconds)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ)
    result: dict[str, Any] = json.loads(ran.stdout)
    return result
