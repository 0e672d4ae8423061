"""What the holder of a tracking code may hear of: the report, and the incident it belongs to."""

from uuid import UUID

from siaga.intake import queries as intake
from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import RegionId
from siaga.triage import queries as triage


def subjects_of_code(region_id: RegionId, code: str) -> frozenset[UUID] | None:
    """The ids behind a normalized tracking code; None if there is no such report here."""
    with acting_in(region_id):
        report = intake.report_by_code(region_id, code)
        if report is None:
            return None
        incident = triage.incident_of_report(region_id, report.id)
        return frozenset({report.id} if incident is None else {report.id, incident.id})
