"""Incidents: opened from a report, corrected, moved along by the work, closed, reopened."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from siaga.intake import queries as intake_queries
from siaga.intake import services as intake
from siaga.intake.errors import ReportAlreadyHandled
from siaga.intake.types import LocationState, Place, ReportState, ReportView
from siaga.journal import services as journal
from siaga.journal.types import Actor
from siaga.kernel.errors import InvalidField, NotFound
from siaga.kernel.types import RegionId, Urgency
from siaga.regions import queries as region_queries
from siaga.regions import rules as region_rules
from siaga.regions.types import ScopeDecision
from siaga.triage import events, rules
from siaga.triage.errors import OutOfScope, UrgencyMayOnlyRise
from siaga.triage.models import CodeCounter, Evidence, Incident
from siaga.triage.services.evidence import settle
from siaga.triage.services.rows import assessment_of, locked_incident, locked_open_incident
from siaga.triage.types import (
    IncidentDisposition,
    IncidentId,
    IncidentStatus,
    Truth,
    Verdict,
)

_STAMPS = {
    IncidentStatus.DISPATCHED: "dispatched_at",
    IncidentStatus.ACKNOWLEDGED: "acknowledged_at",
    IncidentStatus.EN_ROUTE: "en_route_at",
    IncidentStatus.ON_SCENE: "on_scene_at",
    IncidentStatus.DONE: "done_at",
}
_OVER = (IncidentStatus.DONE, IncidentStatus.CLOSED)


def open_incident(
    report_id: UUID, verdict: Verdict, *, region_id: RegionId, by: Actor, now: datetime
) -> IncidentId:
    """A report speaks of something that happens: open the incident it is about.

    Raises OutOfScope if the profile refuses the type, ReportAlreadyHandled if another call taker
    opened it first, InvalidField if the type is unknown.
    """
    with transaction.atomic():
        _ensure_in_scope(region_id, verdict.type_code)
        report = intake_queries.report(region_id, report_id)
        if report is None:
            raise NotFound
        assessment = assessment_of(report_id, region_id)
        if assessment.incident_id is not None or report.answered_at is not None:
            raise ReportAlreadyHandled
        incident = _new_incident(report, verdict, by=by, now=now)
        assessment.incident, assessment.joined_at = incident, now
        assessment.save(update_fields=["incident", "joined_at"])
        Evidence.objects.filter(report_id=report_id, incident=None).update(incident=incident)
        intake.mark_state(report.id, ReportState.ATTACHED, region_id=region_id, now=now)
        settle(region_id, report_id=report_id, incident_id=incident.id, by=by, now=now)
        journal.record(
            events.IncidentOpened(
                incident_id=incident.id,
                report_id=report_id,
                code=incident.code,
                type_code=incident.type_code,
                urgency=incident.urgency,
                is_test=incident.is_test,
            ),
            region_id=region_id,
            by=by,
            now=now,
        )
        return IncidentId(incident.id)


def _new_incident(report: ReportView, verdict: Verdict, *, by: Actor, now: datetime) -> Incident:
    return Incident.objects.create(
        region_id=report.region_id,
        code=_next_code(report.region_id, now),
        type_code=verdict.type_code,
        urgency=verdict.urgency,
        status=IncidentStatus.IN_TRIAGE,
        confidential=verdict.confidential
        or report.confidential
        or _is_confidential(report.region_id, verdict.type_code),
        named_people=[by.person_id] if by.person_id else [],
        summary=(verdict.summary or report.narrative)[:500],
        report_count=1,
        opened_by=by.person_id,
        presented_at=report.received_at,
        location_known_at=report.location_known_at,
        type_known_at=report.type_known_at or now,
        opened_at=now,
        is_test=report.is_test,
        **_place_columns(verdict.place),
    )


def correct(
    incident_id: UUID,
    verdict: Verdict,
    *,
    region_id: RegionId,
    reason: str = "",
    by: Actor,
    now: datetime,
) -> None:
    """Correct type, urgency or place. Lowering the urgency needs a reason."""
    with transaction.atomic():
        _ensure_in_scope(region_id, verdict.type_code)
        incident = locked_open_incident(incident_id, region_id)
        if rules.is_lowering(Urgency(incident.urgency), verdict.urgency) and not reason.strip():
            raise UrgencyMayOnlyRise(urgency=incident.urgency)
        incident.type_code, incident.urgency = verdict.type_code, verdict.urgency
        incident.summary = (verdict.summary or incident.summary)[:500]
        incident.confidential = (
            incident.confidential
            or verdict.confidential
            or _is_confidential(region_id, verdict.type_code)
        )
        if by.person_id is not None and by.person_id not in incident.named_people:
            incident.named_people = [*incident.named_people, by.person_id]
        for column, value in _place_columns(verdict.place).items():
            setattr(incident, column, value)
        if verdict.place.state is LocationState.KNOWN and incident.location_known_at is None:
            incident.location_known_at = now
        incident.save()
        journal.record(
            events.IncidentChanged(
                incident_id=incident_id,
                type_code=verdict.type_code,
                urgency=verdict.urgency,
                area_code=verdict.place.area_code,
            ),
            region_id=region_id,
            by=by,
            now=now,
        )


def raise_urgency(
    incident_id: UUID,
    urgency: Urgency,
    *,
    region_id: RegionId,
    reason: str,
    by: Actor,
    now: datetime,
) -> None:
    """Make it more urgent; a call that would make it less urgent is refused."""
    with transaction.atomic():
        incident = locked_open_incident(incident_id, region_id)
        before = Urgency(incident.urgency)
        if rules.is_lowering(before, urgency):
            raise UrgencyMayOnlyRise(urgency=before)
        if before is urgency:
            return
        incident.urgency = urgency
        incident.save(update_fields=["urgency"])
        journal.record(
            events.UrgencyRaised(
                incident_id=incident_id, before=before, urgency=urgency, reason=reason
            ),
            region_id=region_id,
            by=by,
            now=now,
        )


def advance(
    incident_id: UUID, status: IncidentStatus, *, region_id: RegionId, by: Actor, now: datetime
) -> None:
    """The work has come this far; the first moment of each stage is kept for ever.

    Falling back to `in_triage` (everybody declined) and to `dispatched` is a real state too.
    """
    with transaction.atomic():
        incident = locked_open_incident(incident_id, region_id)
        stamp = _STAMPS.get(status)
        if stamp is not None and getattr(incident, stamp) is None:
            setattr(incident, stamp, now)
        before = incident.status
        incident.status = status
        incident.save()
        if before != status:
            _record_status(incident, before, by=by, now=now)


def mark_dispatched_unverified(incident_id: UUID, *, region_id: RegionId) -> None:
    """It was sent before it was confirmed, because life was at stake."""
    Incident.objects.filter(id=incident_id, region_id=region_id).exclude(truth=Truth.A1).update(
        dispatched_unverified=True
    )


def mark_reporter_informed(incident_id: UUID, *, region_id: RegionId, now: datetime) -> None:
    """The first moment the reporter was told something about the work."""
    Incident.objects.filter(id=incident_id, region_id=region_id, reporter_informed_at=None).update(
        reporter_informed_at=now
    )


def name_agency(incident_id: UUID, agency_code: str, *, region_id: RegionId) -> None:
    """An agency to which a confidential incident was sent may see it."""
    incident = locked_incident(incident_id, region_id)
    if agency_code not in incident.named_agencies:
        incident.named_agencies = [*incident.named_agencies, agency_code]
        incident.save(update_fields=["named_agencies"])


def name_person(incident_id: UUID, person_id: UUID, *, region_id: RegionId) -> None:
    """A person is let in on a confidential incident."""
    incident = locked_incident(incident_id, region_id)
    if person_id not in incident.named_people:
        incident.named_people = [*incident.named_people, person_id]
        incident.save(update_fields=["named_people"])


def close(
    incident_id: UUID,
    disposition: IncidentDisposition,
    *,
    region_id: RegionId,
    by: Actor,
    now: datetime,
) -> None:
    """End the incident with how it ended. Followup decides whether it may; this writes it."""
    with transaction.atomic():
        incident = locked_open_incident(incident_id, region_id)
        before = incident.status
        incident.status, incident.disposition = IncidentStatus.CLOSED, disposition
        incident.closed_at = now
        incident.save()
        _record_status(incident, before, by=by, now=now)


def reopen(incident_id: UUID, *, region_id: RegionId, by: Actor, now: datetime) -> bool:
    """Open again what is closed or said to be done; what happened before stays.

    False if the work is going on anyway.
    """
    with transaction.atomic():
        incident = locked_incident(incident_id, region_id)
        before = incident.status
        if before not in _OVER:
            return False
        incident.status, incident.disposition = IncidentStatus.REOPENED, ""
        incident.closed_at = None
        incident.reopened_count += 1
        incident.save()
        _record_status(incident, before, by=by, now=now)
        return True


def hold(incident_id: UUID, *, region_id: RegionId) -> None:
    """Lock the incident: whoever changes its work stands in line until this transaction ends.

    Locks are taken downhill (incident, assignment, plan), so that no two can wait for each other.
    """
    locked_incident(incident_id, region_id)


def _record_status(incident: Incident, before: str, *, by: Actor, now: datetime) -> None:
    journal.record(
        events.StatusChanged(incident_id=incident.id, before=before, status=incident.status),
        region_id=RegionId(incident.region_id),
        by=by,
        now=now,
    )


def _ensure_in_scope(region_id: RegionId, type_code: str) -> None:
    profile = region_queries.profile(region_id)
    case = profile.types_by_code.get(type_code)
    if case is None or case.outcome_only:
        raise InvalidField(field="type_code", message=f"{type_code} is no type of this region")
    if region_rules.scope_verdict(profile, type_code).decision is ScopeDecision.REFUSE:
        raise OutOfScope(type_code=type_code)


def _is_confidential(region_id: RegionId, type_code: str) -> bool:
    case = region_queries.profile(region_id).types_by_code[type_code]
    return case.confidential or case.restricted


def _place_columns(place: Place) -> dict[str, object]:
    return {
        "area_code": place.area_code,
        "place_text": place.text[:300],
        "lat": place.point.lat if place.point else None,
        "lng": place.point.lng if place.point else None,
        "location_state": place.state,
    }


_NEXT_CODE = """
INSERT INTO triage_code_counter (region_id, day, last) VALUES (%s, %s, 1)
ON CONFLICT (region_id, day) DO UPDATE SET last = triage_code_counter.last + 1
RETURNING last
"""
assert CodeCounter._meta.db_table in _NEXT_CODE


def _next_code(region_id: RegionId, now: datetime) -> str:
    profile = region_queries.profile(region_id)
    day = now.astimezone(profile.zone).date()
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_CODE, [region_id, day])
        number = cursor.fetchone()[0]
    return rules.incident_code(profile.region.prefix, day, number)
