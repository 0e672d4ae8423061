"""Pure decisions of dispatch: what may follow what, and how far an incident has come."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from siaga.dispatch.types import AssignmentState, EscalationPlan, PlanStep
from siaga.regions.types import AckPlan
from siaga.triage.types import IncidentStatus

AUDITOR_GRACE_SECONDS = 15

S = AssignmentState
# Steps may be skipped forwards: a crew at the scene has no hand free for two taps.
_MAY_FOLLOW: dict[AssignmentState, frozenset[AssignmentState]] = {
    S.SENT: frozenset({S.ACKNOWLEDGED, S.EN_ROUTE, S.ON_SCENE, S.DONE, S.DECLINED, S.WITHDRAWN}),
    S.ACKNOWLEDGED: frozenset({S.EN_ROUTE, S.ON_SCENE, S.DONE, S.DECLINED, S.WITHDRAWN}),
    S.EN_ROUTE: frozenset({S.ON_SCENE, S.DONE, S.DECLINED, S.WITHDRAWN}),
    S.ON_SCENE: frozenset({S.DONE, S.WITHDRAWN}),
    S.DONE: frozenset(),
    S.DECLINED: frozenset(),
    S.WITHDRAWN: frozenset(),
}
assert _MAY_FOLLOW.keys() == set(S), "states without a line in the table"

_STATUS = {
    S.SENT: IncidentStatus.DISPATCHED,
    S.ACKNOWLEDGED: IncidentStatus.ACKNOWLEDGED,
    S.EN_ROUTE: IncidentStatus.EN_ROUTE,
    S.ON_SCENE: IncidentStatus.ON_SCENE,
}
_FURTHEST = [S.ON_SCENE, S.EN_ROUTE, S.ACKNOWLEDGED, S.SENT]


def may_follow(before: AssignmentState, after: AssignmentState) -> bool:
    """Whether an assignment may go from one state to the other."""
    return after in _MAY_FOLLOW[before]


def next_steps(state: AssignmentState) -> tuple[AssignmentState, ...]:
    """What an officer may do now, in the order of the work."""
    return tuple(item for item in S if item in _MAY_FOLLOW[state] and item is not S.WITHDRAWN)


def incident_status(states: Iterable[AssignmentState]) -> IncidentStatus:
    """How far the incident has come, from all of its assignments.

    The furthest open one speaks; when none is open, one that is done makes it done, and if all
    declined or were withdrawn it is back in triage.
    """
    present = list(states)
    for state in _FURTHEST:
        if state in present:
            return _STATUS[state]
    return IncidentStatus.DONE if S.DONE in present else IncidentStatus.IN_TRIAGE


def frozen_plan(plan: AckPlan, profile_version: str) -> EscalationPlan:
    """The profile's plan as it is promised now, steps in the order of their time."""
    steps = sorted(plan.steps, key=lambda step: step.after_seconds)
    return EscalationPlan(
        profile_version=profile_version,
        urgency=plan.urgency,
        acknowledge_within_seconds=plan.within_seconds,
        steps=tuple(
            PlanStep(after_seconds=step.after_seconds, action=step.action, to=step.to)
            for step in steps
        ),
    )


def due_at(plan: EscalationPlan, step: int, started_at: datetime) -> datetime | None:
    """When a step of the plan runs; None when there are no more."""
    if step >= len(plan.steps):
        return None
    return started_at + timedelta(seconds=plan.steps[step].after_seconds)
