"""Signs of life of our own processes, so that the edge can say who is missing.

A process beats from its own working loop, never from a thread beside it: a stuck loop must be
missed.
"""

from datetime import datetime, timedelta

from siaga.journal.models import Heartbeat

BEAT_SECONDS = 2
FRESH_SECONDS = 15

_last_beat: dict[str, datetime] = {}


def beat(process: str, *, now: datetime) -> bool:
    """Write that `process` (`clock`, `work`, …) is alive; at most every BEAT_SECONDS.

    Returns whether it was written. Cheap enough to call in every turn of a loop.
    """
    last = _last_beat.get(process)
    if last is not None and timedelta() <= now - last < timedelta(seconds=BEAT_SECONDS):
        return False
    Heartbeat.objects.bulk_create(
        [Heartbeat(process=process, at=now)],
        update_conflicts=True,
        unique_fields=["process"],
        update_fields=["at"],
    )
    _last_beat[process] = now
    return True


def is_fresh(last: datetime | None, now: datetime) -> bool:
    """Whether a sign of life is recent enough to count as alive."""
    return last is not None and now - last < timedelta(seconds=FRESH_SECONDS)
