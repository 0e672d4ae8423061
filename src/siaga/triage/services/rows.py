"""Finding and locking the room's own rows."""

from uuid import UUID

from siaga.kernel.errors import NotFound
from siaga.kernel.types import RegionId
from siaga.triage.errors import IncidentIsClosed
from siaga.triage.models import Assessment, Incident
from siaga.triage.types import IncidentStatus


def locked_incident(incident_id: UUID, region_id: RegionId) -> Incident:
    """The row, locked; NotFound if absent or in another region."""
    row = Incident.objects.select_for_update().filter(id=incident_id, region_id=region_id).first()
    if row is None:
        raise NotFound
    return row


def locked_open_incident(incident_id: UUID, region_id: RegionId) -> Incident:
    """The row, locked; IncidentIsClosed if its work is over."""
    row = locked_incident(incident_id, region_id)
    if row.status == IncidentStatus.CLOSED:
        raise IncidentIsClosed(code=row.code)
    return row


def assessment_of(report_id: UUID, region_id: RegionId) -> Assessment:
    """What triage thinks of a report; made at the first look."""
    row, _ = Assessment.objects.select_for_update().get_or_create(
        report_id=report_id, defaults={"region_id": region_id}
    )
    return row
