"""Pure decisions about recordings."""

from datetime import datetime, timedelta

LISTENING_GAP = timedelta(minutes=10)
"""A player that was silent for so long begins a new listening."""
APPEARS_SECONDS = 30
"""So long after the end of a call, files that are not there will not come any more."""


def days_kept(is_noise: bool, recordings_days: int, noise_days: int) -> int:
    """How long a recording is kept: what was nobody's need never longer than what was."""
    return min(recordings_days, noise_days) if is_noise else recordings_days


def expires_at(recorded_at: datetime, days: int) -> datetime:
    """When a recording that nobody holds is removed."""
    return recorded_at + timedelta(days=days)


def is_same_listening(last_at: datetime | None, now: datetime) -> bool:
    """Whether a player that asks again belongs to the listening that is written down."""
    return last_at is not None and now - last_at <= LISTENING_GAP
