"""Duty hours as one types them: "Sen–Jum 07.30–16.00", a line for each part of the week."""

import re
from datetime import time

from django.utils.translation import gettext as _

from siaga.kernel.errors import InvalidField
from siaga.regions.types import Day, Period

_WEEK = tuple(Day)
_NAMES: dict[str, Day] = {
    **{day.value: day for day in Day},
    **dict(zip(("sen", "sel", "rab", "kam", "jum", "sab", "min"), _WEEK, strict=True)),
    **dict(
        zip(("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu"), _WEEK, strict=True)
    ),
}
_SHORT = dict(zip(_WEEK, ("Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min"), strict=True))
_LINE = re.compile(r"^(?P<days>[^\d]+?)\s+(?P<opens>\S+?)\s*[-–]\s*(?P<closes>\S+)$")
_CLOCK = re.compile(r"^(\d{1,2})[.:](\d{2})$")


def periods(text: str) -> tuple[Period, ...]:
    """One period a line. Raises InvalidField (periods) naming the line that cannot be read."""
    return tuple(_period(line.strip()) for line in text.splitlines() if line.strip())


def lines(found: tuple[Period, ...]) -> str:
    """The same, to be edited again."""
    return "\n".join(
        f"{_days_said(one.days)} {one.opens:%H.%M}–{one.closes:%H.%M}" for one in found
    )


def _period(line: str) -> Period:
    read = _LINE.match(line)
    if read is None:
        raise _unread(line)
    days = [day for part in read["days"].split(",") for day in _span(part.strip().lower(), line)]
    return Period(
        days=tuple(day for day in _WEEK if day in days),
        opens=_clock(read["opens"], line),
        closes=_clock(read["closes"], line),
    )


def _span(text: str, line: str) -> tuple[Day, ...]:
    names = [part.strip() for part in re.split(r"[-–]", text)]
    if len(names) > 2 or any(name not in _NAMES for name in names):
        raise _unread(line)
    first, last = (_WEEK.index(_NAMES[name]) for name in (names[0], names[-1]))
    return _WEEK[first : last + 1] if first <= last else (*_WEEK[first:], *_WEEK[: last + 1])


def _clock(text: str, line: str) -> time:
    read = _CLOCK.match(text)
    if read is None or int(read[1]) > 23 or int(read[2]) > 59:
        raise _unread(line)
    return time(int(read[1]), int(read[2]))


def _days_said(days: tuple[Day, ...]) -> str:
    """Runs of three and more as a span."""
    runs: list[list[Day]] = []
    for day in days:
        if runs and _WEEK.index(day) == _WEEK.index(runs[-1][-1]) + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    said = [
        f"{_SHORT[run[0]]}–{_SHORT[run[-1]]}" if len(run) > 2 else ", ".join(_SHORT[d] for d in run)
        for run in runs
    ]
    return ", ".join(said)


def _unread(line: str) -> InvalidField:
    cure = _("“%(line)s” cannot be read. Write for instance: Sen–Jum 07.30–16.00")
    return InvalidField(field="periods", message=cure % {"line": line})
