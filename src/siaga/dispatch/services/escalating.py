"""The frozen plan of an assignment, run step by step until the agency answers."""

from datetime import datetime
from uuid import UUID

import msgspec
from django.db import transaction

from siaga.dispatch import events, rules
from siaga.dispatch.models import AgencyNotice, Assignment, EscalationRun
from siaga.dispatch.types import AssignmentState, EscalationPlan
from siaga.journal import deadlines
from siaga.journal import services as journal
from siaga.journal.types import Actor
from siaga.kernel.ids import new_id
from siaga.kernel.types import RegionId
from siaga.regions.types import EscalationAction

ESCALATE = "dispatch.escalate"


def start_run(assignment: Assignment, plan: EscalationPlan, now: datetime) -> None:
    """Freeze the plan and set the clock for its first step; steps due at once run at once."""
    run = EscalationRun.objects.create(
        assignment=assignment,
        region_id=assignment.region_id,
        plan=msgspec.to_builtins(plan),
        started_at=now,
        next_due_at=rules.due_at(plan, 0, now),
    )
    while run.next_due_at is not None and run.next_due_at <= now:
        _do_step(run, assignment, plan, now)
    _schedule(run)


def stop_run(assignment: Assignment, reason: str, now: datetime) -> None:
    """Somebody has answered: steps that are on their way find another token and go home."""
    run = EscalationRun.objects.select_for_update().filter(assignment=assignment).first()
    if run is None or run.stopped_at is not None:
        return
    run.token, run.stopped_at, run.stop_reason = new_id(), now, reason
    run.next_due_at = None
    run.save()
    deadlines.cancel_deadlines(
        RegionId(assignment.region_id), assignment.id, now=now, names=(ESCALATE,)
    )


def run_step(assignment_id: UUID, token: UUID, *, region_id: RegionId, now: datetime) -> None:
    """The time of a step has come; a stale token means that somebody has answered meanwhile."""
    with transaction.atomic():
        # The assignment first, as those do who answer: the two never wait for each other.
        assignment = (
            Assignment.objects.select_for_update()
            .filter(id=assignment_id, region_id=region_id, state=AssignmentState.SENT)
            .first()
        )
        run = EscalationRun.objects.select_for_update().filter(assignment=assignment).first()
        if assignment is None or run is None or run.token != token or run.stopped_at is not None:
            return
        plan = msgspec.convert(run.plan, EscalationPlan)
        while run.next_due_at is not None and run.next_due_at <= now:
            _do_step(run, assignment, plan, now)
        _schedule(run)


def _do_step(
    run: EscalationRun, assignment: Assignment, plan: EscalationPlan, now: datetime
) -> None:
    step = plan.steps[run.next_step]
    AgencyNotice.objects.create(
        region_id=assignment.region_id,
        assignment=assignment,
        action=step.action,
        to=step.to,
        at=now,
    )
    by, region_id = Actor.system("clock"), RegionId(assignment.region_id)
    if step.action == EscalationAction.ALARM_SUPERVISOR:
        assignment.alarmed_at = assignment.alarmed_at or now
        assignment.save(update_fields=["alarmed_at"])
        journal.record(
            events.SupervisorAlarmed(
                assignment_id=assignment.id,
                incident_id=assignment.incident_id,
                agency_code=assignment.agency_code,
            ),
            region_id=region_id,
            by=by,
            now=now,
        )
    elif step.action != EscalationAction.NOTIFY_AGENCY:
        journal.record(
            events.Escalated(
                assignment_id=assignment.id,
                incident_id=assignment.incident_id,
                agency_code=assignment.agency_code,
                action=step.action,
                to=step.to,
                step=run.next_step,
            ),
            region_id=region_id,
            by=by,
            now=now,
        )
    run.next_step += 1
    run.next_due_at = rules.due_at(plan, run.next_step, run.started_at)


def _schedule(run: EscalationRun) -> None:
    run.token = new_id()
    run.save()
    if run.next_due_at is not None:
        deadlines.set_deadline(
            RegionId(run.region_id),
            name=ESCALATE,
            subject_id=run.assignment_id,
            due_at=run.next_due_at,
            data={"token": str(run.token)},
        )
