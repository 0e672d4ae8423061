"""The smallest values: words in both languages, days, schedules."""

from datetime import date, time
from enum import StrEnum
from typing import Literal

import msgspec


class Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The base of everything in a profile: frozen, closed to unknown fields, equal by value.

    Subclasses repeat `kw_only=True`; msgspec does not hand it down.
    """


class Words(Value, frozen=True, kw_only=True):
    """The same sentence in every language of the centre."""

    id: str
    en: str

    def said_in(self, language: str) -> str:
        """English for `en` and its variants, otherwise Indonesian."""
        return self.en if language.startswith("en") else self.id


class Day(StrEnum):
    """Days of the week, as written in a profile."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"

    @classmethod
    def of(cls, on: date) -> "Day":
        """The day of the week of a date."""
        return _WEEK[on.weekday()]


_WEEK = tuple(Day)
WORK_WEEK = _WEEK[:5]


class Period(Value, frozen=True, kw_only=True):
    """Opening hours on some days; `closes` at or before `opens` means the next morning."""

    days: tuple[Day, ...]
    opens: time
    closes: time


class Schedule(Value, frozen=True, kw_only=True):
    """When somebody is there: always, or in these local periods."""

    always: bool = False
    periods: tuple[Period, ...] = ()
    on_holidays: Literal["as_usual", "closed"] = "closed"


class HolidayKind(StrEnum):
    """National days off, shared leave by joint decree, and a region's own days."""

    NATIONAL = "national"
    SHARED_LEAVE = "shared_leave"
    LOCAL = "local"


class Holiday(Value, frozen=True, kw_only=True):
    """A date on which offices are closed."""

    on: date
    name: Words
    kind: HolidayKind = HolidayKind.NATIONAL
