"""The only reads of dispatch that other rooms use: values, never rows; always with a limit."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from siaga.accounts.types import Permission, Viewer
from siaga.dispatch.errors import NotYourAssignment
from siaga.dispatch.models import AgencyNotice, Assignment, EscalationRun
from siaga.dispatch.rules import AUDITOR_GRACE_SECONDS
from siaga.dispatch.types import (
    OPEN_STATES,
    AssignmentId,
    AssignmentState,
    AssignmentView,
    EscalationPlan,
    OverdueStep,
    Proposal,
)
from siaga.kernel.types import RegionId, Urgency
from siaga.regions import queries as region_queries
from siaga.regions import rules as region_rules
from siaga.triage import queries as triage_queries
from siaga.triage.types import IncidentView

LIST_MAX = 100


def proposals(incident: IncidentView, now: datetime) -> list[Proposal]:
    """The agencies the profile's routing proposes, each with its reason, leads first."""
    profile = region_queries.profile(incident.region_id)
    sent = {
        item.agency_code for item in assignments(incident.region_id, incident.id) if item.is_open
    }
    routed = region_rules.route(profile, incident.type_code, incident.place.area_code or None, now)
    return [
        Proposal(
            agency_code=item.agency_code,
            agency_name=profile.agencies_by_code[item.agency_code].short_name,
            role=item.role,
            reason=item.reason,
            on_duty=region_rules.agency_on_duty(profile, item.agency_code, now),
            already_sent=item.agency_code in sent,
        )
        for item in routed
    ]


def assignment(region_id: RegionId, assignment_id: UUID) -> AssignmentView | None:
    """One assignment, for the system's own work; faces use `assignment_for`."""
    row = Assignment.objects.filter(region_id=region_id, id=assignment_id).first()
    return _view(row) if row else None


def assignment_for(viewer: Viewer, assignment_id: UUID) -> AssignmentView:
    """The guarded door: an officer sees their own agency's, the centre's people see all.

    The same answer whether absent, in another region, another agency's, or confidential.
    """
    rows = Assignment.objects.filter(region_id=viewer.region_id, id=assignment_id)
    if viewer.agency_code is not None and not viewer.may(Permission.INCIDENTS_READ):
        rows = rows.filter(agency_code=viewer.agency_code)
    row = rows.first()
    if row is None or not viewer.may(Permission.ASSIGNMENTS_READ):
        raise NotYourAssignment
    triage_queries.incident_for(viewer, row.incident_id)
    return _view(row)


def assignments(
    region_id: RegionId, incident_id: UUID, *, limit: int = LIST_MAX
) -> list[AssignmentView]:
    """All assignments of an incident, oldest first."""
    rows = Assignment.objects.filter(region_id=region_id, incident_id=incident_id)
    return [_view(row) for row in rows.order_by("sent_at", "id")[:limit]]


def assignments_of(
    region_id: RegionId, incident_ids: Iterable[UUID]
) -> dict[UUID, list[AssignmentView]]:
    """The assignments of several incidents at once, for the board."""
    found: dict[UUID, list[AssignmentView]] = {}
    rows = Assignment.objects.filter(region_id=region_id, incident_id__in=list(incident_ids))
    for row in rows.order_by("sent_at", "id")[: LIST_MAX * 20]:
        found.setdefault(row.incident_id, []).append(_view(row))
    return found


def agency_assignments(
    viewer: Viewer, *, finished: bool = False, limit: int = 50
) -> list[AssignmentView]:
    """An officer's work: what is open, most urgent first; or what is over, newest first."""
    if viewer.agency_code is None:
        return []
    rows = Assignment.objects.filter(region_id=viewer.region_id, agency_code=viewer.agency_code)
    if finished:
        rows = rows.exclude(state__in=OPEN_STATES).order_by("-sent_at")
    else:
        rows = rows.filter(state__in=OPEN_STATES).order_by("urgency", "sent_at")
    return [_view(row) for row in rows[:limit]]


def open_incidents_of(
    region_id: RegionId, agency_code: str, *, limit: int = LIST_MAX * 5
) -> list[UUID]:
    """The incidents with which this agency is busy, most urgent first; for the board's filter."""
    rows = Assignment.objects.filter(
        region_id=region_id, agency_code=agency_code, state__in=OPEN_STATES
    )
    ordered = rows.order_by("urgency", "sent_at").values_list("incident_id", flat=True)
    return list(ordered[:limit])


def assignment_with_media(region_id: RegionId, media_id: UUID) -> AssignmentView | None:
    """The assignment that this file proves, if any."""
    row = Assignment.objects.filter(region_id=region_id, media_ids__contains=[media_id]).first()
    return _view(row) if row else None


def all_assignments(
    viewer: Viewer,
    *,
    before: tuple[datetime, UUID] | None = None,
    limit: int = LIST_MAX,
) -> list[AssignmentView]:
    """Assignments newest first, without those of incidents that are confidential to others."""
    rows = Assignment.objects.filter(region_id=viewer.region_id)
    if viewer.agency_code is not None and not viewer.may(Permission.INCIDENTS_READ):
        rows = rows.filter(agency_code=viewer.agency_code)
    if before is not None:
        at, row_id = before
        rows = rows.filter(sent_at__lte=at).exclude(sent_at=at, id__gte=row_id)
    found = [_view(row) for row in rows.order_by("-sent_at", "-id")[:limit]]
    seen = triage_queries.visible_ids(viewer, {item.incident_id for item in found})
    return [item for item in found if item.incident_id in seen]


def unacknowledged(
    region_id: RegionId, now: datetime, *, limit: int = LIST_MAX
) -> list[AssignmentView]:
    """Assignments past their time without an answer, the longest silence first."""
    rows = Assignment.objects.filter(
        region_id=region_id, state=AssignmentState.SENT, acknowledge_by__lt=now
    )
    return [_view(row) for row in rows.order_by("acknowledge_by")[:limit]]


def alarms(region_id: RegionId, *, limit: int = LIST_MAX) -> list[AssignmentView]:
    """Assignments whose silence has reached the supervisor and still lasts."""
    rows = Assignment.objects.filter(
        region_id=region_id, state=AssignmentState.SENT, alarmed_at__isnull=False
    )
    return [_view(row) for row in rows.order_by("alarmed_at")[:limit]]


def plan(region_id: RegionId, assignment_id: UUID) -> EscalationPlan | None:
    """The plan that was frozen when the assignment was sent."""
    row = EscalationRun.objects.filter(region_id=region_id, assignment_id=assignment_id).first()
    return msgspec.convert(row.plan, EscalationPlan) if row else None


def overdue_steps(
    region_id: RegionId, now: datetime, *, limit: int = LIST_MAX
) -> list[OverdueStep]:
    """The auditor: steps that should have run by now and have left no trace."""
    before = now - timedelta(seconds=AUDITOR_GRACE_SECONDS)
    rows = EscalationRun.objects.select_related("assignment").filter(
        region_id=region_id, stopped_at=None, next_due_at__lt=before
    )
    found = []
    for row in rows.order_by("next_due_at")[:limit]:
        frozen = msgspec.convert(row.plan, EscalationPlan)
        found.append(
            OverdueStep(
                assignment_id=row.assignment_id,
                agency_code=row.assignment.agency_code,
                action=frozen.steps[row.next_step].action,
                due_at=row.next_due_at or now,
            )
        )
    return found


def notices(
    region_id: RegionId, assignment_id: UUID, *, limit: int = LIST_MAX
) -> list[tuple[str, str, datetime]]:
    """What the agency's people were told: (action, to, at), oldest first."""
    rows = AgencyNotice.objects.filter(region_id=region_id, assignment_id=assignment_id)
    return list(rows.order_by("at", "id").values_list("action", "to", "at")[:limit])


def _view(row: Assignment) -> AssignmentView:
    return AssignmentView(
        id=AssignmentId(row.id),
        region_id=RegionId(row.region_id),
        incident_id=row.incident_id,
        agency_code=row.agency_code,
        role=row.role,
        round=row.round,
        state=AssignmentState(row.state),
        urgency=Urgency(row.urgency),
        note=row.note,
        sent_at=row.sent_at,
        sent_by=row.sent_by,
        acknowledge_by=row.acknowledge_by,
        acknowledged_at=row.acknowledged_at,
        en_route_at=row.en_route_at,
        on_scene_at=row.on_scene_at,
        done_at=row.done_at,
        declined_at=row.declined_at,
        decline_reason=row.decline_reason,
        done_note=row.done_note,
        media_ids=tuple(row.media_ids),
        answered_by=row.answered_by,
        alarmed_at=row.alarmed_at,
        is_test=row.is_test,
    )
