"""Words and frozen values of the desks."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

from siaga.kernel.types import RegionId
from siaga.regions.types import ShiftAt

PositionId = NewType("PositionId", UUID)
SittingId = NewType("SittingId", UUID)


class PositionKind(StrEnum):
    """What a desk is for; anybody who may use the console may sit at any of them."""

    CALL_TAKING = "call_taking"
    DISPATCH = "dispatch"
    SUPERVISION = "supervision"


class Presence(StrEnum):
    """What the person at a desk is doing. Only `available` takes new work by itself."""

    AVAILABLE = "available"
    BUSY = "busy"
    WRAP_UP = "wrap_up"
    BREAK = "break"
    AWAY = "away"


class BreakReason(StrEnum):
    """Why somebody is on a break; a break without a reason is refused."""

    MEAL = "meal"
    PRAYER = "prayer"
    REST = "rest"
    RESTROOM = "restroom"
    BRIEFING = "briefing"
    TECHNICAL = "technical"


class LeaveReason(StrEnum):
    """How a sitting ended."""

    LEFT = "left"
    MOVED = "moved"
    RELIEVED = "relieved"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionView:
    """A desk, and who sits there now."""

    id: PositionId
    region_id: RegionId
    code: str
    name: str
    kind: PositionKind
    active: bool
    person_id: UUID | None
    presence: Presence | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDuty:
    """A person at a desk at a moment; `since` is when this presence began."""

    sitting_id: SittingId
    person_id: UUID
    name: str
    position_id: PositionId
    position_code: str
    position_name: str
    kind: PositionKind
    presence: Presence
    break_reason: BreakReason | None
    since: datetime
    taken_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How well the shift of a moment is manned. `shift` is None outside all shifts."""

    shift: ShiftAt | None
    seats: int
    seated: int
    available: int

    @property
    def short_by(self) -> int:
        """How many call takers are missing."""
        return max(0, self.seats - self.seated)
