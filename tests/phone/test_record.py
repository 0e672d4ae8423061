"""What Asterisk writes of real calls, read by the call log's own reader."""

from siaga.telephony import names
from siaga.telephony.cel.folding import Call, fold
from siaga.telephony.cel.following import Place, read_on
from siaga.telephony.cel.lines import read_line
from siaga.telephony.types import CallOutcome
from tests.phone.centre import Centre
from tests.phone.sipp import Caller, Desk

NORTH, LADDER = "127.0.0.10", "127.0.0.12"


def folded(asterisk: Centre) -> dict[str, Call]:
    """Every call of the whole record, by the caller's number; no line of it may be odd."""
    calls: dict[str, Call] = {}
    place = Place()
    while (piece := read_on(asterisk.site.cel_file, place)).after != place:
        place = piece.after
        for event in map(read_line, piece.lines):
            key = event.linked_id
            calls[key] = fold(calls.get(key, Call(linked_id=key)), event)
    return {call.number: call for call in calls.values() if call.region_id is not None}


def test_the_record_of_real_calls_folds_into_their_outcomes(asterisk: Centre) -> None:
    region = asterisk.plans["tangga-timur"]
    place = region.overflow.reserve[0]
    asterisk.exchange.call(Caller(number="081239000001", called="112", talk_ms=700), NORTH)
    asterisk.whole("081239000001")
    with asterisk.exchange.desk(Desk(ring_ms=300), place):
        asterisk.exchange.call(
            Caller(number="081239000002", called="0331112", talk_ms=5_000), LADDER
        )
        asterisk.whole("081239000002")
    desk, queue = names.channel(names.reserve(region.region, 1)), names.queue(region.region)
    asterisk.console(f"queue add member {desk} to {queue}")
    try:
        with asterisk.exchange.desk(Desk(ring_ms=200), place):
            asterisk.exchange.call(
                Caller(number="081239000003", called="0331112", talk_ms=2_000), LADDER
            )
            asterisk.whole("081239000003")
    finally:
        asterisk.console(f"queue remove member {desk} from {queue}")

    calls = folded(asterisk)
    outcomes = [calls[f"08123900000{number}"].outcome for number in (1, 2, 3)]
    assert outcomes == [CallOutcome.ABANDONED, CallOutcome.OVERFLOWED, CallOutcome.ANSWERED]
    for call in calls.values():
        assert call.presented_at is not None
        assert (call.ended_at is None) == (call.outcome is None)
    answered = calls["081239000003"]
    assert answered.queued_at and answered.answered_at and answered.ended_at
    assert answered.presented_at <= answered.queued_at <= answered.answered_at < answered.ended_at
