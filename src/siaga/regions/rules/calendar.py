"""Local time: greetings, opening hours, working days, shifts, duty. Pure."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from siaga.regions.errors import AgencyUnknown
from siaga.regions.types import (
    Day,
    HoursPeriod,
    OutOfHours,
    Profile,
    Schedule,
    Shift,
    ShiftAt,
    ShiftPlan,
    Words,
)

WORKING_DAYS_SEARCH_DAYS_MAX = 400
OPENING_SEARCH_DAYS_MAX = 60
DAYPART = "{daypart}"
_ONE_DAY = timedelta(days=1)


class _Dated(Protocol):
    @property
    def valid_from(self) -> date: ...
    @property
    def valid_until(self) -> date | None: ...


def local_time(profile: Profile, at: datetime) -> datetime:
    """The moment on the wall clock of the region."""
    return at.astimezone(profile.zone)


def in_force(item: _Dated, on: date) -> bool:
    """Whether effective dates include this day; the last day counts."""
    return item.valid_from <= on and (item.valid_until is None or on <= item.valid_until)


def covers(starts: time, ends: time, at: time, *, begun_today: bool) -> bool:
    """Whether a span of the clock holds `at`; spans ending at or before their start cross midnight.

    `begun_today` asks about the part before midnight, otherwise about the rest of last night's.
    """
    if starts < ends:
        return begun_today and starts <= at < ends
    return at >= starts if begun_today else at < ends


def schedule_holds(schedule: Schedule, local: datetime, days_off: Iterable[date]) -> bool:
    """Whether somebody is there at this local moment. A night belongs to the day it began on."""
    if schedule.always:
        return True
    closed = set(days_off) if schedule.on_holidays == "closed" else set()
    for begun_today in (True, False):
        on = local.date() if begun_today else local.date() - _ONE_DAY
        if on in closed:
            continue
        for period in schedule.periods:
            if Day.of(on) in period.days and covers(
                period.opens, period.closes, local.time(), begun_today=begun_today
            ):
                return True
    return False


def greeting(profile: Profile, at: datetime) -> Words:
    """The opening words by the time of day; after midnight it is still the last evening's part."""
    local = local_time(profile, at).time()
    parts = sorted(profile.greeting.day_parts, key=lambda part: part.starts)
    begun = [part for part in parts if part.starts <= local]
    part = (begun or parts)[-1]
    template = profile.greeting.template
    return Words(
        id=template.id.replace(DAYPART, part.name.id),
        en=template.en.replace(DAYPART, part.name.en),
    )


def hours_on(profile: Profile, on: date) -> HoursPeriod | None:
    """The opening hours in force on a day, or None before the centre existed."""
    return next((period for period in profile.hours if in_force(period, on)), None)


def is_open(profile: Profile, at: datetime) -> bool:
    """Whether call takers are at the desk."""
    local = local_time(profile, at)
    hours = hours_on(profile, local.date())
    return hours is not None and schedule_holds(hours.schedule, local, profile.holidays_by_date)


def out_of_hours(profile: Profile, at: datetime) -> OutOfHours | None:
    """What a citizen meets now if the centre is closed; None while it is open."""
    if is_open(profile, at):
        return None
    hours = hours_on(profile, local_time(profile, at).date())
    return hours.outside if hours else OutOfHours()


def next_opening(profile: Profile, at: datetime) -> datetime | None:
    """When the desk is next manned (UTC), `at` itself while open; None if not within 60 days."""
    if is_open(profile, at):
        return at
    today = local_time(profile, at).date()
    for offset in range(OPENING_SEARCH_DAYS_MAX):
        on = today + timedelta(days=offset)
        hours = hours_on(profile, on)
        periods = hours.schedule.periods if hours else ()
        for opens in sorted(period.opens for period in periods if Day.of(on) in period.days):
            moment = _moment(profile, on, opens)
            if moment > at and is_open(profile, moment):
                return moment
    return None


def is_working_day(profile: Profile, on: date) -> bool:
    """Whether offices work that day: in the office week and no day off."""
    schedule = profile.office_hours
    if schedule.on_holidays == "closed" and on in profile.holidays_by_date:
        return False
    return schedule.always or any(Day.of(on) in period.days for period in schedule.periods)


def working_days_later(profile: Profile, at: datetime, n: int) -> datetime:
    """The close of office (UTC) on the n-th working day after the local day of `at`.

    n = 0 is today's close if today is a working day that has not closed yet, else the next one.
    """
    on = local_time(profile, at).date()
    if n == 0:
        if is_working_day(profile, on) and office_close(profile, on) > at:
            return office_close(profile, on)
        n = 1
    for _ in range(WORKING_DAYS_SEARCH_DAYS_MAX):
        on += _ONE_DAY
        if is_working_day(profile, on):
            n -= 1
            if n == 0:
                return office_close(profile, on)
    raise ValueError(f"no {n} working days within {WORKING_DAYS_SEARCH_DAYS_MAX} days")


def office_close(profile: Profile, on: date) -> datetime:
    """When offices close on that day (UTC); midnight for offices that never do."""
    periods = [period for period in profile.office_hours.periods if Day.of(on) in period.days]
    closes = max((period.closes for period in periods), default=time(0))
    if closes == time(0) or any(period.closes <= period.opens for period in periods):
        return _moment(profile, on + _ONE_DAY, time(0))
    return _moment(profile, on, closes)


def shift_at(profile: Profile, at: datetime) -> ShiftAt | None:
    """The shift on duty, or None outside all of them. A night shift belongs to its first day."""
    local = local_time(profile, at)
    for begun_today in (True, False):
        on = local.date() if begun_today else local.date() - _ONE_DAY
        for shift in shifts_on(profile, on):
            if covers(shift.starts, shift.ends, local.time(), begun_today=begun_today):
                return _shift_on(profile, shift, on)
    return None


def shift_plan_on(profile: Profile, on: date) -> ShiftPlan | None:
    """The plan of shifts in force on a day."""
    return next((plan for plan in profile.shifts if in_force(plan, on)), None)


def shifts_on(profile: Profile, on: date) -> tuple[Shift, ...]:
    """The shifts that begin on a day, in order of their start."""
    plan = shift_plan_on(profile, on)
    found = [shift for shift in (plan.shifts if plan else ()) if Day.of(on) in shift.days]
    return tuple(sorted(found, key=lambda shift: shift.starts))


def shift_span(profile: Profile, shift: Shift, on: date) -> tuple[datetime, datetime]:
    """Start and end (UTC) of a shift that begins on that day."""
    last = on if shift.starts < shift.ends else on + _ONE_DAY
    return _moment(profile, on, shift.starts), _moment(profile, last, shift.ends)


def agency_on_duty(profile: Profile, agency_code: str, at: datetime) -> bool:
    """Whether the agency is active and within its duty hours."""
    agency = profile.agencies_by_code.get(agency_code)
    if agency is None:
        raise AgencyUnknown(agency_code=agency_code)
    local = local_time(profile, at)
    return agency.active and schedule_holds(agency.duty, local, profile.holidays_by_date)


def _shift_on(profile: Profile, shift: Shift, on: date) -> ShiftAt:
    starts_at, ends_at = shift_span(profile, shift, on)
    return ShiftAt(
        code=shift.code, name=shift.name, starts_at=starts_at, ends_at=ends_at, seats=shift.seats
    )


def _moment(profile: Profile, on: date, clock: time) -> datetime:
    return datetime.combine(on, clock, tzinfo=profile.zone).astimezone(UTC)
