"""Calls while PostgreSQL itself dies again and again: callers notice nothing, nothing is lost."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import psutil
import pytest

from siaga.kernel.postgres import EmbeddedServer
from siaga.kernel.postgres.provision import APP, DATABASE, OWNER
from tests.databases import PROJECT, TestDatabase
from tests.embedded import migrated_server
from tests.phone.house import Home
from tests.phone.killing import LIVE, Zygote, callers, compare, rows, wait_for_ended
from tests.waiting import wait_until

pytestmark = [pytest.mark.phone, pytest.mark.timeout(300)]
CALLS, A_SECOND, DEATHS = 60, 3, 8
SEED = 112


@dataclass(frozen=True)
class OwnDatabase(TestDatabase):
    """Found by our processes as a centre finds its own: by the data folder."""

    __test__ = False

    @property
    def env(self) -> dict[str, str]:
        return {}


@pytest.fixture
def server(home: Home) -> Iterator[EmbeddedServer]:
    """A durable server in this centre's data folder, with the regions in it."""
    with migrated_server(home.folder) as server:
        yield server


@pytest.fixture
def centre(home: Home, server: EmbeddedServer) -> Iterator[Home]:
    """The same centre on a database that may die."""
    own = OwnDatabase(DATABASE, server.url(DATABASE, APP), server.url(DATABASE, OWNER))
    changed = replace(home, database=own, running=[])
    subprocess.run(
        [sys.executable, "-m", "siaga.config.cli", "regions", "apply", "--yes"],
        env=changed.environment, cwd=PROJECT, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    yield changed


def test_no_call_is_lost_or_doubled_while_postgresql_is_killed(
    centre: Home, server: EmbeddedServer
) -> None:
    chance, never = random.Random(SEED), threading.Event()
    zygote = Zygote(centre, ["calllog", "phone", "work"])
    try:
        wait_until(lambda: rows(centre, LIVE), 60)
        calling = callers(centre, CALLS, A_SECOND)
        for _ in range(DEATHS):
            _kill_all(server.data)
            never.wait(chance.uniform(0.5, 3.0))
            # What runs starts it again, or we do, whoever is first.
            wait_until(lambda: server.ensure_running() or True, 60)
        assert calling.wait(120) == 0, calling.errors
        wait_for_ended(centre, CALLS)
        wait_until(lambda: rows(centre, LIVE), 60)
    finally:
        zygote.end()
    compare(centre, CALLS)


def _kill_all(data: Path) -> None:
    """-9 to every process of the server."""
    first = psutil.Process(int((data / "postmaster.pid").read_text().split()[0]))
    for process in [first, *first.children(recursive=True)]:
        try:
            process.send_signal(signal.SIGKILL)
        except psutil.NoSuchProcess:
            pass
