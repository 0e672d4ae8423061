"""The only reads of followup that other rooms use: values, never rows; always with a limit."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.utils.translation import override

from siaga.accounts.types import Viewer
from siaga.dispatch import queries as dispatch_queries
from siaga.dispatch.types import AssignmentState
from siaga.followup import rules
from siaga.followup.models import ComplaintClock, Objection
from siaga.followup.types import (
    AgencyProgress,
    ComplaintClockView,
    ObjectionView,
    Orphan,
    OrphanKind,
    TrackingView,
)
from siaga.followup.wording import outcome_words
from siaga.intake import queries as intake_queries
from siaga.intake.types import ReportView
from siaga.journal.types import EntryView
from siaga.kernel.types import RegionId
from siaga.regions import queries as region_queries
from siaga.triage import queries as triage_queries
from siaga.triage.types import IncidentView

LIST_MAX = 100
TRIAGE_PATIENCE = timedelta(minutes=60)

# The invariant of the house, asked of the database itself: nothing that came in is without an
# owner, a running clock or an outcome. One statement, so that all lines see the same moment.
_ORPHANS = """
SELECT 'contact_without_clock', c.id, c.waiting_since FROM intake_contact c
WHERE c.region_id = %(region)s AND c.waiting_since IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM journal_deadline d WHERE d.region_id = c.region_id AND d.subject_id = c.id
    AND d.finished_at IS NULL)
UNION ALL
SELECT 'claim_without_holder', c.id, c.claim_seen_at FROM intake_contact c
WHERE c.region_id = %(region)s AND c.state = 'claimed' AND c.claim_seen_at < %(stale)s
UNION ALL
SELECT 'report_without_incident', r.id, r.received_at FROM intake_report r
JOIN intake_contact c ON c.id = r.contact_id
WHERE r.region_id = %(region)s AND r.answered_at IS NULL AND r.received_at < %(patience)s
AND r.state = 'in_triage' AND c.waiting_since IS NULL AND NOT EXISTS (
    SELECT 1 FROM triage_assessment a WHERE a.report_id = r.id AND a.incident_id IS NOT NULL)
UNION ALL
SELECT 'report_without_answer', r.id, r.received_at FROM intake_report r
JOIN triage_assessment a ON a.report_id = r.id
JOIN triage_incident i ON i.id = a.incident_id
WHERE r.region_id = %(region)s AND r.answered_at IS NULL AND i.closed_at IS NOT NULL
UNION ALL
SELECT 'incident_without_assignment', i.id, i.opened_at FROM triage_incident i
WHERE i.region_id = %(region)s AND i.closed_at IS NULL AND i.opened_at < %(patience)s
AND i.status IN ('new', 'in_triage', 'reopened') AND NOT EXISTS (
    SELECT 1 FROM dispatch_assignment s WHERE s.incident_id = i.id
    AND s.state IN ('sent', 'acknowledged', 'en_route', 'on_scene'))
UNION ALL
SELECT 'assignment_without_clock', s.id, s.sent_at FROM dispatch_assignment s
LEFT JOIN dispatch_escalation_run e ON e.assignment_id = s.id
WHERE s.region_id = %(region)s AND s.state = 'sent' AND s.alarmed_at IS NULL
AND (e.stopped_at IS NOT NULL OR e.next_due_at IS NULL)
LIMIT %(limit)s
"""


def orphans(region_id: RegionId, now: datetime, *, limit: int = LIST_MAX) -> list[Orphan]:
    """Everything somebody could have forgotten. It must be empty, and the supervisor sees it."""
    with connection.cursor() as cursor:
        cursor.execute(
            _ORPHANS,
            {
                "region": region_id,
                "stale": now - timedelta(minutes=10),
                "patience": now - TRIAGE_PATIENCE,
                "limit": limit,
            },
        )
        rows = cursor.fetchall()
    return [
        Orphan(kind=OrphanKind(kind), region_id=region_id, subject_id=subject, since=since)
        for kind, subject, since in rows
    ]


def readable(viewer: Viewer, entries: Iterable[EntryView]) -> list[EntryView]:
    """Those journal entries that speak of nothing confidential to others than the viewer."""
    kept = list(entries)
    subjects = {subject for entry in kept for subject in entry.subjects}
    hidden = triage_queries.hidden_ids(viewer, subjects) | intake_queries.hidden_ids(
        viewer, subjects
    )
    return [entry for entry in kept if hidden.isdisjoint(entry.subjects)]


def tracking(report: ReportView, now: datetime) -> TrackingView:
    """What the holder of the tracking code may see of their report."""
    profile = region_queries.profile(report.region_id)
    incident = triage_queries.incident_of_report(report.region_id, report.id)
    days = profile.complaints.reporter_answer_days
    return TrackingView(
        tracking_code=report.tracking_code,
        region_id=report.region_id,
        language=report.language,
        report_id=report.id,
        contact_id=report.contact_id,
        correspondent_id=report.correspondent_id,
        incident_id=incident.id if incident else None,
        type_code=report.type_code,
        place_text=report.place.text,
        stages=rules.stages(report.received_at, incident),
        agencies=_agencies(incident),
        refused=report.refusal,
        closed=report.answered_at is not None,
        outcome=_outcome(incident, report.language),
        may_object=rules.may_object(incident, now, days),
        object_until=(
            rules.object_until(incident.closed_at, days)
            if incident and incident.closed_at
            else None
        ),
        objections=tuple(objections(report.region_id, report_id=report.id)),
        received_at=report.received_at,
    )


def objections(
    region_id: RegionId,
    *,
    report_id: UUID | None = None,
    incident_id: UUID | None = None,
    limit: int = LIST_MAX,
) -> list[ObjectionView]:
    """What citizens objected, newest first."""
    rows = Objection.objects.filter(region_id=region_id)
    if report_id is not None:
        rows = rows.filter(report_id=report_id)
    if incident_id is not None:
        rows = rows.filter(incident_id=incident_id)
    return [
        ObjectionView(
            id=row.id,
            report_id=row.report_id,
            incident_id=row.incident_id,
            text=row.text,
            at=row.at,
        )
        for row in rows.order_by("-at")[:limit]
    ]


def complaint_clock(region_id: RegionId, incident_id: UUID) -> ComplaintClockView | None:
    """The working-day clocks of an incident, if it is a service complaint."""
    row = ComplaintClock.objects.filter(region_id=region_id, incident_id=incident_id).first()
    return _clock_view(row) if row else None


def overdue_complaints(
    region_id: RegionId, now: datetime, *, limit: int = LIST_MAX
) -> list[ComplaintClockView]:
    """Service complaints past the day of their solution, the oldest first."""
    rows = ComplaintClock.objects.filter(region_id=region_id, resolved_at=None, resolve_by__lt=now)
    return [_clock_view(row) for row in rows.order_by("resolve_by")[:limit]]


def _clock_view(row: ComplaintClock) -> ComplaintClockView:
    return ComplaintClockView(
        incident_id=row.incident_id,
        verify_by=row.verify_by,
        verified_at=row.verified_at,
        follow_up_by=row.follow_up_by,
        followed_up_at=row.followed_up_at,
        resolve_by=row.resolve_by,
        resolved_at=row.resolved_at,
    )


def _outcome(incident: IncidentView | None, language: str) -> str:
    if incident is None or incident.disposition is None:
        return ""
    with override(language):
        return str(outcome_words(incident.disposition))


def _agencies(incident: IncidentView | None) -> tuple[AgencyProgress, ...]:
    if incident is None:
        return ()
    known = region_queries.profile(incident.region_id).agencies_by_code
    return tuple(
        AgencyProgress(
            agency_name=known[item.agency_code].short_name
            if item.agency_code in known
            else item.agency_code,
            state=item.state,
            sent_at=item.sent_at,
            acknowledge_by=item.acknowledge_by,
            acknowledged_at=item.acknowledged_at,
            on_scene_at=item.on_scene_at,
            done_at=item.done_at,
        )
        for item in dispatch_queries.assignments(incident.region_id, incident.id)
        if item.state is not AssignmentState.WITHDRAWN
    )
