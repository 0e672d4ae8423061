"""Sending an incident to agencies, and calling an agency off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from siaga.dispatch import events, rules
from siaga.dispatch.errors import AlreadyAnswered, NotCleared, NothingToSend, UnknownAgency
from siaga.dispatch.models import Assignment
from siaga.dispatch.services.escalating import start_run, stop_run
from siaga.dispatch.services.rows import locked_assignment, refresh_incident
from siaga.dispatch.types import OPEN_STATES, AssignmentId, AssignmentState
from siaga.journal import services as journal
from siaga.journal.types import Actor
from siaga.kernel.errors import Forbidden, NotFound
from siaga.kernel.types import RegionId
from siaga.regions import queries as region_queries
from siaga.regions import rules as region_rules
from siaga.regions.types import Clearance, Profile
from siaga.triage import queries as triage_queries
from siaga.triage import rules as triage_rules
from siaga.triage import services as triage
from siaga.triage.errors import IncidentIsClosed, NeedsA1, PlaceUnknown
from siaga.triage.types import IncidentStatus, IncidentView, Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One agency to be sent, and in what part."""

    agency_code: str
    role: str = "lead"
    note: str = ""


def send(
    incident_id: UUID, orders: Sequence[Order], *, region_id: RegionId, by: Actor, now: datetime
) -> list[AssignmentId]:
    """Send to these agencies at once; an agency that has it already is left in peace.

    Raises PlaceUnknown, NeedsA1 (with the cure), UnknownAgency, NotCleared, IncidentIsClosed.
    """
    if not orders:
        raise NothingToSend
    with transaction.atomic():
        triage.hold(incident_id, region_id=region_id)
        incident = triage_queries.incident(region_id, incident_id)
        if incident is None:
            raise NotFound
        profile = region_queries.profile(region_id)
        _ensure_sendable(profile, incident, orders)
        busy = set(
            Assignment.objects.filter(incident_id=incident_id, state__in=OPEN_STATES).values_list(
                "agency_code", flat=True
            )
        )
        sent = [
            _send_one(profile, incident, order, by=by, now=now)
            for order in orders
            if order.agency_code not in busy
        ]
        if incident.truth is not Truth.A1:
            triage.mark_dispatched_unverified(incident_id, region_id=region_id)
        refresh_incident(incident_id, region_id=region_id, by=by, now=now)
        return sent


def withdraw(
    assignment_id: UUID, *, region_id: RegionId, reason: str, by: Actor, now: datetime
) -> None:
    """Call an agency off."""
    with transaction.atomic():
        assignment = locked_assignment(assignment_id, region_id)
        if not rules.may_follow(AssignmentState(assignment.state), AssignmentState.WITHDRAWN):
            raise AlreadyAnswered
        _call_off(assignment, reason, by=by, now=now)
        refresh_incident(assignment.incident_id, region_id=region_id, by=by, now=now)


def withdraw_all(
    incident_id: UUID, *, region_id: RegionId, reason: str, by: Actor, now: datetime
) -> None:
    """The incident ends: whoever has not finished is called off, and nothing follows from that."""
    with transaction.atomic():
        triage.hold(incident_id, region_id=region_id)
        rows = Assignment.objects.select_for_update().filter(
            region_id=region_id, incident_id=incident_id, state__in=OPEN_STATES
        )
        for assignment in rows:
            _call_off(assignment, reason, by=by, now=now)


def _call_off(assignment: Assignment, reason: str, *, by: Actor, now: datetime) -> None:
    assignment.state = AssignmentState.WITHDRAWN
    assignment.save(update_fields=["state"])
    stop_run(assignment, "withdrawn", now)
    journal.record(
        events.AssignmentWithdrawn(
            assignment_id=assignment.id,
            incident_id=assignment.incident_id,
            agency_code=assignment.agency_code,
            reason=reason,
        ),
        region_id=RegionId(assignment.region_id),
        by=by,
        now=now,
    )


def name_cleared(incident_id: UUID, *, region_id: RegionId) -> None:
    """If it has become confidential, the cleared of the agencies at work keep seeing it."""
    incident = triage_queries.incident(region_id, incident_id)
    if incident is None or not incident.confidential:
        return
    profile = region_queries.profile(region_id)
    needed = _clearance_for(profile, incident)
    at_work = Assignment.objects.filter(
        region_id=region_id, incident_id=incident_id, state__in=OPEN_STATES
    )
    for code in at_work.values_list("agency_code", flat=True):
        agency = profile.agencies_by_code.get(code)
        if agency is not None and agency.clearance.rank >= needed.rank:
            triage.name_agency(incident_id, code, region_id=region_id)


def _ensure_sendable(profile: Profile, incident: IncidentView, orders: Sequence[Order]) -> None:
    if incident.status is IncidentStatus.CLOSED:
        raise IncidentIsClosed(code=incident.code)
    if not incident.place.is_plausible:
        raise PlaceUnknown
    needs_a1 = region_rules.needs_a1(profile, incident.type_code, incident.urgency)
    if not triage_rules.may_be_sent(truth=incident.truth, needs_a1=needs_a1):
        if incident.truth is Truth.FALSE:
            raise Forbidden
        raise NeedsA1(code=incident.code)
    for order in orders:
        _ensure_cleared(profile, incident, order.agency_code)


def _ensure_cleared(profile: Profile, incident: IncidentView, agency_code: str) -> None:
    agency = profile.agencies_by_code.get(agency_code)
    if agency is None or not agency.active:
        raise UnknownAgency(agency_code=agency_code)
    if agency.clearance.rank < _clearance_for(profile, incident).rank:
        raise NotCleared(agency_code=agency.short_name)


def _clearance_for(profile: Profile, incident: IncidentView) -> Clearance:
    if not incident.confidential:
        return Clearance.ORDINARY
    case = profile.types_by_code[incident.type_code]
    return Clearance.RESTRICTED if case.restricted else Clearance.CONFIDENTIAL


def _send_one(
    profile: Profile, incident: IncidentView, order: Order, *, by: Actor, now: datetime
) -> AssignmentId:
    plan = region_rules.acknowledgement_plan(profile, order.agency_code, incident.urgency, now)
    version = str(region_queries.version(incident.region_id))
    assignment = Assignment.objects.create(
        region_id=incident.region_id,
        incident_id=incident.id,
        agency_code=order.agency_code,
        role=order.role,
        round=incident.reopened_count,
        urgency=incident.urgency,
        note=order.note[:500],
        sent_at=now,
        sent_by=by.person_id,
        acknowledge_by=now + timedelta(seconds=plan.within_seconds),
        is_test=incident.is_test,
    )
    if incident.confidential:
        triage.name_agency(incident.id, order.agency_code, region_id=incident.region_id)
    journal.record(
        events.AssignmentSent(
            assignment_id=assignment.id,
            incident_id=incident.id,
            agency_code=order.agency_code,
            role=order.role,
            urgency=incident.urgency,
            unverified=incident.truth is not Truth.A1,
        ),
        region_id=incident.region_id,
        by=by,
        now=now,
    )
    start_run(assignment, rules.frozen_plan(plan, version), now)
    return AssignmentId(assignment.id)
