"""Facts that followup records."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_noop

from siaga.journal.facts import Fact, fact


@fact(
    "followup.reporter_told",
    version=1,
    reads=gettext_noop("The reporter was told: %(told)s."),
    subjects=("report_id", "incident_id", "contact_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ReporterTold(Fact):
    report_id: UUID
    contact_id: UUID
    incident_id: UUID | None
    told: str


@fact(
    "followup.closed_told",
    version=1,
    reads=gettext_noop("The citizen was told that the centre is closed and whom to call."),
    subjects=("contact_id",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedTold(Fact):
    contact_id: UUID
    opens_at: datetime | None


@fact(
    "followup.incident_closed",
    version=1,
    reads=gettext_noop("The incident was closed: %(disposition)s. %(note)s"),
    personal=("note",),
    subjects=("incident_id",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentClosed(Fact):
    incident_id: UUID
    disposition: str
    note: str


@fact(
    "followup.objection_raised",
    version=1,
    reads=gettext_noop("The citizen objects: %(text)s"),
    personal=("text",),
    subjects=("objection_id", "report_id", "incident_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionRaised(Fact):
    objection_id: UUID
    report_id: UUID
    incident_id: UUID
    text: str


@fact(
    "followup.incident_reopened",
    version=1,
    reads=gettext_noop("The incident was reopened: %(reason)s"),
    personal=("reason",),
    subjects=("incident_id",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentReopened(Fact):
    incident_id: UUID
    reason: str


@fact(
    "followup.complaint_overdue",
    version=1,
    reads=gettext_noop("A service complaint is overdue (%(stage)s)."),
    subjects=("incident_id",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintOverdue(Fact):
    incident_id: UUID
    stage: str
