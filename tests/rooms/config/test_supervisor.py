"""The supervisor: restarts what dies, stops everything, and leaves nobody behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

import siaga
from tests.waiting import wait_until

SUPERVISED = Path(__file__).with_name("supervised.py")
patiently = partial(wait_until, seconds=30)
pytestmark = pytest.mark.timeout(60)


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def pids(folder: Path, name: str) -> list[int]:
    found = [int(path.suffix[1:]) for path in folder.glob(f"{name}.*")]
    return [pid for pid in found if is_alive(pid)]


@contextmanager
def supervising(folder: Path, *names: str) -> Iterator[subprocess.Popen[bytes]]:
    environment = os.environ | {"PYTHONPATH": str(Path(siaga.__file__).parents[1])}
    process = subprocess.Popen(
        [sys.executable, str(SUPERVISED), str(folder), *names], env=environment
    )
    try:
        patiently(lambda: all(pids(folder, name) for name in names))
        yield process
    finally:
        process.kill()
        process.wait()


def test_a_dead_child_is_started_again_and_the_others_are_left_alone(tmp_path: Path) -> None:
    with supervising(tmp_path, "one", "two"):
        first, other = pids(tmp_path, "one"), pids(tmp_path, "two")
        os.kill(first[0], signal.SIGKILL)
        patiently(lambda: pids(tmp_path, "one") not in ([], first))
        assert pids(tmp_path, "two") == other


def test_what_is_added_later_runs_is_watched_and_ends_with_the_rest(tmp_path: Path) -> None:
    with supervising(tmp_path, "one", "late") as process:
        first = pids(tmp_path, "late")
        os.kill(first[0], signal.SIGKILL)
        patiently(lambda: pids(tmp_path, "late") not in ([], first))
        process.send_signal(signal.SIGINT)
        process.wait(timeout=10)
        assert pids(tmp_path, "one") + pids(tmp_path, "late") == []


def test_ctrl_c_stops_everything_in_less_than_five_seconds(tmp_path: Path) -> None:
    with supervising(tmp_path, "one", "stubborn") as process:
        begun = time.monotonic()
        process.send_signal(signal.SIGINT)
        process.wait(timeout=10)
        assert time.monotonic() - begun < 5
        assert process.returncode == 0
        assert pids(tmp_path, "one") + pids(tmp_path, "stubborn") == []


def test_a_killed_supervisor_leaves_no_orphan(tmp_path: Path) -> None:
    with supervising(tmp_path, "one", "stubborn") as process:
        process.kill()
        patiently(lambda: not pids(tmp_path, "one") and not pids(tmp_path, "stubborn"))


def test_it_goes_on_with_its_own_turn_while_children_live(tmp_path: Path) -> None:
    with supervising(tmp_path, "one"):
        (tmp_path / "turning").unlink()
        patiently((tmp_path / "turning").exists)
