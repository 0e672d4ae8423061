"""What was seen is asked about once the record had its time, and forgotten once it is told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from siaga.kernel.types import RegionId
from siaga.telephony.live.picture import LiveCall
from siaga.telephony.live.state import CallMemo, House, State
from siaga.telephony.live.witness import GRACE, Witness
from siaga.telephony.types import CallState

HERE = RegionId("utara")
START = datetime(2026, 11, 22, 5, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def state(*calls: LiveCall, connected: bool = True) -> State:
    memos = {one.linked_id: CallMemo(region=HERE, live=one) for one in calls}
    return replace(State(house=House.of([])), connected=connected, calls=memos)


CALL = LiveCall(linked_id="s-1.1", number="0811", state=CallState.QUEUED, presented_at=START)
LATE = GRACE.total_seconds() + 1


def test_a_call_is_due_when_it_should_be_on_record_and_again_at_its_end() -> None:
    witness = Witness()
    witness.look(state(CALL), at(0))
    assert witness.due(at(1)) == []
    [one] = witness.due(at(LATE))
    witness.settle([one], {"s-1.1": True})
    assert witness.due(at(60)) == []
    witness.look(state(), at(60))
    assert witness.due(at(61)) == []
    [ended] = witness.due(at(60 + LATE))
    assert ended.ended_at == at(60) and ended.end_seen
    witness.settle([ended], {"s-1.1": True})
    assert witness.due(at(999)) == []


def test_what_the_record_cannot_say_yet_is_asked_again() -> None:
    witness = Witness()
    witness.look(state(CALL), at(0))
    witness.settle(witness.due(at(LATE)), {})
    assert len(witness.due(at(LATE + 1))) == 1


def test_an_unrecorded_call_is_due_whenever_it_changes_and_a_lost_talk_stays_a_talk() -> None:
    witness = Witness()
    witness.look(state(CALL), at(0))
    witness.settle(witness.due(at(LATE)), {"s-1.1": False})
    assert witness.due(at(30)) == []
    talking = replace(CALL, state=CallState.ANSWERED, answered_at=at(20), position=2)
    witness.look(state(talking), at(20))
    [one] = witness.due(at(30))
    assert one.unrecorded and one.call == talking
    witness.settle([one], {"s-1.1": True})
    witness.look(state(CALL), at(40))
    [back] = witness.due(at(40))
    assert back.call is not None and (back.call.answered_at, back.call.position) == (at(20), 2)


def test_an_end_that_nobody_saw_says_so() -> None:
    witness = Witness()
    witness.look(state(CALL), at(0))
    witness.look(state(CALL, connected=False), at(10))
    witness.look(state(), at(20))
    [one] = witness.due(at(20 + LATE))
    assert one.ended_at == at(20) and not one.end_seen


def test_a_call_left_open_by_the_record_has_ended_if_asterisk_knows_nothing_of_it() -> None:
    witness = Witness()
    now = state(CALL)
    witness.look(now, at(0))
    witness.missed({"s-1.1": HERE, "s-0.7": HERE}, now, at(5))
    [one] = [one for one in witness.due(at(5 + LATE)) if one.ended_at]
    assert (one.linked_id, one.call, one.end_seen) == ("s-0.7", None, False)
    witness.missed({"s-0.8": HERE}, state(connected=False), at(5))
    assert "s-0.8" not in {one.linked_id for one in witness.due(at(99))}
