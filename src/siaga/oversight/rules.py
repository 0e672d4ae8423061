"""How the day is counted. Pure."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from siaga.intake.types import ContactDisposition, ContactState
from siaga.oversight.types import Funnel, Share


def day_start(now: datetime, zone: ZoneInfo) -> datetime:
    """Midnight before `now` on the wall clock of the region."""
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)


def funnel(
    arrived: int,
    contacts: Mapping[str, int],
    reports: Mapping[str, int],
    *,
    since: datetime,
    until: datetime,
) -> Funnel:
    """The counted contacts (by state or outcome) and reports (by state) as one picture.

    `arrived` is counted apart, so that a contact that fell through would show.
    """
    open_states = (ContactState.WAITING.value, ContactState.CLAIMED.value)
    outcomes = [
        Share(code=item.value, count=contacts[item.value])
        for item in ContactDisposition
        if contacts.get(item.value)
    ]
    outcomes.sort(key=lambda share: -share.count)
    return Funnel(
        since=since,
        until=until,
        arrived=arrived,
        open=tuple(Share(code=state, count=contacts.get(state, 0)) for state in open_states),
        disposed=tuple(outcomes),
        reported=contacts.get(ContactState.REPORTED.value, 0),
        reports=tuple(Share(code=code, count=count) for code, count in sorted(reports.items())),
    )
