"""Facts about desks: who sat where, and what they were doing. No personal data but ids."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_noop

from siaga.journal.facts import Fact, fact
from siaga.workforce.types import BreakReason, LeaveReason, PositionKind, Presence


@fact(
    "workforce.position_opened",
    version=1,
    reads=gettext_noop("The desk %(name)s (%(code)s) was set up."),
    subjects=("position_id",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class PositionOpened(Fact):
    """A desk exists from now on, or is in use again."""

    position_id: UUID
    code: str
    name: str
    kind: PositionKind


@fact(
    "workforce.position_closed",
    version=1,
    reads=gettext_noop("The desk %(code)s is no longer in use."),
    subjects=("position_id",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class PositionClosed(Fact):
    """Nobody may take the desk any more."""

    position_id: UUID
    code: str


@fact(
    "workforce.position_taken",
    version=1,
    reads=gettext_noop("The desk %(code)s was taken."),
    subjects=("position_id", "sitting_id", "person_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class PositionTaken(Fact):
    """A person sat down and is available."""

    position_id: UUID
    sitting_id: UUID
    person_id: UUID
    code: str


@fact(
    "workforce.position_left",
    version=1,
    reads=gettext_noop("The desk %(code)s was left (%(reason)s)."),
    subjects=("position_id", "sitting_id", "person_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class PositionLeft(Fact):
    """A person no longer sits there."""

    position_id: UUID
    sitting_id: UUID
    person_id: UUID
    code: str
    reason: LeaveReason


@fact(
    "workforce.presence_changed",
    version=1,
    reads=gettext_noop("At the desk %(code)s: %(presence)s."),
    subjects=("position_id", "sitting_id", "person_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceChanged(Fact):
    """The person at a desk does something else from now on."""

    position_id: UUID
    sitting_id: UUID
    person_id: UUID
    code: str
    presence: Presence
    break_reason: BreakReason | None
