"""What telephony does when a time has come."""

from datetime import datetime

from siaga.journal.deadlines import Due
from siaga.telephony.recordings import services as recordings
from siaga.telephony.services import seats


def end_silent_seat(due: Due, now: datetime) -> None:
    """Nobody was heard from this seat for long."""
    seats.end_silent(due.subject_id, due.region_id, now=now)


def tidy_recordings(due: Due, now: datetime) -> None:
    """Recordings whose days are over are removed."""
    recordings.tidy(due.region_id, now=now)


DEADLINES = {seats.SEAT_SILENT: end_silent_seat, recordings.REMOVAL: tidy_recordings}
