"""What happens once somebody answers: both voices on record, a position that dies, calls out."""

from dataclasses import replace
from pathlib import Path

import pytest

from siaga.telephony import names
from siaga.telephony.asterisk.process import reload
from siaga.telephony.asterisk.rendering import reloads_for, write_configuration
from siaga.telephony.names import details
from siaga.telephony.types import PhonePlan
from tests.phone import sounds
from tests.phone.centre import Centre
from tests.phone.sipp import Caller, Desk
from tests.waiting import wait_until

pytestmark = pytest.mark.phone
NORTH, LADDER = "127.0.0.10", "127.0.0.12"
CALLER_HERTZ, DESK_HERTZ = 1000, 440


@pytest.fixture
def east(asterisk: Centre) -> PhonePlan:
    return asterisk.plans["tangga-timur"]


def member(asterisk: Centre, east: PhonePlan, verb: str, way: str) -> None:
    desk = names.channel(names.reserve(east.region, 1))
    asterisk.console(f"queue {verb} member {desk} {way} {names.queue(east.region)}")


def bridged(asterisk: Centre, number: str, leg: str) -> bool:
    return any(
        one["eventtype"] == "BRIDGE_ENTER" and leg in one["channame"]
        for one in asterisk.events(number)
    )


def voices(asterisk: Centre, tmp_path: Path) -> tuple[Path, Path]:
    return (
        sounds.tone(tmp_path / "caller.al", CALLER_HERTZ),
        sounds.tone(tmp_path / "desk.al", DESK_HERTZ),
    )


def test_both_voices_are_on_record_each_in_its_own_file(
    asterisk: Centre, east: PhonePlan, tmp_path: Path
) -> None:
    number = "081240000001"
    mine, theirs = voices(asterisk, tmp_path)
    member(asterisk, east, "add", "to")
    try:
        with asterisk.exchange.desk(Desk(voice=theirs), east.overflow.reserve[0]):
            caller = Caller(number=number, called="0331112", talk_ms=9_000, voice=mine)
            asterisk.exchange.call(caller, LADDER)
            asterisk.whole(number)
    finally:
        member(asterisk, east, "remove", "from")
    mixed = asterisk.recording(number)
    said, heard = (mixed.with_name(f"{mixed.stem}-{leg}.wav") for leg in ("in", "out"))
    assert sounds.seconds_of(said, CALLER_HERTZ) > 2.5
    assert sounds.seconds_of(said, DESK_HERTZ) == 0
    assert sounds.seconds_of(heard, DESK_HERTZ) > 2
    assert sounds.seconds_of(heard, CALLER_HERTZ) == 0


def test_a_caller_whose_position_dies_goes_first_and_the_reserve_answers(
    asterisk: Centre, east: PhonePlan
) -> None:
    number = "081240000002"
    first = names.channel(names.reserve(east.region, 2))
    queue = names.queue(east.region)
    asterisk.console(f"queue add member {first} to {queue}")
    dying = asterisk.exchange.desk(Desk(dies_after_ms=1_500), east.overflow.reserve[1], calls=1)
    try:
        with asterisk.exchange.desk(Desk(), east.overflow.reserve[0]):
            asterisk.exchange.call(Caller(number=number, called="0331112", talk_ms=7_000), LADDER)
            wait_until(lambda: bridged(asterisk, number, "-r2-"))
            asterisk.console(f"queue pause member {first} queue {queue}")
            marks = asterisk.whole(number)
    finally:
        asterisk.console(f"queue remove member {first} from {queue}")
        dying.stop()
    assert marks[:4] == ["offered", "greeted", "queued", "position_lost"]
    assert details(dict(asterisk.marks(number))["position_lost"])["cause"] == "44"
    assert ("overflow", "step=reserve") in asterisk.marks(number)
    at = {one["eventtype"]: float(one["eventtime"]) for one in asterisk.events(number)}
    assert at["SIAGA_OVERFLOW"] - at["SIAGA_POSITION_LOST"] < 0.5
    assert bridged(asterisk, number, "-r1-")
    assert dict(asterisk.marks(number))["ended"] == "reason=answered"


def test_a_position_that_hangs_up_ends_the_call(asterisk: Centre, east: PhonePlan) -> None:
    number = "081240000003"
    member(asterisk, east, "add", "to")
    desk = Desk(dies_after_ms=500, cause=16)
    try:
        with asterisk.exchange.desk(desk, east.overflow.reserve[0]):
            asterisk.exchange.call(Caller(number=number, called="0331112", talk_ms=9_000), LADDER)
            marks = asterisk.whole(number)
    finally:
        member(asterisk, east, "remove", "from")
    assert marks == ["offered", "greeted", "queued", "ended"]
    assert dict(asterisk.marks(number))["ended"] == "reason=answered"


def test_a_queue_closed_by_the_supervisor_goes_to_the_ladder_at_once(asterisk: Centre) -> None:
    number = "081240000004"
    asterisk.console("database put switch-utara overflow banjir")
    try:
        asterisk.exchange.call(Caller(number=number, called="112", talk_ms=9_000), NORTH)
        marks = asterisk.whole(number)
    finally:
        asterisk.console("database del switch-utara overflow")
    assert marks == ["offered", "greeted", "queued", "overflow", "ended"]
    starts = {one["eventtype"]: float(one["eventtime"]) for one in asterisk.events(number)}
    assert starts["SIAGA_OVERFLOW"] - starts["SIAGA_QUEUED"] < 0.5


def test_a_test_call_is_marked(asterisk: Centre) -> None:
    number = "081240000005"
    caller = Caller(number=number, called="112", talk_ms=400, headers=f"{names.TEST_HEADER}: 1\n")
    asterisk.exchange.call(caller, NORTH)
    asterisk.whole(number)
    assert details(dict(asterisk.marks(number))["offered"])["test"] == "1"


def test_a_new_rendering_drops_no_call(asterisk: Centre) -> None:
    number = "081240000006"
    asterisk.console("queue add member Local/nobody@nowhere to 112-utara")
    call = asterisk.exchange.call(Caller(number=number, called="112", talk_ms=2_500), NORTH)
    wait_until(lambda: "queued" in asterisk.names(number))
    plans = dict(asterisk.plans)
    plans["utara"] = replace(plans["utara"], did=("112", "0333112"))
    changed = write_configuration([*plans.values()], asterisk.site)
    assert changed == ["extensions.conf"]
    reload(asterisk.site, reloads_for(changed))
    assert "0333112" in asterisk.console("dialplan show trunk-utara")
    asterisk.whole(number)
    asterisk.console("queue remove member Local/nobody@nowhere from 112-utara")
    assert call.wait() == 0, call.errors
    write_configuration([*asterisk.plans.values()], asterisk.site)
    reload(asterisk.site, reloads_for(changed))


def originated(asterisk: Centre, channel: str, context: str, extension: str) -> str:
    words = {"Channel": channel, "Context": context, "Exten": extension, "Priority": "1"}
    return asterisk.act(Action="Originate", Async="true", Timeout="5000", **words)


def channels(asterisk: Centre) -> list[str]:
    lines = asterisk.console("core show channels concise").splitlines()
    return [line.split("!")[0] for line in lines if line.startswith("PJSIP/")]


def test_a_conference_goes_on_record_after_the_first_desk_left(
    asterisk: Centre, east: PhonePlan, tmp_path: Path
) -> None:
    number = "081240000008"
    mine, theirs = voices(asterisk, tmp_path)
    member(asterisk, east, "add", "to")
    caller = Caller(number=number, called="0331112", talk_ms=9_000, voice=mine)
    outside = asterisk.plans["utara"]
    agency = f"PJSIP/0811@{names.trunk(outside.region)}"
    try:
        with (
            asterisk.exchange.desk(Desk(), east.overflow.reserve[0]) as first,
            asterisk.exchange.desk(Desk(voice=theirs), outside.trunk_addresses[0]),
        ):
            asterisk.exchange.call(caller, LADDER)
            wait_until(lambda: len(channels(asterisk)) == 2)
            wait_until(lambda: bridged(asterisk, number, "-r1-"))
            trunk = next(one for one in channels(asterisk) if "trunk-tangga" in one)
            desk = next(one for one in channels(asterisk) if "-r1-" in one)
            room = {"Context": "room-tangga-timur", "Exten": "77", "Priority": "1"}
            both = {f"Extra{name}": value for name, value in room.items()}
            answer = asterisk.act(
                Action="Redirect", Channel=trunk, ExtraChannel=desk, **room, **both
            )
            assert "Success" in answer, answer
            assert "Success" in originated(asterisk, agency, "room-tangga-timur", "77")
            wait_until(lambda: len(channels(asterisk)) == 3)
            asterisk.act(Action="Hangup", Channel=desk)
            first.stop()
            marks = asterisk.whole(number)
            for left in channels(asterisk):
                asterisk.act(Action="Hangup", Channel=left)
            wait_until(lambda: not channels(asterisk))
    finally:
        member(asterisk, east, "remove", "from")
    assert "conference" in marks
    assert marks[-1] == "ended"
    mixed = asterisk.recording(number)
    heard = mixed.with_name(f"{mixed.stem}-out.wav")
    assert sounds.seconds_of(heard, DESK_HERTZ) > 2


def test_a_call_back_goes_out_by_the_trunk_and_only_where_allowed(
    asterisk: Centre, east: PhonePlan
) -> None:
    trunk = asterisk.plans["utara"].trunk_addresses[0]
    desk = names.channel(names.reserve(east.region, 1))
    with (
        asterisk.exchange.desk(Desk(dies_after_ms=900, cause=16), east.overflow.reserve[0]),
        asterisk.exchange.desk(Desk(), trunk),
    ):
        assert "Success" in originated(asterisk, desk, "callback-utara", "+6281240000007")
        wait_until(lambda: _called_back(asterisk, "081240000007"))
        wait_until(lambda: not channels(asterisk))
    answer = originated(asterisk, desk, "callback-utara", "090000000")
    assert "Extension does not exist" in answer
    assert not _called_back(asterisk, "090000000")


def _called_back(asterisk: Centre, number: str) -> bool:
    return f"CALLBACK,region=utara;number={number};" in asterisk.site.cel_file.read_text()
