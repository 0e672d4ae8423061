"""Pure decisions of followup."""

from datetime import datetime, timedelta

from siaga.followup.types import Stage, StageView
from siaga.kernel.types import Channel, Urgency
from siaga.triage.types import IncidentStatus, IncidentView

SERIOUS = (Urgency.P1, Urgency.P2)
# Where a citizen waits for an answer in words; the web form shows the hours on its page.
CHATS = (Channel.WHATSAPP, Channel.INSTAGRAM, Channel.X, Channel.TELEGRAM)


def is_serious(urgency: Urgency) -> bool:
    """Whether closing it is beyond a restricted call taker."""
    return urgency in SERIOUS


def object_until(closed_at: datetime, days: int) -> datetime:
    """Until when the reporter may say that it is not settled (calendar days)."""
    return closed_at + timedelta(days=days)


def stages(received_at: datetime, incident: IncidentView | None) -> tuple[StageView, ...]:
    """The stages of a report as the citizen sees them."""
    times: dict[Stage, datetime | None] = dict.fromkeys(Stage)
    times[Stage.RECEIVED] = received_at
    if incident is not None:
        times[Stage.VERIFIED] = incident.verified_at
        times[Stage.SENT] = incident.dispatched_at
        times[Stage.ACCEPTED] = incident.acknowledged_at
        times[Stage.ON_SCENE] = incident.on_scene_at
        times[Stage.DONE] = incident.done_at
        times[Stage.CLOSED] = incident.closed_at
    return tuple(StageView(stage=stage, at=at) for stage, at in times.items())


def may_object(incident: IncidentView | None, now: datetime, days: int) -> bool:
    """Whether an objection is possible: the work is said to be over, and not for too long."""
    if incident is None:
        return False
    if incident.status is IncidentStatus.DONE:
        return True
    return incident.closed_at is not None and now <= object_until(incident.closed_at, days)
