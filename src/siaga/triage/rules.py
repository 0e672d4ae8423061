"""Pure decisions of triage: what counts as true, what may be sent, what may be the same event."""

from collections.abc import Iterable
from datetime import date, timedelta

from siaga.kernel.types import Urgency
from siaga.triage.types import EvidenceKind, EvidenceView, IncidentStatus, Truth

SIMILAR_METRES_MAX = 1_500
SIMILAR_HOURS_MAX = 12
SIMILAR_MAX = 5

# Who has seen it with their own eyes can take a confirmation back.
_DISPROVING = {
    EvidenceKind.ON_SCENE_UNIT,
    EvidenceKind.AGENCY_CONFIRM,
    EvidenceKind.CALLBACK,
    EvidenceKind.CCTV,
    EvidenceKind.SUPERVISOR_OVERRIDE,
}
# Nobody but the centre can take the next step.
UNATTENDED = (
    IncidentStatus.NEW,
    IncidentStatus.IN_TRIAGE,
    IncidentStatus.REOPENED,
    IncidentStatus.DONE,
)


def truth_from(evidence: Iterable[EvidenceView]) -> Truth:
    """What the ledger says by now, read in the order of its lines."""
    truth = Truth.UNVERIFIED
    for line in evidence:
        if line.confirms:
            truth = Truth.A1
        elif line.kind in _DISPROVING:
            truth = Truth.FALSE
    return truth


def may_be_sent(*, truth: Truth, needs_a1: bool) -> bool:
    """Whether agencies may be called now: confirmed, or the region does not ask for it here."""
    return truth is Truth.A1 or (truth is Truth.UNVERIFIED and not needs_a1)


def is_lowering(before: Urgency, after: Urgency) -> bool:
    """Whether the change makes it less urgent."""
    return after.rank > before.rank


def incident_code(prefix: str, day: date, number: int) -> str:
    """The short code people say aloud: ``BWI-261121-0042``."""
    return f"{prefix}-{day:%y%m%d}-{number:04d}"


def similar_span() -> timedelta:
    """How far back an open incident may still be the same event."""
    return timedelta(hours=SIMILAR_HOURS_MAX)
