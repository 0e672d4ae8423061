"""Words and frozen values of triage."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

from siaga.intake.types import Place
from siaga.kernel.types import RegionId, Urgency

IncidentId = NewType("IncidentId", UUID)


class Truth(StrEnum):
    """Whether it is true: an axis of its own, never mixed with the work."""

    UNVERIFIED = "unverified"
    A1 = "a1"
    FALSE = "false"


class EvidenceKind(StrEnum):
    """By what means it was confirmed."""

    CONSISTENCY_QUESTIONS = "consistency_questions"
    CALLBACK = "callback"
    SECOND_CALLER = "second_caller"
    AGENCY_CONFIRM = "agency_confirm"
    CCTV = "cctv"
    MEDIA_FROM_REPORTER = "media_from_reporter"
    ON_SCENE_UNIT = "on_scene_unit"
    SUPERVISOR_OVERRIDE = "supervisor_override"


class IncidentStatus(StrEnum):
    """How far the work has come."""

    NEW = "new"
    IN_TRIAGE = "in_triage"
    DISPATCHED = "dispatched"
    ACKNOWLEDGED = "acknowledged"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    DONE = "done"
    CLOSED = "closed"
    REOPENED = "reopened"


class IncidentDisposition(StrEnum):
    """How an incident ended."""

    HANDLED = "handled"
    FALSE_REPORT = "false_report"
    NOT_FOUND = "not_found"
    DUPLICATE = "duplicate"
    SETTLED_BY_RESIDENTS = "settled_by_residents"
    REFERRED = "referred"
    OUT_OF_SCOPE = "out_of_scope"
    TEST = "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the call taker has decided about a report: enough to open an incident."""

    type_code: str
    urgency: Urgency
    place: Place
    summary: str = ""
    confidential: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceView:
    """One line of the A1 ledger."""

    id: UUID
    report_id: UUID | None
    incident_id: UUID | None
    kind: EvidenceKind
    confirms: bool
    note: str
    by: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentView:
    """An incident as the faces show it; all times aware, None while it has not happened."""

    id: IncidentId
    region_id: RegionId
    code: str
    type_code: str
    urgency: Urgency
    status: IncidentStatus
    truth: Truth
    dispatched_unverified: bool
    confidential: bool
    named_people: tuple[UUID, ...]
    named_agencies: tuple[str, ...]
    summary: str
    place: Place
    report_count: int
    opened_by: UUID | None
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """An open incident that may be the same event, and why it is proposed."""

    incident: IncidentView
    distance_metres: int | None
    minutes_ago: int
    same_type: bool
