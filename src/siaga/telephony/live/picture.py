"""What a screen shows of one region's telephone. Pure; also the form in which it is stored."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from siaga.telephony.types import CallState


class PositionState(StrEnum):
    """What somebody at a position is doing, as Asterisk sees it."""

    EMPTY = "empty"
    """Nobody has taken it, or it is not in the queue."""
    UNREACHABLE = "unreachable"
    """In the queue, but no telephone is registered."""
    READY = "ready"
    PAUSED = "paused"
    RINGING = "ringing"
    TALKING = "talking"
    WRAP_UP = "wrap_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveCall:
    """A call under way; `position` answers it or is being rung."""

    linked_id: str
    number: str
    state: CallState
    presented_at: datetime
    queued_at: datetime | None = None
    answered_at: datetime | None = None
    priority: int = 0
    position: int | None = None
    overflow: str = ""
    """The step of the ladder it has reached."""
    is_callback: bool = False
    contact: str = ""
    cannot_speak: bool = False
    held: bool = False
    """A graded number that was asked to press 1."""
    on_hold: bool = False
    has_spoken: bool = False
    """Something was heard from the caller."""
    voice: bool | None = None
    """Whether the voice detector heard a voice; None while it has not said. Only a hint."""
    in_conference: bool = False
    parties: tuple[str, ...] = ()
    """Who is in the conference beside the caller: numbers and endpoints."""
    heard_by: tuple[int, ...] = ()
    """Positions of supervisors who listen."""
    is_test: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LivePosition:
    """A position of the profile; `person_id` is who has taken it, known to our tables alone."""

    number: int
    state: PositionState
    since: datetime | None = None
    reason: str = ""
    """Why it is paused."""
    call: str = ""
    """The linkedid of the call it rings for, talks in, or wraps up."""
    device: str = ""
    registered: bool = False
    person_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LivePicture:
    """One region; without a connection to Asterisk it says what was true last."""

    connected: bool = False
    at: datetime | None = None
    calls: tuple[LiveCall, ...] = ()
    positions: tuple[LivePosition, ...] = ()
    waiting: tuple[str, ...] = ()
    """Linkedids in the order in which they will be answered."""
    overflow: str = ""
    """Why the queue is closed to the ladder; empty while it is open."""
    notice: str = ""
    """The known-event notice that callers hear first; empty without one."""

    def call(self, linked_id: str) -> LiveCall | None:
        """A call of this picture."""
        return next((one for one in self.calls if one.linked_id == linked_id), None)

    def position(self, number: int) -> LivePosition | None:
        """A position of this picture."""
        return next((one for one in self.positions if one.number == number), None)


def to_stored(picture: LivePicture) -> dict[str, Any]:
    """As JSON-ready values, without what our own tables know better."""
    bare = replace(
        picture, positions=tuple(replace(one, person_id=None) for one in picture.positions)
    )
    stored: dict[str, Any] = msgspec.to_builtins(bare)
    return stored


def from_stored(stored: dict[str, Any]) -> LivePicture:
    """The picture again; an older one of another shape is an empty one."""
    try:
        return msgspec.convert(stored, LivePicture)
    except msgspec.ValidationError:
        return LivePicture()
