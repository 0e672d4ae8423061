"""What may follow what, and how far an incident has come."""

from hypothesis import given
from hypothesis import strategies as st

from siaga.dispatch import rules
from siaga.dispatch.types import OPEN_STATES, AssignmentState, EscalationPlan, PlanStep
from siaga.triage.types import IncidentStatus

STATES = st.sampled_from(list(AssignmentState))


@given(STATES, STATES)
def test_nothing_follows_an_end(before: AssignmentState, after: AssignmentState) -> None:
    if before not in OPEN_STATES:
        assert not rules.may_follow(before, after)


@given(st.lists(STATES, min_size=1, max_size=8), st.randoms())
def test_the_incident_does_not_depend_on_the_order_of_its_assignments(
    states: list[AssignmentState], chance: object
) -> None:
    mixed = list(states)
    chance.shuffle(mixed)
    assert rules.incident_status(states) == rules.incident_status(mixed)


def test_one_who_declined_does_not_hide_one_who_goes() -> None:
    states = [AssignmentState.DECLINED, AssignmentState.EN_ROUTE]
    assert rules.incident_status(states) is IncidentStatus.EN_ROUTE


def test_when_all_declined_the_incident_is_back_in_triage() -> None:
    states = [AssignmentState.DECLINED, AssignmentState.WITHDRAWN]
    assert rules.incident_status(states) is IncidentStatus.IN_TRIAGE


def test_done_only_when_nobody_is_left_at_work() -> None:
    done, there = AssignmentState.DONE, AssignmentState.ON_SCENE
    assert rules.incident_status([done, there]) is IncidentStatus.ON_SCENE
    assert rules.incident_status([done, AssignmentState.DECLINED]) is IncidentStatus.DONE


def test_a_plan_ends_after_its_last_step(now: object) -> None:
    plan = EscalationPlan(
        profile_version="1",
        urgency="P1",
        acknowledge_within_seconds=60,
        steps=(PlanStep(after_seconds=60, action="notify_again", to="damkar"),),
    )
    assert (rules.due_at(plan, 0, now) - now).total_seconds() == 60
    assert rules.due_at(plan, 1, now) is None
