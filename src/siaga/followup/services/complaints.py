"""The clocks of service complaints: working days, as in the national complaint service."""

from datetime import datetime
from uuid import UUID

from siaga.followup import events
from siaga.followup.models import ComplaintClock
from siaga.journal import deadlines
from siaga.journal import services as journal
from siaga.journal.types import Actor
from siaga.kernel.types import RegionId
from siaga.regions import queries as region_queries
from siaga.regions import rules as region_rules

COMPLAINT_DUE = "followup.complaint_due"


def start_clock(incident_id: UUID, type_code: str, *, region_id: RegionId, now: datetime) -> None:
    """A service complaint was opened: its three clocks start; other types have none."""
    case = region_queries.profile(region_id).types_by_code.get(type_code)
    if case is None or not case.complaint_clock:
        return
    verify_by, follow_up_by, resolve_by = _times(region_id, now)
    clock, is_new = ComplaintClock.objects.get_or_create(
        incident_id=incident_id,
        defaults={
            "region_id": region_id,
            "verify_by": verify_by,
            "follow_up_by": follow_up_by,
            "resolve_by": resolve_by,
        },
    )
    if is_new:
        _schedule(clock)


def restart_clock(incident_id: UUID, *, region_id: RegionId, now: datetime) -> None:
    """Reopened: follow-up and solution are due again; the verification stands."""
    clock = ComplaintClock.objects.filter(incident_id=incident_id, region_id=region_id).first()
    if clock is None:
        return
    _, clock.follow_up_by, clock.resolve_by = _times(region_id, now)
    clock.followed_up_at = clock.resolved_at = None
    clock.save()
    deadlines.cancel_deadlines(region_id, incident_id, now=now, names=(COMPLAINT_DUE,))
    _schedule(clock)


def mark_verified(incident_id: UUID, *, region_id: RegionId, now: datetime) -> None:
    """The complaint is known to be true."""
    _stamp(incident_id, "verified_at", region_id=region_id, now=now)


def mark_followed_up(incident_id: UUID, *, region_id: RegionId, now: datetime) -> None:
    """An agency has taken it on."""
    _stamp(incident_id, "followed_up_at", region_id=region_id, now=now)


def mark_resolved(incident_id: UUID, *, region_id: RegionId, now: datetime) -> None:
    """It has ended; every clock stops."""
    _stamp(incident_id, "resolved_at", region_id=region_id, now=now)
    deadlines.cancel_deadlines(region_id, incident_id, now=now, names=(COMPLAINT_DUE,))


def complaint_due(incident_id: UUID, stage: str, *, region_id: RegionId, now: datetime) -> None:
    """A clock has run out; if the stage was not reached, the supervisor must know."""
    clock = ComplaintClock.objects.filter(incident_id=incident_id, region_id=region_id).first()
    if clock is None or clock.resolved_at is not None:
        return
    if getattr(clock, _REACHED[stage]) is not None:
        return
    journal.record(
        events.ComplaintOverdue(incident_id=incident_id, stage=stage),
        region_id=region_id,
        by=Actor.system("clock"),
        now=now,
    )


_REACHED = {"verify": "verified_at", "follow_up": "followed_up_at", "resolve": "resolved_at"}


def _times(region_id: RegionId, now: datetime) -> tuple[datetime, datetime, datetime]:
    profile = region_queries.profile(region_id)
    days = profile.complaints
    return (
        region_rules.working_days_later(profile, now, days.verify_working_days),
        region_rules.working_days_later(profile, now, days.follow_up_working_days),
        region_rules.working_days_later(profile, now, days.resolve_working_days),
    )


def _schedule(clock: ComplaintClock) -> None:
    region_id = RegionId(clock.region_id)
    for stage, due_at in (
        ("verify", clock.verify_by),
        ("follow_up", clock.follow_up_by),
        ("resolve", clock.resolve_by),
    ):
        if getattr(clock, _REACHED[stage]) is None:
            deadlines.set_deadline(
                region_id,
                name=COMPLAINT_DUE,
                subject_id=clock.incident_id,
                due_at=due_at,
                data={"stage": stage},
            )


def _stamp(incident_id: UUID, column: str, *, region_id: RegionId, now: datetime) -> None:
    ComplaintClock.objects.filter(
        incident_id=incident_id, region_id=region_id, **{column: None}
    ).update(**{column: now})
