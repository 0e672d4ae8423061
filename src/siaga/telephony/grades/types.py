"""Words and frozen values of graded numbers."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from uuid import UUID

from siaga.kernel.types import RegionId


class Grade(IntEnum):
    """How a number that calls without need is taken. Whatever the grade, a person is reached."""

    LATER = 1
    """Later in the queue."""
    ASK = 2
    """Asked to press 1 if it is an emergency; then later in the queue."""
    HOLD = 3
    """The same for a fixed time, decided by a supervisor; it does not fade."""

    @property
    def how(self) -> str:
        """What the dialplan knows it as."""
        return "later" if self is Grade.LATER else "ask"


class GradeEnd(StrEnum):
    """Why a grade ended."""

    FADED = "faded"
    EXPIRED = "expired"
    REPLACED = "replaced"
    LIFTED = "lifted"
    DISMISSED = "dismissed"
    NEAR_INCIDENT = "near_incident"
    REPORTED = "reported"


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeView:
    """A number's grade, or a hold that is proposed to the supervisor."""

    id: UUID
    region_id: RegionId
    phone: str
    grade: Grade
    proposed: bool
    by_hand: bool
    until: datetime
    reason: str
    contact_id: UUID | None
    given_at: datetime
    given_by: UUID | None
    ended_at: datetime | None
    ended_why: GradeEnd | None
