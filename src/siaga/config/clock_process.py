"""`siaga clock`: serves deadlines every 100 ms and seals the journal. One leads, others wait."""

from __future__ import annotations

import logging
import threading
import time

import psycopg

from siaga.config.loops import BackgroundLoop, forget_connections, keep_turning
from siaga.journal import deadlines, sealing
from siaga.journal.heartbeats import beat
from siaga.journal.wire import open_direct
from siaga.kernel import clock

TURN_SECONDS = 0.1
SEAL_SECONDS = 0.5
STANDBY_SECONDS = 1.0
_LEADER_LOCK = 11_202

_log = logging.getLogger("siaga.clock")


class Leadership:
    """An advisory lock held by a connection of its own: lost the moment the connection is."""

    def __init__(self) -> None:
        self._connection: psycopg.Connection | None = None
        self._checked = 0.0

    def holds(self) -> bool:
        """Whether this process leads; tries to take the lead when nobody has it.

        Raises psycopg.OperationalError when the database is out of reach.
        """
        if self._connection is None:
            return self._take()
        if time.monotonic() - self._checked >= STANDBY_SECONDS:
            try:
                self._connection.execute("SELECT 1")
            except psycopg.Error:
                self.give_up()
                raise
            self._checked = time.monotonic()
        return True

    def give_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _take(self) -> bool:
        connection = open_direct()
        try:
            row = connection.execute("SELECT pg_try_advisory_lock(%s)", (_LEADER_LOCK,)).fetchone()
        except psycopg.Error:
            connection.close()
            raise
        if row is None or not row[0]:
            connection.close()
            return False
        self._connection, self._checked = connection, time.monotonic()
        _log.info("clock_leads")
        return True


def run_clock(stopping: threading.Event) -> None:
    """Serve deadlines and seal until told to stop."""
    leadership = Leadership()
    leading = threading.Event()

    def serve_deadlines() -> float:
        try:
            leads = leadership.holds()
        except psycopg.OperationalError:
            leading.clear()
            raise
        if not leads:
            leading.clear()
            forget_connections()
            return STANDBY_SECONDS
        leading.set()
        now = clock.now()
        beat("clock", now=now)
        # A full batch means that there is more: go on without a rest.
        return 0.0 if deadlines.run_due(now) >= deadlines.BATCH_MAX else TURN_SECONDS

    def seal() -> float:
        if not leading.is_set():
            return STANDBY_SECONDS
        return 0.0 if sealing.seal(clock.now()) >= sealing.SEAL_BATCH_MAX else SEAL_SECONDS

    with BackgroundLoop("sealer", seal, stopping):
        keep_turning("deadlines", serve_deadlines, stopping)
    leadership.give_up()
