"""Frozen values of notices."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from siaga.kernel.types import RegionId


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Whom the notice was told to, each caller once."""

    heard: int
    sufficed: int
    """Hung up before the queue."""
    other: int
    """Pressed 1: another matter."""

    @property
    def further(self) -> int:
        """Callers about this very event, whoever of them hung up or stayed."""
        return self.heard - self.other

    @property
    def stayed(self) -> int:
        """Heard it to the end, or cannot speak, and waited for a person all the same."""
        return self.heard - self.sufficed - self.other


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeView:
    """What callers hear or heard first; `ended_at` is None while it is given."""

    id: UUID
    region_id: RegionId
    text: str
    incident_id: UUID | None
    given_by: UUID | None
    given_at: datetime
    ended_at: datetime | None
    tally: Tally
