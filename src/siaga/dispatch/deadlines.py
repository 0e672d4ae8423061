"""What dispatch does when a time has come."""

from datetime import datetime
from uuid import UUID

from siaga.dispatch import services
from siaga.dispatch.services.escalating import ESCALATE
from siaga.journal.deadlines import Due


def escalate(due: Due, now: datetime) -> None:
    """A step of an escalation plan is due."""
    services.run_step(due.subject_id, UUID(due.data["token"]), region_id=due.region_id, now=now)


DEADLINES = {ESCALATE: escalate}
