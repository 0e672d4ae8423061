"""What people wrote down of a number's calls, made into a grade: fading, and never a refusal. Pure.

An outcome counts for the region's window and fades by half in its half-life. A silent call counts
half, because it may be somebody who cannot speak; a call in which 5 5 was pressed counts nothing.
Whoever reported something since begins anew.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log2

from siaga.intake.types import ContactDisposition

WEIGHTS = {ContactDisposition.PRANK: 1.0, ContactDisposition.GHOST: 0.5}
GRADE_MAX = 3
PRESENT_SHARE = 0.5
"""So much of a threshold must not have faded yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one call of the number ended; None where it became a report."""

    at: datetime
    disposition: ContactDisposition | None
    cannot_speak: bool = False

    @property
    def weight(self) -> float:
        """How much it counts when it is new."""
        if self.disposition is None or self.cannot_speak:
            return 0.0
        return WEIGHTS.get(self.disposition, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The region's own measure: `[nuisance]` of its profile."""

    flag_after: int
    window: timedelta
    half_life: timedelta
    expires_after: timedelta
    may_hold: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reputation:
    """0 is nothing, 1 later, 2 asked to press 1, 3 worth a supervisor's look; `until` at most."""

    grade: int
    until: datetime | None
    counted: float


NOTHING = Reputation(grade=0, until=None, counted=0.0)


def weigh(outcomes: Iterable[Outcome], policy: Policy, now: datetime) -> Reputation:
    """The number's grade now, and when it will be lower if nothing more happens."""
    known = sorted((one for one in outcomes if one.at <= now), key=lambda one: one.at)
    reported = [one.at for one in known if one.disposition is None]
    since = max([*reported, now - policy.window])
    marks = [(one.at, one.weight) for one in known if one.at > since and one.weight > 0]
    if not marks:
        return NOTHING
    counted = sum(weight for _, weight in marks)
    left = sum(weight * _share(now - at, policy.half_life) for at, weight in marks)
    grade = _grade(counted, left, policy)
    if grade == 0 or marks[-1][0] + policy.expires_after <= now:
        return Reputation(grade=0, until=None, counted=counted)
    until = min(
        marks[-1][0] + policy.expires_after,
        _fades_at(left, policy.flag_after * grade * PRESENT_SHARE, policy.half_life, now),
        _leaves_at(marks, policy.flag_after * grade, policy.window),
    )
    return Reputation(grade=grade, until=max(until, now), counted=counted)


def _grade(counted: float, left: float, policy: Policy) -> int:
    highest = GRADE_MAX if policy.may_hold else GRADE_MAX - 1
    reached = [
        grade
        for grade in range(1, highest + 1)
        if counted >= policy.flag_after * grade
        and left >= policy.flag_after * grade * PRESENT_SHARE
    ]
    return max(reached, default=0)


def _share(age: timedelta, half_life: timedelta) -> float:
    return float(0.5 ** (age / half_life))


def _fades_at(left: float, needed: float, half_life: timedelta, now: datetime) -> datetime:
    return now + half_life * log2(left / needed)


def _leaves_at(marks: list[tuple[datetime, float]], needed: float, window: timedelta) -> datetime:
    """When so many have left the window that the rest is not enough."""
    rest = sum(weight for _, weight in marks)
    for at, weight in marks:
        rest -= weight
        if rest < needed:
            return at + window
    return marks[-1][0] + window
