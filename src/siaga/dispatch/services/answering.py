"""What an agency answers. A late answer is still an answer; the same answer twice is harmless."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from siaga.dispatch import events, rules
from siaga.dispatch.errors import AlreadyAnswered, ReasonMissing
from siaga.dispatch.models import Assignment
from siaga.dispatch.services.escalating import stop_run
from siaga.dispatch.services.rows import locked_assignment, refresh_incident
from siaga.dispatch.types import AssignmentState
from siaga.journal import services as journal
from siaga.journal.facts import Fact
from siaga.journal.types import Actor
from siaga.kernel.types import RegionId
from siaga.triage import services as triage
from siaga.triage.types import EvidenceKind

_STAMPS = {
    AssignmentState.ACKNOWLEDGED: "acknowledged_at",
    AssignmentState.EN_ROUTE: "en_route_at",
    AssignmentState.ON_SCENE: "on_scene_at",
    AssignmentState.DONE: "done_at",
}


def acknowledge(assignment_id: UUID, *, region_id: RegionId, by: Actor, now: datetime) -> None:
    """The agency takes it on. The escalation stops."""
    _move(assignment_id, AssignmentState.ACKNOWLEDGED, region_id=region_id, by=by, now=now)


def advance(
    assignment_id: UUID, state: AssignmentState, *, region_id: RegionId, by: Actor, now: datetime
) -> None:
    """On the way, or at the scene. Whoever is on the way has accepted."""
    _move(assignment_id, state, region_id=region_id, by=by, now=now)


def finish(
    assignment_id: UUID,
    *,
    region_id: RegionId,
    note: str,
    media_ids: Sequence[UUID] = (),
    by: Actor,
    now: datetime,
) -> None:
    """The agency has finished, with what it did and photos of it."""
    with transaction.atomic():
        assignment = _move(assignment_id, AssignmentState.DONE, region_id=region_id, by=by, now=now)
        if assignment is None:
            return
        assignment.done_note, assignment.media_ids = note[:2000], list(media_ids)
        assignment.save(update_fields=["done_note", "media_ids"])
        _record(
            assignment,
            events.AssignmentDone(
                assignment_id=assignment.id,
                incident_id=assignment.incident_id,
                agency_code=assignment.agency_code,
                note=note,
            ),
            by=by,
            now=now,
        )


def decline(
    assignment_id: UUID, *, region_id: RegionId, reason: str, by: Actor, now: datetime
) -> None:
    """The agency cannot take it: the dispatcher sees it at once and asks another."""
    if not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        assignment = locked_assignment(assignment_id, region_id)
        state = AssignmentState(assignment.state)
        if state is AssignmentState.DECLINED:
            return
        if not rules.may_follow(state, AssignmentState.DECLINED):
            raise AlreadyAnswered
        assignment.state, assignment.declined_at = AssignmentState.DECLINED, now
        assignment.decline_reason, assignment.answered_by = reason[:500], by.person_id
        assignment.save()
        stop_run(assignment, "declined", now)
        _record(
            assignment,
            events.AssignmentDeclined(
                assignment_id=assignment.id,
                incident_id=assignment.incident_id,
                agency_code=assignment.agency_code,
                reason=reason,
            ),
            by=by,
            now=now,
        )
        refresh_incident(assignment.incident_id, region_id=region_id, by=by, now=now)


def _move(
    assignment_id: UUID, state: AssignmentState, *, region_id: RegionId, by: Actor, now: datetime
) -> Assignment | None:
    """One step further; None if the assignment had come this far already."""
    with transaction.atomic():
        assignment = locked_assignment(assignment_id, region_id)
        before = AssignmentState(assignment.state)
        if before is state or getattr(assignment, _STAMPS[state]) is not None:
            return None
        if not rules.may_follow(before, state):
            raise AlreadyAnswered
        first_answer = assignment.acknowledged_at is None
        assignment.state = state
        setattr(assignment, _STAMPS[state], now)
        assignment.acknowledged_at = assignment.acknowledged_at or now
        assignment.answered_by = assignment.answered_by or by.person_id
        assignment.save()
        if first_answer:
            _record_acknowledged(assignment, by=by, now=now)
        if state is not AssignmentState.ACKNOWLEDGED:
            _record_advanced(assignment, by=by, now=now)
        if state is AssignmentState.ON_SCENE:
            triage.add_evidence(
                EvidenceKind.ON_SCENE_UNIT,
                region_id=region_id,
                incident_id=assignment.incident_id,
                by=by,
                now=now,
            )
        refresh_incident(assignment.incident_id, region_id=region_id, by=by, now=now)
        return assignment


def _record_acknowledged(assignment: Assignment, *, by: Actor, now: datetime) -> None:
    stop_run(assignment, "acknowledged", now)
    late = (now - assignment.acknowledge_by).total_seconds()
    _record(
        assignment,
        events.AssignmentAcknowledged(
            assignment_id=assignment.id,
            incident_id=assignment.incident_id,
            agency_code=assignment.agency_code,
            late_seconds=max(0, int(late)),
        ),
        by=by,
        now=now,
    )


def _record_advanced(assignment: Assignment, *, by: Actor, now: datetime) -> None:
    _record(
        assignment,
        events.AssignmentAdvanced(
            assignment_id=assignment.id,
            incident_id=assignment.incident_id,
            agency_code=assignment.agency_code,
            state=assignment.state,
        ),
        by=by,
        now=now,
    )


def _record(assignment: Assignment, fact: Fact, *, by: Actor, now: datetime) -> None:
    journal.record(fact, region_id=RegionId(assignment.region_id), by=by, now=now)
