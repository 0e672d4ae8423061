"""Loops outlive what they call."""

from __future__ import annotations

import threading

import pytest
from django.db import OperationalError

from siaga.config import loops
from siaga.config.loops import BackgroundLoop, keep_turning


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "FIRST_PAUSE_SECONDS", 0.0)


@pytest.mark.parametrize("error", [OperationalError("gone"), ValueError("a defect")])
def test_a_turn_that_fails_is_tried_again(error: Exception) -> None:
    stopping = threading.Event()
    turns: list[int] = []

    def turn() -> float:
        turns.append(1)
        if len(turns) < 3:
            raise error
        stopping.set()
        return 0.0

    keep_turning("test", turn, stopping)
    assert len(turns) == 3


def test_a_lost_database_is_revived_when_it_is_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    stopping = threading.Event()
    asked: list[int] = []

    def revive() -> bool:
        asked.append(1)
        stopping.set()
        return True

    def turn() -> float:
        raise OperationalError("gone")

    monkeypatch.setattr(loops, "revive_embedded_server", revive)
    keep_turning("test", turn, stopping)
    assert asked == [1]


def test_a_background_loop_ends_with_its_block() -> None:
    turned = threading.Event()

    def turn() -> float:
        turned.set()
        return 0.01

    with BackgroundLoop("test", turn) as loop:
        assert turned.wait(5)
    assert not loop._thread.is_alive()
