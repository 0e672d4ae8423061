"""Words and frozen values of intake."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType
from uuid import UUID

from siaga.kernel.geometry import Point
from siaga.kernel.types import Channel, RegionId, Urgency

ContactId = NewType("ContactId", UUID)
ReportId = NewType("ReportId", UUID)


class ContactState(StrEnum):
    """Where an approach stands."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    DISPOSED = "disposed"
    REPORTED = "reported"


class ContactDisposition(StrEnum):
    """How a contact ended that did not become a report."""

    GHOST = "ghost"
    PRANK = "prank"
    INFORMATION = "information"
    REFUSED = "refused"
    LOCKED_PHONE = "locked_phone"
    VENTING = "venting"
    DUPLICATE = "duplicate"
    CUT_OFF = "cut_off"
    WRONG_NUMBER = "wrong_number"
    TEST = "test"


class ReportState(StrEnum):
    """Where a citizen's report stands; every report ends answered, refused or withdrawn."""

    RECEIVED = "received"
    IN_TRIAGE = "in_triage"
    ATTACHED = "attached"
    REFUSED = "refused"
    ANSWERED = "answered"


class LocationState(StrEnum):
    """How well we know where; `ambiguous` is a state, not a mistake."""

    UNKNOWN = "unknown"
    AMBIGUOUS = "ambiguous"
    KNOWN = "known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something happened, as far as it is known."""

    area_code: str = ""
    text: str = ""
    point: Point | None = None
    state: LocationState = LocationState.UNKNOWN

    @property
    def is_plausible(self) -> bool:
        """Whether a unit could be sent there."""
        return self.state is LocationState.KNOWN and bool(self.area_code or self.point)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What a citizen tells: the form of the web, the notes of a call taker."""

    narrative: str
    type_code: str = ""
    urgency: Urgency | None = None
    place: Place = field(default_factory=Place)
    reporter_name: str = ""
    reporter_phone: str | None = None
    anonymous: bool = False
    confidential: bool = False
    answers: dict[str, Any] = field(default_factory=dict)
    language: str = "id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approach:
    """Somebody approached: all that is known when a contact opens."""

    channel: Channel
    correspondent_id: UUID | None = None
    phone: str | None = None
    display_name: str = ""
    preview: str = ""
    language: str = "id"
    point: Point | None = None
    # A call and its contact are one thing with one id; every other contact gets its own.
    contact_id: UUID | None = None
    came_at: datetime | None = None
    type_code: str = ""
    confidential: bool = False
    is_test: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactView:
    """A contact as the faces show it."""

    id: ContactId
    region_id: RegionId
    channel: Channel
    state: ContactState
    correspondent_id: UUID | None
    phone: str | None
    display_name: str
    preview: str
    language: str
    point: Point | None
    rank: int
    received_at: datetime
    last_activity_at: datetime
    waiting_since: datetime | None
    unread: int
    claimed_by: UUID | None
    claimed_at: datetime | None
    claim_seen_at: datetime | None
    disposition: ContactDisposition | None
    disposition_note: str
    disposed_at: datetime | None
    disposed_by: UUID | None
    report_id: ReportId | None
    type_code: str
    confidential: bool
    is_test: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """A report as the faces show it."""

    id: ReportId
    region_id: RegionId
    contact_id: ContactId
    tracking_code: str
    channel: Channel
    correspondent_id: UUID | None
    state: ReportState
    language: str
    narrative: str
    type_code: str
    urgency: Urgency | None
    place: Place
    reporter_name: str
    reporter_phone: str | None
    anonymous: bool
    confidential: bool
    answers: dict[str, Any]
    received_at: datetime
    location_known_at: datetime | None
    type_known_at: datetime | None
    answered_at: datetime | None
    refusal: str
    is_test: bool
