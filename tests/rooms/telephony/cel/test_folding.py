"""What the record says of one call, in whatever pieces it comes."""

from collections.abc import Iterable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siaga.telephony.cel.folding import Call, fold
from siaga.telephony.cel.lines import read_line
from siaga.telephony.names import Mark
from siaga.telephony.types import CallOutcome, CallState
from tests.rooms.telephony.record import abandoned_call, answered_call, line, offered

REGION = "jombang"


def folded(lines: Iterable[bytes]) -> Call:
    call = Call(linked_id="a.1")
    for one in lines:
        call = fold(call, read_line(one))
    return call


def moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def test_an_answered_call_knows_its_times_its_number_and_its_position() -> None:
    call = folded(answered_call("a.1", REGION, at=100))
    assert (call.region_id, call.number, call.did) == (REGION, "+6281234567890", "112")
    assert (call.position, call.outcome) == (1, CallOutcome.ANSWERED)
    assert call.presented_at == moment(100.1)
    assert call.ringing_at == moment(100.4)
    assert call.answered_at == moment(102)
    assert call.ended_at == moment(130.1)


def test_the_steps_of_a_call_follow_each_other() -> None:
    lines = answered_call("a.1", REGION)
    states = [folded(lines[:number]).state for number in range(2, len(lines) + 1)]
    assert list(dict.fromkeys(states)) == list(CallState)


def test_nobody_answered() -> None:
    assert folded(abandoned_call("a.1", REGION)).outcome is CallOutcome.ABANDONED


@pytest.mark.parametrize(
    ("marks", "outcome"),
    [
        ([Mark.HELD], CallOutcome.HELD),
        ([Mark.HELD, Mark.QUEUED], CallOutcome.ABANDONED),
        ([Mark.CLOSED], CallOutcome.CLOSED),
        ([Mark.CALLBACK], CallOutcome.CALLBACK),
        ([], CallOutcome.ABANDONED),
    ],
)
def test_every_ended_call_has_exactly_one_outcome(marks: list[Mark], outcome: CallOutcome) -> None:
    lines = [offered("a.1", REGION), *(line("a.1", mark) for mark in marks)]
    assert folded(lines).outcome is None
    assert folded([*lines, line("a.1", "LINKEDID_END")]).outcome is outcome


def test_the_reserve_phone_is_no_position() -> None:
    call = folded(
        [
            offered("a.1", REGION),
            line("a.1", Mark.QUEUED),
            line("a.1", Mark.OVERFLOW, eventextra="step=reserve"),
            line("a.1", "BRIDGE_ENTER", peer=f"PJSIP/{REGION}-r1-0000000b"),
            line("a.1", "LINKEDID_END"),
        ]
    )
    assert (call.outcome, call.position) == (CallOutcome.OVERFLOWED, None)


def test_a_desk_phone_that_serves_the_queue_answers_like_a_position() -> None:
    call = folded(
        [
            offered("a.1", REGION),
            line("a.1", Mark.QUEUED),
            line("a.1", "BRIDGE_ENTER", peer=f"PJSIP/{REGION}-r1-0000000b"),
            line("a.1", "LINKEDID_END"),
        ]
    )
    assert (call.outcome, call.position) == (CallOutcome.ANSWERED, None)


def test_five_five_and_a_lost_position_are_remembered() -> None:
    call = folded(
        [
            *answered_call("a.1", REGION)[:-1],
            line("a.1", Mark.CANNOT_SPEAK, eventextra="where=talk"),
            line("a.1", Mark.POSITION_LOST, eventextra="position=1;cause=44"),
        ]
    )
    assert call.cannot_speak
    assert call.positions_lost == 1


def test_events_of_another_call_are_a_mistake() -> None:
    with pytest.raises(ValueError, match=r"b\.2"):
        fold(Call(linked_id="a.1"), read_line(line("b.2", "HANGUP")))


@given(st.lists(st.sampled_from(answered_call("a.1", REGION)), max_size=30))
def test_whatever_comes_in_whatever_order_a_call_never_goes_back(lines: list[bytes]) -> None:
    call, order = Call(linked_id="a.1"), list(CallState)
    for one in lines:
        further = fold(call, read_line(one))
        assert order.index(further.state) >= order.index(call.state)
        assert call.outcome is None or further.ended_at == call.ended_at
        call = further
