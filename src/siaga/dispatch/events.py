"""Facts that dispatch records."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_noop

from siaga.journal.facts import Fact, fact

_SUBJECTS = ("assignment_id", "incident_id")


@fact(
    "dispatch.assignment_sent",
    version=1,
    reads=gettext_noop("Sent to %(agency_code)s (%(role)s)."),
    subjects=_SUBJECTS,
)
@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentSent(Fact):
    assignment_id: UUID
    incident_id: UUID
    agency_code: str
    role: str
    urgency: str
    unverified: bool


@fact(
    "dispatch.assignment_acknowledged",
    version=1,
    reads=gettext_noop("%(agency_code)s accepted."),
    subjects=_SUBJECTS,
)
@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentAcknowledged(Fact):
    assignment_id: UUID
    incident_id: UUID
    agency_code: str
    late_seconds: int


@fact(
    "dispatch.assignment_declined",
    version=1,
    reads=gettext_noop("%(agency_code)s declined: %(reason)s"),
    personal=("reason",),
    subjects=_SUBJECTS,
)
@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentDeclined(Fact):
    assignment_id: UUID
    incident_id: UUID
    agency_code: str
    reason: str


@fact(
    "dispatch.assignment_advanced",
    version=1,
    reads=gettext_noop("%(agency_code)s: %(state)s."),
    subjects=_SUBJECTS,
)
@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentAdvanced(Fact):
    assignment_id: UUID
    incident_id: UUID
    agency_code: str
    state: str


@fact(
    "dispatch.assignment_done",
    version=1,
    reads=gettext_noop("%(agency_code)s finished: %(note)s"),
    personal=("note",),
    subjects=_SUBJECTS,
)
@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentDone(Fact):
    assignment_id: UUID
    incident_id: UUID
    agency_code: str
    note: str


@fact(
    "dispatch.assignment_withdrawn",
    version=1,
    reads=gettext_noop("The assignment of %(agency_code)s was withdrawn (%(reason)s)."),
    subjects=_SUBJECTS,
)
@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentWithdrawn(Fact):
    assignment_id: UUID
    incident_id: UUID
    agency_code: str
    reason: str


@fact(
    "dispatch.escalated",
    version=1,
    reads=gettext_noop("%(agency_code)s has not answered: %(action)s (%(to)s)."),
    subjects=_SUBJECTS,
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Escalated(Fact):
    assignment_id: UUID
    incident_id: UUID
    agency_code: str
    action: str
    to: str
    step: int


@fact(
    "dispatch.supervisor_alarmed",
    version=1,
    reads=gettext_noop("The supervisor was alarmed: %(agency_code)s is silent."),
    subjects=_SUBJECTS,
)
@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisorAlarmed(Fact):
    assignment_id: UUID
    incident_id: UUID
    agency_code: str


@fact(
    "dispatch.all_declined",
    version=1,
    reads=gettext_noop("Every agency declined; the incident needs a new one at once."),
    subjects=("incident_id",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class AllDeclined(Fact):
    incident_id: UUID


@fact(
    "dispatch.all_done",
    version=1,
    reads=gettext_noop("Every agency has finished."),
    subjects=("incident_id",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class AllDone(Fact):
    incident_id: UUID
