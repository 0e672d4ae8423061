"""Duty hours as one types them."""

from datetime import time

import pytest

from siaga.kernel.errors import InvalidField
from siaga.regions.types import Day
from siaga.web.control import schedules


@pytest.mark.parametrize(
    ("line", "days", "opens"),
    [
        ("Sen–Jum 07.30–16.00", "mon tue wed thu fri", time(7, 30)),
        ("senin - jumat 7:30 - 16:00", "mon tue wed thu fri", time(7, 30)),
        ("Sab, Min 08.00-12.00", "sat sun", time(8)),
        ("sat–mon 22.00–06.00", "mon sat sun", time(22)),
        ("min 08.00-12.00", "sun", time(8)),
    ],
)
def test_a_line_is_read(line: str, days: str, opens: time) -> None:
    (found,) = schedules.periods(line)
    assert found.days == tuple(Day(day) for day in days.split())
    assert found.opens == opens
    assert schedules.periods(schedules.lines((found,))) == (found,)


@pytest.mark.parametrize("line", ["kapan saja", "Sen 25.00-26.00", "Sen-", "Hari 07.00-08.00", "-"])
def test_what_cannot_be_read_is_told(line: str) -> None:
    with pytest.raises(InvalidField):
        schedules.periods(line)
