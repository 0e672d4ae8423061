"""Words and frozen values of dispatch."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

from siaga.kernel.types import RegionId, Urgency
from siaga.regions.types import Words

AssignmentId = NewType("AssignmentId", UUID)


class AssignmentState(StrEnum):
    """How far one agency has come with one incident."""

    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    DONE = "done"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


OPEN_STATES = (
    AssignmentState.SENT,
    AssignmentState.ACKNOWLEDGED,
    AssignmentState.EN_ROUTE,
    AssignmentState.ON_SCENE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An agency proposed for an incident, and why."""

    agency_code: str
    agency_name: str
    role: str
    reason: Words
    on_duty: bool
    already_sent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStep:
    """A step of the frozen plan: seconds after sending, what, and to whom."""

    after_seconds: int
    action: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationPlan:
    """What was promised at sending; later edits of the profile do not touch it."""

    schema: int = 1
    profile_version: str
    urgency: str
    acknowledge_within_seconds: int
    steps: tuple[PlanStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentView:
    """An assignment as the faces show it."""

    id: AssignmentId
    region_id: RegionId
    incident_id: UUID
    agency_code: str
    role: str
    round: int
    state: AssignmentState
    urgency: Urgency
    note: str
    sent_at: datetime
    sent_by: UUID | None
    acknowledge_by: datetime
    acknowledged_at: datetime | None
    en_route_at: datetime | None
    on_scene_at: datetime | None
    done_at: datetime | None
    declined_at: datetime | None
    decline_reason: str
    done_note: str
    media_ids: tuple[UUID, ...]
    answered_by: UUID | None
    alarmed_at: datetime | None
    is_test: bool

    @property
    def is_open(self) -> bool:
        """Whether the agency still has something to do."""
        return self.state in OPEN_STATES


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueStep:
    """A step of a plan that should have run and left no trace: what the auditor shows."""

    assignment_id: UUID
    agency_code: str
    action: str
    due_at: datetime
