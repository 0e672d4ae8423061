"""The wake-up after a commit: soon, seldom, and never a reason to fail."""

import time

import psycopg
import pytest

from siaga.journal import waking
from siaga.journal.waking import Waker
from tests.databases import TestDatabase
from tests.waiting import wait_until


def test_many_wake_ups_become_few_notifications(committed_db: TestDatabase) -> None:
    waker = Waker("test_waking")
    with psycopg.connect(committed_db.app_url, autocommit=True) as listener:
        listener.execute("LISTEN test_waking")
        try:
            until = time.monotonic() + 0.2
            calls = 0
            while time.monotonic() < until:
                waker.wake()
                calls += 1
            heard = list(listener.notifies(timeout=30, stop_after=1))
            heard += listener.notifies(timeout=0.5)
        finally:
            waker.stop()
    assert 1 <= len(heard) <= 12 < calls


def test_without_a_database_waking_is_harmless(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    def refuse() -> psycopg.Connection:
        tried.append(1)
        raise psycopg.OperationalError("nobody there")

    monkeypatch.setattr(waking, "open_direct", refuse)
    waker = Waker("test_waking")
    waker.wake()
    try:
        wait_until(lambda: tried)
    finally:
        waker.stop()


def test_a_stopped_waker_wakes_again(committed_db: TestDatabase) -> None:
    waker = Waker("test_waking")
    with psycopg.connect(committed_db.app_url, autocommit=True) as listener:
        listener.execute("LISTEN test_waking")
        for _ in range(2):
            waker.wake()
            assert list(listener.notifies(timeout=30, stop_after=1))
            waker.stop()
