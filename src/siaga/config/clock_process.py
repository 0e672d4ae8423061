"""`siaga clock`: serves deadlines every 100 ms and seals the journal. One leads, others wait."""

from __future__ import annotations

import threading

import psycopg

from siaga.config.leadership import Leadership
from siaga.config.loops import BackgroundLoop, forget_connections, keep_turning
from siaga.journal import deadlines, sealing
from siaga.journal.heartbeats import beat
from siaga.kernel import clock

TURN_SECONDS = 0.1
SEAL_SECONDS = 0.5
STANDBY_SECONDS = 1.0
_LEADER_LOCK = 11_202


def run_clock(stopping: threading.Event) -> None:
    """Serve deadlines and seal until told to stop."""
    leadership = Leadership(_LEADER_LOCK, "clock")
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
