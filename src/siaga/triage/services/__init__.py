"""The only writes of triage."""

from siaga.triage.services.evidence import add_evidence
from siaga.triage.services.incidents import (
    advance,
    close,
    correct,
    hold,
    mark_dispatched_unverified,
    mark_reporter_informed,
    name_agency,
    name_person,
    open_incident,
    raise_urgency,
    reopen,
)
from siaga.triage.services.joining import join, unjoin

__all__ = [
    "add_evidence",
    "advance",
    "close",
    "correct",
    "hold",
    "join",
    "mark_dispatched_unverified",
    "mark_reporter_informed",
    "name_agency",
    "name_person",
    "open_incident",
    "raise_urgency",
    "reopen",
    "unjoin",
]
