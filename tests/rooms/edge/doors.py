"""Real doors for tests: `siaga edge` in a process of its own, and small clients that misbehave."""

import asyncio
import contextlib
import hashlib
import hmac
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg

from tests.waiting import wait_until

REGION = "banyuwangi"
SECRET = "a-secret-of-the-app"
VERIFY = "a-verify-token"
PORT_TOLD = re.compile(rb"running on http://127\.0\.0\.1:(\d+)")


@dataclass(frozen=True)
class Door:
    """A running edge."""

    url: str
    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def get(self, path: str, **more: Any) -> httpx.Response:
        """An ordinary GET."""
        return httpx.get(self.url + path, timeout=10, **more)

    def deliver(self, body: bytes, region: str = REGION, **headers: str) -> httpx.Response:
        """A signed webhook, as the provider sends it."""
        return httpx.post(
            f"{self.url}/in/whatsapp/{region}",
            content=body,
            headers={"X-Hub-Signature-256": signature(body), **headers},
            timeout=20,
        )


def signature(body: bytes, secret: str = SECRET) -> str:
    """The provider's signature of a body."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def write_secrets(folder: Path, *regions: str) -> Path:
    """A secrets file with an account for each of these regions."""
    path = folder / "secrets.toml"
    path.write_text(
        "".join(
            f'[whatsapp.{region}]\napp_secret = "{SECRET}"\nverify_token = "{VERIFY}"\n'
            'phone_number_id = "1"\naccess_token = "x"\n'
            for region in regions or (REGION,)
        )
    )
    path.chmod(0o600)
    return path


@contextlib.contextmanager
def open_door(folder: Path, env: Mapping[str, str]) -> Iterator[Door]:
    """Start `siaga edge` on a port the system chooses; ended with everything it holds."""
    log = folder / "edge.log"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "siaga.config.testing",
        "SIAGA_SECRETS": str(write_secrets(folder, REGION, "jombang")),
        # Without compiled modules every start would take seconds.
        "PYTHONPYCACHEPREFIX": str(Path(os.environ["SIAGA_HOME"]) / "pycache"),
        **env,
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.rooms.edge.edge_process"],
            env=environment, stdout=out, stderr=out,
        )  # fmt: skip
    try:
        wait_until(
            lambda: PORT_TOLD.search(log.read_bytes()) or process.poll() is not None, seconds=60
        )
        found = PORT_TOLD.search(log.read_bytes())
        assert found is not None, log.read_text()[-2000:]
        port = int(found[1])
        yield Door(f"http://127.0.0.1:{port}", port, process, log)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def stored(url: str) -> list[tuple[str, bytes]]:
    """(external id, body) of everything in the raw inbox."""
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT external_id, body FROM messaging_inbound").fetchall()


async def raw(port: int, *parts: bytes) -> bytes:
    """Write the parts as they are, read until the other side closes or hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = b""
    try:
        async with asyncio.timeout(15):
            for part in parts:
                writer.write(part)
                await writer.drain()
            while piece := await reader.read(65_536):
                answer += piece
    except ConnectionError:
        pass
    finally:
        writer.close()
    return answer
