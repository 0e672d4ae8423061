"""Loops that go on for ever: through a lost database, and through errors of what they call."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

import psycopg
from django.db import InterfaceError, OperationalError, connections

from siaga.kernel.postgres import PostgresUnavailable, revive_embedded_server

DATABASE_LOST = (
    OperationalError,
    InterfaceError,
    psycopg.OperationalError,
    PostgresUnavailable,
)
FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 5.0

_log = logging.getLogger("siaga.loops")


def keep_turning(name: str, turn: Callable[[], float], stopping: threading.Event) -> None:
    """Call `turn` until told to stop; it returns the seconds to rest before the next.

    A turn that fails is told in the log and tried again, ever slower up to five seconds.
    """
    pause = FIRST_PAUSE_SECONDS
    while not stopping.is_set():
        try:
            rest = turn()
        except DATABASE_LOST as error:
            _log.warning("database_lost loop=%s error=%s", name, type(error).__name__)
            forget_connections()
            revive()
        except Exception:
            _log.exception("turn_failed loop=%s", name)
            forget_connections()
        else:
            pause = FIRST_PAUSE_SECONDS
            stopping.wait(rest)
            continue
        stopping.wait(pause)
        pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
    connections.close_all()


def forget_connections() -> None:
    """Close this thread's connections, broken or not; the next query opens new ones."""
    for connection in connections.all(initialized_only=True):
        try:
            connection.close()
        except DATABASE_LOST:
            connection.connection = None


def revive() -> None:
    """Start the embedded server again if it is ours and died. Never fails."""
    try:
        if revive_embedded_server():
            _log.warning("embedded_server_revived")
    except PostgresUnavailable as unavailable:
        _log.error("embedded_server_down problem=%s", unavailable)


class BackgroundLoop:
    """`keep_turning` in a thread of its own, for the time of a `with` block."""

    def __init__(
        self,
        name: str,
        turn: Callable[[], float],
        stopping: threading.Event | None = None,
    ) -> None:
        self._stopping = stopping or threading.Event()
        self._thread = threading.Thread(
            target=keep_turning,
            args=(name, turn, self._stopping),
            name=name,
            daemon=True,
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopping.set()
        self._thread.join(timeout=3)
