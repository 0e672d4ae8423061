"""Words and frozen values of followup."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from siaga.kernel.types import RegionId


class Told(StrEnum):
    """What a citizen is told; each has its words in content/notices."""

    RECEIVED = "received"
    RECEIVED_CONFIDENTIAL = "received_confidential"
    JOINED = "joined"
    IN_PROGRESS = "in_progress"
    ACKNOWLEDGED = "acknowledged"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    DONE = "done"
    CLOSED = "closed"
    REOPENED = "reopened"
    REFUSED = "refused"
    REFERRAL = "referral"
    OUTSIDE_HOURS = "outside_hours"


class Stage(StrEnum):
    """The stages a citizen sees on the tracking page, in order."""

    RECEIVED = "received"
    VERIFIED = "verified"
    SENT = "sent"
    ACCEPTED = "accepted"
    ON_SCENE = "on_scene"
    DONE = "done"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class StageView:
    """One stage on the tracking page; `at` is None while it has not been reached."""

    stage: Stage
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionView:
    """A citizen said that it is not settled."""

    id: UUID
    report_id: UUID
    incident_id: UUID
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintClockView:
    """The working-day clocks of a service complaint (P4)."""

    incident_id: UUID
    verify_by: datetime
    verified_at: datetime | None
    follow_up_by: datetime
    followed_up_at: datetime | None
    resolve_by: datetime
    resolved_at: datetime | None


class OrphanKind(StrEnum):
    """How somebody could be forgotten; the list the auditor looks through."""

    CONTACT_WITHOUT_CLOCK = "contact_without_clock"
    CLAIM_WITHOUT_HOLDER = "claim_without_holder"
    REPORT_WITHOUT_INCIDENT = "report_without_incident"
    REPORT_WITHOUT_ANSWER = "report_without_answer"
    INCIDENT_WITHOUT_ASSIGNMENT = "incident_without_assignment"
    ASSIGNMENT_WITHOUT_CLOCK = "assignment_without_clock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Orphan:
    """Something that nobody owns and that has no outcome: it must not exist."""

    kind: OrphanKind
    region_id: RegionId
    subject_id: UUID
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingView:
    """What a citizen may see of their own report, and nothing about anybody else."""

    tracking_code: str
    region_id: RegionId
    language: str
    report_id: UUID
    contact_id: UUID
    correspondent_id: UUID | None
    incident_id: UUID | None
    type_code: str
    place_text: str
    stages: tuple[StageView, ...]
    agencies: tuple["AgencyProgress", ...]
    refused: str
    closed: bool
    outcome: str
    may_object: bool
    object_until: datetime | None
    objections: tuple[ObjectionView, ...]
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyProgress:
    """One agency's part as the citizen sees it, with its clock."""

    agency_name: str
    state: str
    sent_at: datetime
    acknowledge_by: datetime
    acknowledged_at: datetime | None
    on_scene_at: datetime | None
    done_at: datetime | None
