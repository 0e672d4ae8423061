"""How everything stands by the journal alone, as a wise clerk would read it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from siaga.dispatch.types import AssignmentState
from siaga.intake.types import ContactState
from siaga.journal.types import EntryView
from siaga.triage.types import IncidentStatus

_CONTACT = {
    "intake.contact_opened": ContactState.WAITING,
    "intake.contact_disposed": ContactState.DISPOSED,
    "intake.disposition_undone": ContactState.CLAIMED,
    "intake.report_completed": ContactState.REPORTED,
    "intake.report_refused": ContactState.DISPOSED,
}
# Whoever takes up a contact that has its outcome already answers a message; the outcome stays.
_IN_HAND = {
    "intake.contact_claimed": ContactState.CLAIMED,
    "intake.contact_taken_over": ContactState.CLAIMED,
    "intake.contact_released": ContactState.WAITING,
}
_ENDED = (ContactState.DISPOSED, ContactState.REPORTED)
_ASSIGNMENT = {
    "dispatch.assignment_sent": AssignmentState.SENT,
    "dispatch.assignment_acknowledged": AssignmentState.ACKNOWLEDGED,
    "dispatch.assignment_declined": AssignmentState.DECLINED,
    "dispatch.assignment_done": AssignmentState.DONE,
    "dispatch.assignment_withdrawn": AssignmentState.WITHDRAWN,
}


@dataclass
class Told:
    """By id."""

    contacts: dict[UUID, str] = field(default_factory=dict)
    incidents: dict[UUID, str] = field(default_factory=dict)
    assignments: dict[UUID, str] = field(default_factory=dict)


def replay(entries: Iterable[EntryView]) -> Told:
    """Of a region's entries, oldest first."""
    told = Told()
    for entry in entries:
        data = entry.data
        if (contact := _CONTACT.get(entry.name)) is not None:
            told.contacts[UUID(data["contact_id"])] = contact
        elif (contact := _IN_HAND.get(entry.name)) is not None:
            key = UUID(data["contact_id"])
            told.contacts[key] = before if (before := told.contacts[key]) in _ENDED else contact
        elif entry.name == "triage.incident_opened":
            told.incidents[UUID(data["incident_id"])] = IncidentStatus.IN_TRIAGE
        elif entry.name == "triage.status_changed":
            told.incidents[UUID(data["incident_id"])] = data["status"]
        elif entry.name == "dispatch.assignment_advanced":
            told.assignments[UUID(data["assignment_id"])] = data["state"]
        elif (assignment := _ASSIGNMENT.get(entry.name)) is not None:
            told.assignments[UUID(data["assignment_id"])] = assignment
    return told
