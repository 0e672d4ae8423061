"""What happens to a caller, with every process of ours dead."""

import wave
from pathlib import Path

import pytest

from siaga.telephony import names
from siaga.telephony.names import details
from tests.phone.centre import Centre
from tests.phone.sipp import Caller, Desk, Keys

pytestmark = pytest.mark.phone
NORTH, SOUTH, LADDER, CLOSED = "127.0.0.10", "127.0.0.11", "127.0.0.12", "127.0.0.13"


def seconds(file: Path) -> float:
    with wave.open(str(file)) as recorded:
        assert recorded.getframerate() == 8000
        return recorded.getnframes() / 8000


def test_a_call_is_greeted_queued_and_ends_with_the_instruction(asterisk: Centre) -> None:
    number = "081230000001"
    call = asterisk.exchange.call(Caller(number=number, called="112", talk_ms=40_000), NORTH)
    marks = asterisk.whole(number, 45)
    assert call.wait() == 0, call.errors
    assert marks == ["offered", "greeted", "queued", "overflow", "ended"]
    said = dict(asterisk.marks(number))
    assert said["offered"] == f"region=utara;number={number};did=112;test="
    assert said["overflow"] == "step=instruction"
    assert said["ended"] == "reason=overflowed"
    recording = asterisk.recording(number)
    assert seconds(recording) > 2
    for leg in ("in", "out"):
        assert recording.with_name(f"{recording.stem}-{leg}.wav").exists()


def test_a_caller_who_gives_up_is_abandoned(asterisk: Centre) -> None:
    number = "081230000002"
    call = asterisk.exchange.call(Caller(number=number, called="112", talk_ms=700), NORTH)
    assert asterisk.whole(number)[-1] == "ended"
    assert call.wait() == 0, call.errors
    assert dict(asterisk.marks(number))["ended"] == "reason=abandoned"


def test_the_same_number_from_another_trunk_reaches_another_region(asterisk: Centre) -> None:
    for number, address, region in (("0812301", NORTH, "utara"), ("0812302", SOUTH, "selatan")):
        asterisk.exchange.call(Caller(number=number, called="112", talk_ms=900), address)
        asterisk.whole(number)
        contexts = {one["context"] for one in asterisk.events(number)} - {"call-ended"}
        assert details(asterisk.marks(number)[0][1])["region"] == region
        assert {one for one in contexts if not one.endswith(f"-{region}")} == set()


def test_the_ladder_rings_reserve_neighbor_and_mobile_in_order(asterisk: Centre) -> None:
    number = "081230000003"
    call = asterisk.exchange.call(Caller(number=number, called="0331112", talk_ms=60_000), LADDER)
    asterisk.whole(number, 60)
    assert call.wait() == 0, call.errors
    steps = [said for name, said in asterisk.marks(number) if name == "overflow"]
    assert steps == [f"step={one}" for one in ("reserve", "neighbor", "mobile", "instruction")]


def test_the_reserve_desk_phone_answers(asterisk: Centre) -> None:
    number = "081230000004"
    place = asterisk.plans["tangga-timur"].overflow.reserve[0]
    with asterisk.exchange.desk(Desk(ring_ms=300), place):
        asterisk.exchange.call(Caller(number=number, called="0331112", talk_ms=5_000), LADDER)
        marks = asterisk.whole(number)
    assert marks == ["offered", "greeted", "queued", "overflow", "ended"]
    assert any(one["eventtype"] == "BRIDGE_ENTER" for one in asterisk.events(number))
    assert dict(asterisk.marks(number))["ended"] == "reason=overflowed"


def test_a_desk_phone_in_the_queue_takes_the_call(asterisk: Centre) -> None:
    number = "081230000005"
    region = asterisk.plans["tangga-timur"]
    desk = names.channel(names.reserve(region.region, 1))
    queue = names.queue(region.region)
    asterisk.console(f"queue add member {desk} to {queue}")
    try:
        with asterisk.exchange.desk(Desk(ring_ms=200), region.overflow.reserve[0]):
            asterisk.exchange.call(Caller(number=number, called="0331112", talk_ms=2_000), LADDER)
            marks = asterisk.whole(number)
    finally:
        asterisk.console(f"queue remove member {desk} from {queue}")
    assert marks == ["offered", "greeted", "queued", "ended"]
    assert dict(asterisk.marks(number))["ended"] == "reason=answered"


def test_five_five_in_the_greeting_means_i_cannot_speak(asterisk: Centre) -> None:
    number = "081230000006"
    keys = (Keys(after_ms=600, digits="55"),)
    asterisk.exchange.call(Caller(number=number, called="112", talk_ms=8_000, keys=keys), NORTH)
    marks = asterisk.whole(number)
    assert marks[:5] == ["offered", "greeted", "queued", "cannot_speak", "queued"]
    said = asterisk.marks(number)
    assert said[3][1] == "where=greeting"
    assert said[4][1] == "priority=20"


def test_one_five_keeps_the_place_in_the_queue(asterisk: Centre) -> None:
    number = "081230000007"
    keys = (Keys(after_ms=600, digits="5"),)
    asterisk.exchange.call(Caller(number=number, called="112", talk_ms=3_500, keys=keys), NORTH)
    marks = asterisk.whole(number)
    assert marks == ["offered", "greeted", "queued", "queued", "ended"]
    assert asterisk.marks(number)[3][1] == "priority=11"


def test_five_five_while_talking_is_marked(asterisk: Centre) -> None:
    number = "081230000008"
    place = asterisk.plans["tangga-timur"].overflow.reserve[0]
    keys = (Keys(after_ms=4_000, digits="55"),)
    caller = Caller(number=number, called="0331112", talk_ms=2_500, keys=keys)
    with asterisk.exchange.desk(Desk(ring_ms=200), place):
        asterisk.exchange.call(caller, LADDER)
        marks = asterisk.whole(number)
    assert marks[-2:] == ["cannot_speak", "ended"]
    assert dict(asterisk.marks(number))["cannot_speak"] == "where=talk"


def hold(asterisk: Centre, number: str, value: str) -> None:
    asterisk.console(f"database put held-utara {number} {value}")


def test_a_held_number_is_asked_and_gets_through_by_pressing_one(asterisk: Centre) -> None:
    hold(asterisk, "+6281230000009", "ask:4000000000")
    number = "081230000009"
    keys = (Keys(after_ms=1_500, digits="1"),)
    asterisk.exchange.call(Caller(number=number, called="112", talk_ms=2_000, keys=keys), NORTH)
    marks = asterisk.whole(number)
    assert marks == ["offered", "held", "held", "greeted", "queued", "ended"]
    said = asterisk.marks(number)
    assert [said[1][1], said[2][1], said[4][1]] == ["step=asked", "step=through", "priority=1"]


def test_a_held_number_that_presses_nothing_is_not_queued(asterisk: Centre) -> None:
    hold(asterisk, "+6281230000010", "ask:4000000000")
    number = "+6281230000010"
    asterisk.exchange.call(Caller(number=number, called="112", talk_ms=30_000), NORTH)
    assert asterisk.whole(number) == ["offered", "held", "ended"]
    assert dict(asterisk.marks(number))["ended"] == "reason=held"


def test_an_expired_hold_means_nothing(asterisk: Centre) -> None:
    hold(asterisk, "+6281230000011", "ask:1000000000")
    number = "081230000011"
    asterisk.exchange.call(Caller(number=number, called="112", talk_ms=700), NORTH)
    assert "held" not in asterisk.whole(number)


def test_a_graded_number_only_waits_longer(asterisk: Centre) -> None:
    hold(asterisk, "+6281230000012", "later:4000000000")
    number = "6281230000012"
    asterisk.exchange.call(Caller(number=number, called="112", talk_ms=700), NORTH)
    asterisk.whole(number)
    assert dict(asterisk.marks(number))["queued"] == "priority=5"


def test_out_of_hours_the_notice_is_heard_and_the_duty_phone_rung(asterisk: Centre) -> None:
    number = "081230000013"
    asterisk.exchange.call(Caller(number=number, called="112", talk_ms=40_000), CLOSED)
    marks = asterisk.whole(number, 45)
    assert marks == ["offered", "closed", "ended"]
    assert dict(asterisk.marks(number))["ended"] == "reason=closed"
    assert seconds(asterisk.recording(number)) > 3


def test_the_calendar_opens_and_holidays_close(asterisk: Centre) -> None:
    for number, address, wanted in (
        ("081230000015", "127.0.0.14", "greeted"),
        ("081230000016", "127.0.0.15", "closed"),
    ):
        asterisk.exchange.call(Caller(number=number, called="112", talk_ms=500), address)
        assert asterisk.whole(number)[1] == wanted


def test_whatever_a_caller_id_holds_only_digits_get_in(asterisk: Centre) -> None:
    for index, (given, wanted) in enumerate(
        (
            ("08123%22,s,1)(x", "081231"),
            ("9" * 300, "9" * 20),
            ("anonymous", ""),
        )
    ):
        shown = '"a\\"b,c)${EPOCH};d" '
        called = Caller(number=given, called="112", talk_ms=500, shown=shown)
        call = asterisk.exchange.call(called, SOUTH)
        assert call.wait(20) == 0, (index, call.errors)
        assert asterisk.whole(wanted, 10)[-1] == "ended"


def test_a_stranger_gets_no_call_through(asterisk: Centre) -> None:
    number = "081230000014"
    call = asterisk.exchange.call(Caller(number=number, called="112", talk_ms=500), "127.0.0.99")
    assert call.wait(20) != 0
    assert "401" in call.errors or "403" in call.errors
    assert asterisk.events(number) == []


def test_nothing_was_missing_in_asterisk(asterisk: Centre) -> None:
    log = (asterisk.site.home / "log" / "messages").read_text()
    for words in ("No application", "No such", "not registered", "declined to load", "Unable to"):
        assert words not in log, [line for line in log.splitlines() if words in line]
