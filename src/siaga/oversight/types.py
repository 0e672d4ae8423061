"""Frozen values of oversight: the day in numbers, and what they count."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One line of the funnel: `code` is a state or an outcome, `count` how many ended there."""

    code: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """Where everything that came in between two moments has gone."""

    since: datetime
    until: datetime
    arrived: int
    open: tuple[Share, ...]
    """Contacts that still wait or are in somebody's hands."""
    disposed: tuple[Share, ...]
    """Contacts that ended without a report, by outcome, the most frequent first."""
    reported: int
    reports: tuple[Share, ...]
    """What became of those reports, by state."""

    @property
    def opened_count(self) -> int:
        """Contacts without an outcome yet."""
        return sum(share.count for share in self.open)

    @property
    def disposed_count(self) -> int:
        """Contacts that ended without a report."""
        return sum(share.count for share in self.disposed)

    @property
    def adds_up(self) -> bool:
        """Whether every contact is counted once, and every reported one has its report."""
        told = self.opened_count + self.disposed_count + self.reported
        return told == self.arrived and sum(share.count for share in self.reports) == self.reported


@dataclass(frozen=True, slots=True, kw_only=True)
class Typical:
    """A median over a span: in seconds, over how many, and how many still lack an end."""

    seconds: float | None
    count: int
    lacking: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast the centre and its agencies answered."""

    answer: Typical
    dispatch: Typical
    acknowledgement: Typical


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealing:
    """How far the hash chain of a region's journal has come."""

    sealed: int
    sealed_at: datetime | None
    unsealed: int
    oldest_unsealed_at: datetime | None
