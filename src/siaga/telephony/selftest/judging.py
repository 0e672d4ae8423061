"""Whether everything happened that has to happen to a call. Pure."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from siaga.telephony.names import Mark
from siaga.telephony.selftest.types import Check, Kept, Observed, Way

LATE = timedelta(hours=36)
"""A telephone that was not tested for so long may have been silent since."""
CATCH_UP = timedelta(hours=6)
"""A test that could not be run at its hour is run later, but not in the middle of the day."""


def failures(seen: Observed, kept: Kept) -> tuple[Check, ...]:
    """What was missing, in the order of the path; out of hours nobody is queued."""
    if seen.problem:
        return (Check.TRUNK if seen.path is Way.TRUNK else Check.ASTERISK,)
    marks, closed = set(seen.marks), Mark.CLOSED in seen.marks
    wanted = {
        Check.OFFERED: Mark.OFFERED in marks,
        Check.GREETED: closed or Mark.GREETED in marks,
        Check.QUEUED: closed or Mark.QUEUED in marks,
        Check.PICTURE: seen.in_picture,
        Check.LOGGED: kept.outcome is not None,
        Check.CONTACT: kept.has_contact,
        Check.RECORDED: kept.is_recorded or not kept.answered,
    }
    return tuple(check for check, fine in wanted.items() if not fine)


def is_due(at: time, zone: ZoneInfo, latest: datetime | None, now: datetime) -> bool:
    """Whether the test of the last night is still to be run; `latest` is when one began last."""
    local = now.astimezone(zone)
    planned = datetime.combine(local.date(), at, zone)
    if planned > local:
        planned -= timedelta(days=1)
    return now - planned < CATCH_UP and (latest is None or latest < planned)


def is_late(latest: datetime | None, now: datetime) -> bool:
    """Whether it is too long ago."""
    return latest is None or now - latest > LATE
