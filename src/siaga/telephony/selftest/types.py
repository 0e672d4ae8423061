"""Words and values of the self-test."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from siaga.kernel.types import RegionId
from siaga.telephony.types import CallOutcome


class Check(StrEnum):
    """What has to happen to a call, in this order."""

    ASTERISK = "asterisk"
    """It can be reached, and takes the call."""
    TRUNK = "trunk"
    """The call left by the trunk, and the carrier brought it back."""
    OFFERED = "offered"
    """The call came in as from the trunk."""
    GREETED = "greeted"
    QUEUED = "queued"
    PICTURE = "picture"
    """The daemon saw it; the supervisor's page would have shown it."""
    LOGGED = "logged"
    """It stands in the call log, ended."""
    CONTACT = "contact"
    """Somebody would have had it on the desk."""
    RECORDED = "recorded"
    """Both voices are kept, if somebody answered."""
    BROKE_OFF = "broke_off"
    """The test itself was killed."""


class Way(StrEnum):
    """Which way the call took; a test of before this was known says nothing."""

    UNKNOWN = ""
    INSIDE = "inside"
    """Into the trunk's own context: the carrier had no part in it."""
    TRUNK = "trunk"
    """Out by the trunk and in again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What was seen of the call while it lasted."""

    linked_id: str = ""
    marks: tuple[str, ...] = ()
    in_picture: bool = False
    path: Way = Way.INSIDE
    problem: str = ""
    """Why there was no call at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What was left of it afterwards."""

    outcome: CallOutcome | None = None
    answered: bool = False
    has_contact: bool = False
    is_recorded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfTestView:
    """A test; `ended_at` is None while it runs."""

    id: UUID
    region_id: RegionId
    asked_by: UUID | None
    started_at: datetime
    ended_at: datetime | None
    failed: tuple[Check, ...]
    note: str
    outcome: CallOutcome | None
    rang_position: int | None
    path: Way

    @property
    def passed(self) -> bool:
        """Whether it is over and nothing was missing."""
        return self.ended_at is not None and not self.failed
