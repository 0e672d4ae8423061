"""`siaga calllog`: follows Asterisk's record; what was missed while it was down is caught up."""

import threading
from functools import partial
from pathlib import Path

from siaga.config.loops import keep_turning
from siaga.journal.heartbeats import beat
from siaga.kernel import clock
from siaga.telephony import services

REST_SECONDS = 0.1


def run_calllog(record: Path, stopping: threading.Event) -> None:
    """Until told to stop."""
    keep_turning("calllog", partial(_turn, record), stopping)


def _turn(record: Path) -> float:
    now = clock.now()
    beat("calllog", now=now)
    return 0.0 if services.follow(record, now=now) else REST_SECONDS
