"""What followup does when a time has come."""

from datetime import datetime

from siaga.followup import services
from siaga.followup.services.complaints import COMPLAINT_DUE
from siaga.journal.deadlines import Due


def complaint_due(due: Due, now: datetime) -> None:
    """A working-day clock has run out."""
    services.complaint_due(due.subject_id, due.data["stage"], region_id=due.region_id, now=now)


DEADLINES = {COMPLAINT_DUE: complaint_due}
