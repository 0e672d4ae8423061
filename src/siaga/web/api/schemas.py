"""What the API says and hears. Names are those of the rooms; times are ISO 8601 with zone."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from siaga.dispatch.types import AssignmentState
from siaga.intake.types import ContactDisposition, ContactState, LocationState, ReportState
from siaga.kernel.types import Channel, Urgency
from siaga.messaging.types import DeliveryState, Direction, MessageKind
from siaga.telephony.recordings.types import RecordingState
from siaga.telephony.types import CallOutcome
from siaga.triage.types import EvidenceKind, IncidentDisposition, IncidentStatus, Truth


class PointOut(Schema):
    lat: float
    lng: float


class PlaceOut(Schema):
    area_code: str
    text: str
    point: PointOut | None
    state: LocationState


class ContactOut(Schema):
    id: UUID
    channel: Channel
    state: ContactState
    correspondent_id: UUID | None
    phone: str | None
    display_name: str
    preview: str
    language: str
    received_at: datetime
    last_activity_at: datetime
    waiting_since: datetime | None
    rank: int = Field(description="Smaller comes first; 0 rings, 1 speaks of danger.")
    claimed_by: UUID | None
    claimed_at: datetime | None
    disposition: ContactDisposition | None
    disposed_at: datetime | None
    report_id: UUID | None
    confidential: bool
    is_test: bool


class MessageOut(Schema):
    id: UUID
    contact_id: UUID | None
    correspondent_id: UUID
    channel: Channel
    direction: Direction
    kind: MessageKind
    external_id: str | None
    text: str
    point: PointOut | None
    status: DeliveryState
    error: str
    at: datetime


class ReportOut(Schema):
    id: UUID
    contact_id: UUID
    tracking_code: str
    channel: Channel
    state: ReportState
    language: str
    narrative: str
    type_code: str
    place: PlaceOut
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


class IncidentOut(Schema):
    id: UUID
    code: str
    type_code: str
    urgency: Urgency
    status: IncidentStatus
    truth: Truth
    dispatched_unverified: bool
    confidential: bool
    summary: str
    place: PlaceOut
    report_count: int
    presented_at: datetime
    location_known_at: datetime | None
    type_known_at: datetime | None
    opened_at: datetime
    verified_at: datetime | None
    dispatched_at: datetime | None
    acknowledged_at: datetime | None
    en_route_at: datetime | None
    on_scene_at: datetime | None
    done_at: datetime | None
    reporter_informed_at: datetime | None
    closed_at: datetime | None
    disposition: IncidentDisposition | None
    reopened_count: int
    is_test: bool


class AssignmentOut(Schema):
    id: UUID
    incident_id: UUID
    agency_code: str
    role: str
    state: AssignmentState
    urgency: Urgency
    note: str
    sent_at: datetime
    acknowledge_by: datetime
    acknowledged_at: datetime | None
    en_route_at: datetime | None
    on_scene_at: datetime | None
    done_at: datetime | None
    declined_at: datetime | None
    decline_reason: str
    done_note: str
    alarmed_at: datetime | None
    is_test: bool


class RecordingOut(Schema):
    state: RecordingState
    seconds: float
    sha256: str = Field(description="Of the sound itself, a FLAC; empty until it is kept.")
    url: str | None = Field(description="Where somebody signed in hears it; each time is noted.")


class RecordingDetailOut(RecordingOut):
    recorded: datetime
    kept: datetime | None
    removed: datetime | None
    is_outgoing: bool = Field(description="We called; the citizen is on the left all the same.")
    size: int = Field(description="Bytes of the sound.")
    held: bool = Field(description="Kept beyond its days.")
    sound: str | None = Field(description="Where a token with the scope `recordings` hears it.")


class CallOut(Schema):
    id: UUID
    linkedid: str = Field(description="Asterisk's own key, unique over all its servers.")
    number: str = Field(description="As the trunk gave it; may be empty or no number at all.")
    phone: str | None = Field(description="The number in E.164, or null.")
    is_callback: bool
    presented: datetime = Field(description="The trunk handed it to us.")
    queued: datetime | None
    ringing: datetime | None
    answered: datetime | None
    ended: datetime | None
    position: int | None
    overflow: str
    cannot_speak: bool
    cut_off: bool
    outcome: CallOutcome | None
    contact: UUID | None = Field(description="Its contact; of a call back, whom it was about.")
    recording: RecordingOut | None
    is_test: bool


class ActorOut(Schema):
    kind: str
    id: str


class EntryOut(Schema):
    id: UUID
    name: str
    at: datetime
    actor: ActorOut
    cause_id: UUID | None
    subjects: list[UUID]
    data: dict[str, Any]
    sentence: str
    forgotten: bool


class PointIn(Schema):
    lat: float = Field(ge=-90, le=90)
    lng: float = Field(ge=-180, le=180)


class PlaceIn(Schema):
    area_code: str = Field("", max_length=16)
    text: str = Field("", max_length=300)
    point: PointIn | None = None


class DisposeIn(Schema):
    disposition: ContactDisposition
    note: str = Field("", max_length=500)


class ReportIn(Schema):
    narrative: str = Field(max_length=5000)
    type_code: str = Field("", max_length=30)
    place: PlaceIn = Field(default_factory=lambda: PlaceIn.model_validate({}))
    reporter_name: str = Field("", max_length=120)
    reporter_phone: str | None = Field(None, max_length=30)
    language: str = Field("id", pattern="^(id|en)$")
    confidential: bool = False


class OpenIncidentIn(Schema):
    type_code: str = Field(max_length=30)
    urgency: Urgency
    place: PlaceIn
    summary: str = Field("", max_length=500)


class EvidenceIn(Schema):
    kind: EvidenceKind
    confirms: bool = True
    note: str = Field("", max_length=500)


class OrderIn(Schema):
    agency_code: str = Field(max_length=40)
    role: str = Field("lead", pattern="^(lead|support)$")
    note: str = Field("", max_length=500)


class DispatchIn(Schema):
    agencies: list[OrderIn] = Field(min_length=1, max_length=20)


class ProposalOut(Schema):
    agency_code: str
    agency_name: str
    role: str
    reason: str
    on_duty: bool
    already_sent: bool


class RefuseIn(Schema):
    reason: str = Field("", max_length=500)


class CloseIn(Schema):
    disposition: IncidentDisposition
    note: str = Field("", max_length=500)


class ReasonIn(Schema):
    reason: str = Field(min_length=1, max_length=500)


class DoneIn(Schema):
    note: str = Field("", max_length=2000)


class TextIn(Schema):
    text: str = Field(min_length=1, max_length=4000)


class IdOut(Schema):
    id: UUID


class IdsOut(Schema):
    ids: list[UUID]
