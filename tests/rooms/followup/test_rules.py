"""When an objection is possible, and what counts as serious."""

from datetime import datetime, timedelta

from siaga.followup import rules
from siaga.followup.types import Stage
from siaga.kernel.types import Urgency


def test_only_threats_to_life_and_what_may_worsen_are_serious() -> None:
    assert [item for item in Urgency if rules.is_serious(item)] == [Urgency.P1, Urgency.P2]


def test_the_days_for_an_objection_are_calendar_days(now: datetime) -> None:
    assert rules.object_until(now, 10) == now + timedelta(days=10)


def test_without_an_incident_there_is_nothing_to_object(now: datetime) -> None:
    assert not rules.may_object(None, now, 10)


def test_every_stage_is_shown_reached_or_not(now: datetime) -> None:
    shown = rules.stages(now, None)
    assert [item.stage for item in shown] == list(Stage)
    assert [item.at for item in shown if item.at] == [now]
