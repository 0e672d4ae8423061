"""Words and frozen values of the call-back list."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from siaga.kernel.types import RegionId


class CallbackWhy(StrEnum):
    """Why somebody is to be called back, the most worrying first."""

    CUT_OFF = "cut_off"
    """The talk was lost."""
    UNANSWERED = "unanswered"
    """A position rang, and nobody answered."""
    INSTRUCTION = "instruction"
    """They heard the recorded instruction: nobody was there at all."""
    ABANDONED = "abandoned"
    """They hung up while they waited."""
    CLOSED = "closed"
    """They called out of hours."""
    HELD = "held"
    """A graded number that did not press 1."""


class CallbackEnd(StrEnum):
    """How it was settled; the first three by themselves, the others by a person."""

    CALLED_AGAIN = "called_again"
    REPORTED = "reported"
    CONTACT_ENDED = "contact_ended"
    REACHED = "reached"
    NOT_REACHED = "not_reached"
    WRONG_NUMBER = "wrong_number"
    NOT_NEEDED = "not_needed"


BY_HAND = (
    CallbackEnd.REACHED, CallbackEnd.NOT_REACHED, CallbackEnd.WRONG_NUMBER, CallbackEnd.NOT_NEEDED,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackView:
    """One to-do. A number has at most one that is open; without a number nobody can be called."""

    id: UUID
    region_id: RegionId
    phone: str | None
    number: str
    why: CallbackWhy
    contacts: tuple[UUID, ...]
    """Its calls, which are contacts; the latest last."""
    tries: int
    waited_seconds: int
    cannot_speak: bool
    opened_at: datetime
    last_at: datetime
    attempts: int
    attempted_at: datetime | None
    attempt_answered: bool
    closed_at: datetime | None
    closed_how: CallbackEnd | None
    closed_by: UUID | None
    note: str
    is_test: bool

    @property
    def callable(self) -> bool:
        """Whether there is a number at all."""
        return self.phone is not None

    @property
    def proposed(self) -> bool:
        """One attempt is proposed, not two."""
        return self.callable and self.attempts == 0
