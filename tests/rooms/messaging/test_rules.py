"""Windows, states and waits."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siaga.kernel.types import Channel
from siaga.messaging import rules
from siaga.messaging.types import DeliveryState

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def test_the_window_is_open_until_a_minute_before_its_end() -> None:
    ends = NOW + timedelta(hours=1)
    assert rules.window(Channel.WHATSAPP, ends, NOW).open
    assert not rules.window(Channel.WHATSAPP, ends, ends - timedelta(seconds=59)).open
    assert rules.window(Channel.WHATSAPP, ends, NOW).expires_at == ends


def test_who_never_wrote_has_no_window() -> None:
    assert not rules.window(Channel.WHATSAPP, None, NOW).open


def test_the_web_has_no_window_at_all() -> None:
    assert rules.window(Channel.WEB, None, NOW).open


def test_a_notice_takes_the_way_that_is_open() -> None:
    ends = NOW + timedelta(hours=1)
    assert rules.way_of_notice(rules.window(Channel.WHATSAPP, ends, NOW)) is rules.Way.FREE
    assert rules.way_of_notice(rules.window(Channel.WHATSAPP, NOW, NOW)) is rules.Way.TEMPLATE


def test_the_farthest_state_does_not_depend_on_the_order() -> None:
    told = [DeliveryState.SENT, DeliveryState.READ, DeliveryState.DELIVERED]
    assert {rules.farthest(order) for order in permutations(told)} == {DeliveryState.READ}


def test_what_was_delivered_did_not_fail() -> None:
    assert rules.is_ahead(DeliveryState.DELIVERED, DeliveryState.FAILED)
    assert not rules.is_ahead(DeliveryState.FAILED, DeliveryState.DELIVERED)


@settings(deadline=None)
@given(st.lists(st.sampled_from(list(DeliveryState)), max_size=12))
def test_states_never_move_backwards(told: list[DeliveryState]) -> None:
    present = DeliveryState.NONE
    for state in told:
        if rules.is_ahead(state, present):
            former, present = present, state
            assert not rules.is_ahead(former, present)
    assert present == rules.farthest(told)


@pytest.mark.parametrize(("attempts", "seconds"), [(0, 2), (1, 2), (2, 4), (5, 32), (40, 600)])
def test_waits_grow_and_end(attempts: int, seconds: int) -> None:
    assert rules.back_off_seconds(attempts, 600) == seconds
