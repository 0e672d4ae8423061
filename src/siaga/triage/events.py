"""Facts that triage records."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_noop

from siaga.journal.facts import Fact, fact


@fact(
    "triage.evidence_added",
    version=1,
    reads=gettext_noop("Evidence was recorded: %(kind)s. %(note)s"),
    personal=("note",),
    subjects=("report_id", "incident_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceAdded(Fact):
    report_id: UUID | None
    incident_id: UUID | None
    kind: str
    confirms: bool
    note: str


@fact(
    "triage.truth_settled",
    version=1,
    reads=gettext_noop("The report now counts as %(truth)s."),
    subjects=("report_id", "incident_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class TruthSettled(Fact):
    report_id: UUID | None
    incident_id: UUID | None
    truth: str


@fact(
    "triage.incident_opened",
    version=1,
    reads=gettext_noop("Incident %(code)s was opened: %(type_code)s, %(urgency)s."),
    subjects=("incident_id", "report_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentOpened(Fact):
    incident_id: UUID
    report_id: UUID
    code: str
    type_code: str
    urgency: str
    is_test: bool


@fact(
    "triage.incident_changed",
    version=1,
    reads=gettext_noop("The incident was corrected: %(type_code)s, %(urgency)s."),
    subjects=("incident_id",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentChanged(Fact):
    incident_id: UUID
    type_code: str
    urgency: str
    area_code: str


@fact(
    "triage.urgency_raised",
    version=1,
    reads=gettext_noop("The urgency was raised from %(before)s to %(urgency)s (%(reason)s)."),
    subjects=("incident_id",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class UrgencyRaised(Fact):
    incident_id: UUID
    before: str
    urgency: str
    reason: str


@fact(
    "triage.report_joined",
    version=1,
    reads=gettext_noop("A further report was joined to incident %(code)s."),
    subjects=("incident_id", "report_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ReportJoined(Fact):
    incident_id: UUID
    report_id: UUID
    code: str


@fact(
    "triage.report_unjoined",
    version=1,
    reads=gettext_noop("A report was taken out of incident %(code)s."),
    subjects=("incident_id", "report_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ReportUnjoined(Fact):
    incident_id: UUID
    report_id: UUID
    code: str


@fact(
    "triage.status_changed",
    version=1,
    reads=gettext_noop("The incident is now: %(status)s."),
    subjects=("incident_id",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChanged(Fact):
    incident_id: UUID
    before: str
    status: str
