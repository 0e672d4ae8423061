"""Effective dates, opening hours, shifts, holidays: no overlap, no gap. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta
from itertools import pairwise

from siaga.regions.rules.checking.context import CheckContext
from siaga.regions.rules.findings import Finding, Path, finding
from siaga.regions.types import (
    Day,
    HoursPeriod,
    Profile,
    Schedule,
    ScopePeriod,
    Shift,
    ShiftPlan,
)

Dated = HoursPeriod | ScopePeriod | ShiftPlan
Span = tuple[int, int]
"""Minutes of a week, from Monday midnight; the end may run past Sunday."""

_DAY_MINUTES = 24 * 60
_WEEK_MINUTES = 7 * _DAY_MINUTES
_HORIZON = date(9999, 12, 31)
_DAY_NAMES = {
    Day.MON: "Senin",
    Day.TUE: "Selasa",
    Day.WED: "Rabu",
    Day.THU: "Kamis",
    Day.FRI: "Jumat",
    Day.SAT: "Sabtu",
    Day.SUN: "Minggu",
}


def check(profile: Profile, context: CheckContext) -> Iterator[Finding]:
    """Findings about everything that has dates or hours."""
    for field in ("hours", "scope", "shifts"):
        yield from _effective_dates(getattr(profile, field), field)
    yield from _schedule(profile.office_hours, ("office_hours",))
    for index, period in enumerate(profile.hours):
        yield from _schedule(period.schedule, ("hours", index, "schedule"))
        yield from _outside(period, ("hours", index))
    for index, agency in enumerate(profile.agencies):
        yield from _schedule(agency.duty, ("agencies", index, "duty"))
    yield from _shifts(profile)
    yield from _holidays(profile, context)


def spans_of(schedule: Schedule) -> list[Span]:
    """The minutes of a week that a schedule covers."""
    if schedule.always:
        return [(0, _WEEK_MINUTES)]
    return [
        _span(day, period.opens, period.closes)
        for period in schedule.periods
        for day in period.days
    ]


def _span(day: Day, starts: time, ends: time) -> Span:
    base = list(Day).index(day) * _DAY_MINUTES
    begin, end = _minutes(starts), _minutes(ends)
    return base + begin, base + (end if end > begin else end + _DAY_MINUTES)


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _effective_dates(periods: Sequence[Dated], field: str) -> Iterator[Finding]:
    wrong = False
    for index, period in enumerate(periods):
        until = period.valid_until
        if until is not None and until < period.valid_from:
            wrong = True
            path = (field, index, "valid_until")
            yield finding("bad_dates", path, start=period.valid_from, until=until)
    if wrong:
        return
    order = sorted(range(len(periods)), key=lambda index: periods[index].valid_from)
    for earlier, later in pairwise(order):
        path = (field, later, "valid_from")
        last, first = periods[earlier].valid_until or _HORIZON, periods[later].valid_from
        if last >= first:
            yield finding("overlapping_dates", path, day=first)
        elif last + timedelta(days=1) < first:
            yield finding("uncovered_dates", path, day=last + timedelta(days=1))
    if order and periods[order[-1]].valid_until is not None:
        day = periods[order[-1]].valid_until
        yield finding("uncovered_dates", (field, order[-1], "valid_until"), day=f"> {day}")


def _schedule(schedule: Schedule, path: Path) -> Iterator[Finding]:
    if not schedule.always and not any(period.days for period in schedule.periods):
        yield finding("empty_schedule", path)
    if not schedule.always:
        for first, second in _overlaps(spans_of(schedule)):
            yield finding("overlapping_hours", path, first=_told(first), second=_told(second))


def _outside(period: HoursPeriod, path: Path) -> Iterator[Finding]:
    outside = period.outside
    silent = outside.behavior == "none" or outside.notice is None
    lost = outside.behavior == "notice_then_forward" and not outside.forward_phone
    if not period.schedule.always and (silent or lost):
        yield finding("out_of_hours_missing", (*path, "outside"))


def _shifts(profile: Profile) -> Iterator[Finding]:
    for index, plan in enumerate(profile.shifts):
        path = ("shifts", index, "shifts")
        codes = [shift.code for shift in plan.shifts]
        for place, code in enumerate(codes):
            if code in codes[:place]:
                yield finding("duplicate_code", (*path, place, "code"), value=code)
        named = [(shift, _span(day, shift.starts, shift.ends)) for shift, day in _turns(plan)]
        for first, second in _overlaps([span for _, span in named]):
            one, other = (
                next(f"{shift.code} {_told(span)}" for shift, span in named if span == wanted)
                for wanted in (first, second)
            )
            yield finding("overlapping_hours", path, first=one, second=other)
        for hours in profile.hours:
            if _meet(hours, plan):
                gap = _first_gap(spans_of(hours.schedule), [span for _, span in named])
                if gap is not None:
                    yield finding("uncovered_hours", path, span=_told(gap))
    if not profile.shifts:
        yield finding("uncovered_hours", ("shifts",), span="00.00–24.00")


def _turns(plan: ShiftPlan) -> Iterator[tuple[Shift, Day]]:
    for shift in plan.shifts:
        for day in shift.days:
            yield shift, day


def _meet(one: Dated, other: Dated) -> bool:
    begin = max(one.valid_from, other.valid_from)
    return begin <= min(one.valid_until or _HORIZON, other.valid_until or _HORIZON)


def _overlaps(spans: list[Span]) -> Iterator[tuple[Span, Span]]:
    """The first overlap of the week, also around Sunday midnight; one is enough to mend."""
    ordered = sorted(spans)
    around = [(begin + _WEEK_MINUTES, end + _WEEK_MINUTES) for begin, end in ordered[:1]]
    for first, second in zip(ordered, [*ordered[1:], *around], strict=False):
        if first[1] > second[0]:
            yield first, second
            return


def _first_gap(wanted: list[Span], given: list[Span]) -> Span | None:
    covered: set[int] = set()
    for begin, end in given:
        covered.update(minute % _WEEK_MINUTES for minute in range(begin, end))
    for begin, end in sorted(wanted):
        missing = [m for m in range(begin, end) if m % _WEEK_MINUTES not in covered]
        if missing:
            last = missing[0]
            while last + 1 < end and (last + 1) % _WEEK_MINUTES not in covered:
                last += 1
            return missing[0], last + 1
    return None


def _told(span: Span) -> str:
    day = _DAY_NAMES[list(Day)[span[0] // _DAY_MINUTES % 7]]
    return f"{day} {_clock(span[0])}–{_clock(span[1])}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02d}.{minutes % 60:02d}"


def _holidays(profile: Profile, context: CheckContext) -> Iterator[Finding]:
    seen = set()
    for index, holiday in enumerate(profile.holidays):
        if holiday.on in seen:
            yield finding("duplicate_code", ("holidays", index, "on"), value=holiday.on)
        seen.add(holiday.on)
    year = context.today.year
    if not any(holiday.on.year == year for holiday in profile.holidays):
        yield finding("holidays_missing", ("holidays",), year=year)
