"""What dispatch does about facts from upstream."""

from siaga.dispatch import services
from siaga.journal.subscribing import at_once
from siaga.journal.types import Entry
from siaga.triage.events import IncidentChanged, ReportJoined


def incident_changed(entry: Entry[IncidentChanged] | Entry[ReportJoined]) -> None:
    """A correction or a further report may have made it confidential."""
    services.name_cleared(entry.fact.incident_id, region_id=entry.region_id)


SUBSCRIPTIONS = [
    at_once(IncidentChanged, incident_changed),
    at_once(ReportJoined, incident_changed),
]
