"""`siaga run` whole: it opens, heals itself, and goes away without a trace."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psycopg
import pytest

import siaga
from siaga.config.processes import run_all
from siaga.config.serve_process import PortTaken
from siaga.kernel.postgres import EmbeddedServer
from tests.waiting import wait_until

patiently = partial(wait_until, seconds=120)
pytestmark = pytest.mark.timeout(240)
PROGRAM = [sys.executable, "-m", "siaga.config.cli"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Centre:
    """A running `siaga run` with a data folder of its own."""

    def __init__(self, home: Path) -> None:
        self.home, self.port = home, free_port()
        self.environment = os.environ | {
            "SIAGA_HOME": str(home),
            "PORT": str(self.port),
            "PYTHONPATH": str(Path(siaga.__file__).parents[1]),
            "DJANGO_SETTINGS_MODULE": "siaga.config.settings",
        }
        for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "SIAGA_DB_ROLE", "SIAGA_PROCESS"):
            self.environment.pop(name, None)
        self.log = home / "run.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*PROGRAM, "run"], env=self.environment, stderr=log, stdin=subprocess.DEVNULL
            )
        self.server = EmbeddedServer(home)

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{self.port}/healthz", timeout=2
            ) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def said(self, *words: str) -> int:
        """How many log lines hold all these words."""
        lines = self.log.read_text(errors="replace").splitlines()
        return sum(all(word in line for word in words) for line in lines)

    def pid_of(self, name: str) -> int:
        """The latest process of that name."""
        found = [
            json.loads(line)["event"]
            for line in self.log.read_text().splitlines()
            if f"process_started name={name} " in line
        ]
        return int(found[-1].rsplit("pid=", 1)[1])

    def beats(self) -> set[str]:
        """Which processes beat within the last three seconds."""
        query = "SELECT process FROM journal_heartbeat WHERE at > now() - interval '3 seconds'"
        try:
            with psycopg.connect(self.server.url("siaga", "siaga"), connect_timeout=2) as link:
                return {name for (name,) in link.execute(query).fetchall()}
        except psycopg.Error:
            return set()

    def everybody_is_well(self) -> bool:
        return self.answers() and {"work", "clock"} <= self.beats()

    def alive(self) -> list[int]:
        """Every process with this data folder in its environment or command line."""
        mark = str(self.home).encode()
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) == os.getpid():
                continue
            try:
                if mark in (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
            except OSError:
                continue
        return found


@pytest.fixture
def centre() -> Iterator[Centre]:
    home = Path(tempfile.mkdtemp(prefix="siaga-test-", dir="/tmp"))
    home.chmod(0o755)
    running = Centre(home)
    try:
        patiently(running.everybody_is_well)
        yield running
    except BaseException:
        print(running.log.read_text(errors="replace")[-8000:])
        raise
    finally:
        running.process.kill()
        running.process.wait()
        patiently(lambda: not running.alive())
        shutil.rmtree((home / "postgres" / "data").resolve(), ignore_errors=True)
        shutil.rmtree(home, ignore_errors=True)


def test_it_heals_from_killed_children_and_a_killed_database_and_stops_cleanly(
    centre: Centre,
) -> None:
    for name in ("work", "clock", "serve"):
        os.kill(centre.pid_of(name), signal.SIGKILL)
    patiently(lambda: centre.said("process_ended", "code=-9") == 3)
    patiently(centre.everybody_is_well)

    postmaster = centre.server.data.resolve() / "postmaster.pid"
    os.kill(int(postmaster.read_text().splitlines()[0]), signal.SIGKILL)
    patiently(lambda: centre.said("embedded_server_revived"))
    patiently(centre.everybody_is_well)
    assert centre.said("process_ended") == 3, "a lost database must not end a process"

    centre.process.send_signal(signal.SIGINT)
    assert centre.process.wait(timeout=60) == 0
    patiently(lambda: not centre.alive())


def test_a_taken_port_is_refused_with_the_cure() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(PortTaken, match=r"choose another port with PORT"):
            run_all("127.0.0.1", taken.getsockname()[1])
