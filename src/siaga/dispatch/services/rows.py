"""Finding and locking the room's own rows; telling triage how far the work has come."""

from datetime import datetime
from uuid import UUID

from siaga.dispatch import events, rules
from siaga.dispatch.models import Assignment
from siaga.dispatch.types import AssignmentState
from siaga.journal import services as journal
from siaga.journal.types import Actor
from siaga.kernel.errors import NotFound
from siaga.kernel.types import RegionId
from siaga.triage import queries as triage_queries
from siaga.triage import services as triage
from siaga.triage.types import IncidentStatus


def locked_assignment(assignment_id: UUID, region_id: RegionId) -> Assignment:
    """The row, locked behind its incident; NotFound if absent or in another region."""
    rows = Assignment.objects.filter(id=assignment_id, region_id=region_id)
    incident_id = rows.values_list("incident_id", flat=True).first()
    if incident_id is None:
        raise NotFound
    triage.hold(incident_id, region_id=region_id)
    return rows.select_for_update().get()


def refresh_incident(incident_id: UUID, *, region_id: RegionId, by: Actor, now: datetime) -> None:
    """Tell triage what the assignments since it was last reopened amount to by now.

    The incident is held, so that of two agencies who finish at once the second sees the first.
    """
    incident = triage_queries.incident(region_id, incident_id)
    if incident is None:
        raise NotFound
    present = Assignment.objects.filter(
        region_id=region_id, incident_id=incident_id, round=incident.reopened_count
    )
    states = [AssignmentState(state) for state in present.values_list("state", flat=True)]
    status = rules.incident_status(states)
    if incident.status in (status, IncidentStatus.CLOSED):
        return
    triage.advance(incident_id, status, region_id=region_id, by=by, now=now)
    if status is IncidentStatus.DONE:
        journal.record(events.AllDone(incident_id=incident_id), region_id=region_id, by=by, now=now)
    elif status is IncidentStatus.IN_TRIAGE and AssignmentState.DECLINED in states:
        journal.record(
            events.AllDeclined(incident_id=incident_id), region_id=region_id, by=by, now=now
        )
