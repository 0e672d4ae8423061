"""The live picture and the console's commands, with real calls."""

from __future__ import annotations

from functools import partial

import pytest

from siaga.telephony.ami import client
from siaga.telephony.live.picture import LivePicture, PositionState
from siaga.telephony.types import CallState, PhonePlan
from tests import waiting
from tests.phone import sounds
from tests.phone.centre import Centre
from tests.phone.conftest import Seated
from tests.phone.relay import Relay
from tests.phone.sipp import Caller, Desk
from tests.phone.watching import Watcher

pytestmark = pytest.mark.phone
wait_until = partial(waiting.wait_until, seconds=30)
"""However busy the machine is."""
TRUNK = "127.0.0.16"


@pytest.fixture
def north(asterisk: Centre) -> PhonePlan:
    return asterisk.plans["meja"]


def phase(watcher: Watcher, plan: PhonePlan, number: str, state: CallState) -> bool:
    call = watcher.call(plan, number)
    return call is not None and call.state is state


def summary(seen: LivePicture) -> tuple[object, ...]:
    """What two daemons must agree on, whenever they began to listen."""
    calls = [(one.linked_id, one.state, one.position, one.priority) for one in seen.calls]
    return calls, [one.state for one in seen.positions], seen.waiting


def states(watcher: Watcher) -> list[tuple[str, CallState]]:
    return [(one.linked_id, one.state) for one in watcher.picture("meja").calls]


def calls(asterisk: Centre, number: str, talk_ms: int = 90_000) -> None:
    """Somebody calls and hums; without any sound a supervisor's leg could not let go."""
    voice = sounds.tone(asterisk.folder / "hum.al", 700)
    asterisk.exchange.call(Caller(number=number, called="112", talk_ms=talk_ms, voice=voice), TRUNK)


def test_a_password_works_at_once_and_stops_when_the_seat_is_left(
    asterisk: Centre, watcher: Watcher, seated: Seated
) -> None:
    phone = seated(1)
    phone.secret = "another one"
    assert phone.register() == 401
    assert watcher.do("seat_close", "meja", number=1, device="desk") == ""
    phone.secret = "secret-1"
    assert phone.register() >= 400
    assert watcher.state("meja", 1) is PositionState.EMPTY
    assert watcher.do("ready", "meja", number=1) != ""


def test_a_seat_that_nobody_holds_any_more_is_forgotten(
    asterisk: Centre, watcher: Watcher, seated: Seated
) -> None:
    first = seated(1)
    second = seated(2)
    watcher.settle("meja", [2])
    watcher.until("meja", 1, PositionState.EMPTY)
    assert first.register() >= 400
    assert second.register() == 200


def test_a_call_is_seen_from_the_first_ring_to_the_wrap_up(
    asterisk: Centre, watcher: Watcher, north: PhonePlan, seated: Seated
) -> None:
    phone = seated(1, answers=None)
    calls(asterisk, "081250000001")
    ringing = phone.ringing(30)
    call = wait_until(lambda: watcher.call(north, "081250000001"))
    wait_until(lambda: watcher.state("meja", 1) is PositionState.RINGING)
    assert ringing.headers["x-siaga-linked"] == call.linked_id
    assert ringing.headers["x-siaga-number"] == "081250000001"
    assert watcher.picture("meja").waiting == (call.linked_id,)
    phone.answer()
    watcher.until("meja", 1, PositionState.TALKING)
    seen = watcher.picture("meja")
    assert seen.calls[0].state is CallState.ANSWERED
    assert seen.calls[0].position == 1
    assert seen.waiting == ()
    phone.hang_up()
    watcher.until("meja", 1, PositionState.WRAP_UP)
    assert watcher.picture("meja").positions[0].call == call.linked_id
    wait_until(lambda: watcher.picture("meja").calls == ())
    assert watcher.do("wrap_up_done", "meja", number=1) == ""
    watcher.until("meja", 1, PositionState.READY)


def test_who_is_in_wrap_up_or_paused_is_not_rung(
    asterisk: Centre, watcher: Watcher, north: PhonePlan, seated: Seated
) -> None:
    phone = seated(1)
    calls(asterisk, "081250000002")
    watcher.until("meja", 1, PositionState.TALKING)
    phone.hang_up()
    watcher.until("meja", 1, PositionState.WRAP_UP)
    calls(asterisk, "081250000003", 3_500)
    asterisk.whole("081250000003")
    assert len(phone.calls) == 1
    assert watcher.do("pause", "meja", number=1, reason="ibadah") == ""
    watcher.until("meja", 1, PositionState.PAUSED)
    assert watcher.picture("meja").positions[0].reason == "ibadah"
    assert watcher.do("wrap_up_done", "meja", number=1) == ""
    assert watcher.state("meja", 1) is PositionState.PAUSED


def test_the_picture_is_made_anew_in_the_midst_of_calls(
    asterisk: Centre, watcher: Watcher, north: PhonePlan, seated: Seated
) -> None:
    seated(1)
    calls(asterisk, "081250000004")
    watcher.until("meja", 1, PositionState.TALKING)
    calls(asterisk, "081250000005")
    wait_until(lambda: len(watcher.picture("meja").waiting) == 1)
    with Watcher(asterisk) as other:
        wait_until(lambda: summary(other.picture("meja")) == summary(watcher.picture("meja")))
        before, after = watcher.picture("meja"), other.picture("meja")
    assert summary(after) == summary(before)
    for call, twin in zip(before.calls, after.calls, strict=True):
        assert abs((twin.presented_at - call.presented_at).total_seconds()) < 3
    for call in before.calls:
        assert watcher.do("hangup", "meja", call=call.linked_id) == ""
    wait_until(lambda: watcher.picture("meja").calls == ())


def test_a_supervisor_listens_and_nobody_else_hears_of_it(
    asterisk: Centre, watcher: Watcher, north: PhonePlan, seated: Seated
) -> None:
    phone = seated(1)
    calls(asterisk, "081250000006")
    watcher.until("meja", 1, PositionState.TALKING)
    supervisor = seated(2)
    call = wait_until(lambda: watcher.call(north, "081250000006"))
    for mode in ("listen", "whisper", "barge"):
        given = {"call": call.linked_id, "position": 2}
        assert watcher.do(mode, "meja", **given) == ""
        assert supervisor.ringing(30).headers["x-siaga-purpose"] == mode
        wait_until(lambda: watcher.picture("meja").calls[0].heard_by == (2,))
        supervisor.hang_up()
        wait_until(lambda: watcher.picture("meja").calls[0].heard_by == ())
        watcher.until("meja", 2, PositionState.READY)
    assert watcher.state("meja", 1) is PositionState.TALKING
    assert watcher.state("meja", 2) is PositionState.READY
    phone.hang_up()
    wait_until(lambda: watcher.picture("meja").calls == ())


def test_a_waiting_call_is_moved_up(
    asterisk: Centre, watcher: Watcher, north: PhonePlan, seated: Seated
) -> None:
    phone = seated(1)
    assert watcher.do("pause", "meja", number=1, reason="rapat") == ""
    for number in ("081250000007", "081250000008"):
        calls(asterisk, number)
        queued = partial(phase, watcher, north, number, CallState.QUEUED)
        wait_until(queued)
    last = watcher.call(north, "081250000008")
    assert last is not None
    assert watcher.do("move_up", "meja", call=last.linked_id) == ""
    assert watcher.picture("meja").waiting[0] == last.linked_id
    assert watcher.do("ready", "meja", number=1) == ""
    assert phone.ringing(30).headers["x-siaga-number"] == "081250000008"
    for call in watcher.picture("meja").calls:
        watcher.do("hangup", "meja", call=call.linked_id)
    wait_until(lambda: watcher.picture("meja").calls == ())


def test_the_queue_is_closed_to_the_ladder_with_a_reason_and_opened(
    asterisk: Centre, watcher: Watcher, north: PhonePlan
) -> None:
    assert watcher.do("overflow_close", "meja", reason="gempa, gedung dikosongkan") == ""
    assert watcher.picture("meja").overflow == "gempa, gedung dikosongkan"
    with Watcher(asterisk) as other:
        assert other.picture("meja").overflow == "gempa, gedung dikosongkan"
    calls(asterisk, "081250000009", 1_500)
    asterisk.whole("081250000009")
    assert asterisk.names("081250000009")[:4] == ["offered", "greeted", "queued", "overflow"]
    assert watcher.do("overflow_open", "meja") == ""
    assert watcher.picture("meja").overflow == ""
    assert watcher.picture("selatan").overflow == ""


def test_a_call_back_rings_the_position_and_goes_out_only_where_allowed(
    asterisk: Centre, watcher: Watcher, north: PhonePlan, seated: Seated
) -> None:
    phone = seated(1)
    given = {"position": 1, "contact": "c-1"}
    refused = watcher.do("call_back", "meja", number="+6590000000", **given)
    assert refused == "calls to this number are not allowed"
    with asterisk.exchange.desk(Desk(), north.trunk_addresses[0]):
        assert watcher.do("call_back", "meja", number="+6281250000010", **given) == ""
        assert phone.ringing(30).headers["x-siaga-purpose"] == "callback"
        wait_until(
            lambda: any(
                one.is_callback and one.state is CallState.ANSWERED
                for one in watcher.picture("meja").calls
            )
        )
        [call] = watcher.picture("meja").calls
        assert (call.number, call.contact, call.position) == ("081250000010", "c-1", 1)
        phone.hang_up()
        watcher.until("meja", 1, PositionState.WRAP_UP)


def test_a_conference_goes_on_when_the_position_leaves(
    asterisk: Centre, watcher: Watcher, north: PhonePlan, seated: Seated
) -> None:
    seated(1)
    calls(asterisk, "081250000011")
    watcher.until("meja", 1, PositionState.TALKING)
    call = wait_until(lambda: watcher.call(north, "081250000011"))
    assert "not allowed" in watcher.do("conference", "meja", call=call.linked_id, phone="+659111")
    with asterisk.exchange.desk(Desk(), north.trunk_addresses[0]):
        assert watcher.do("conference", "meja", call=call.linked_id, phone="113") == ""
        wait_until(lambda: (one := watcher.call(north, "081250000011")) and one.parties == ("113",))
        assert watcher.state("meja", 1) is PositionState.TALKING
        given = {"call": call.linked_id, "position": 1}
        assert watcher.do("leave_conference", "meja", **given) == ""
        watcher.until("meja", 1, PositionState.WRAP_UP)
        seen = watcher.call(north, "081250000011")
        assert seen is not None and seen.in_conference and seen.parties == ("113",)
        assert watcher.do("hangup", "meja", call=call.linked_id) == ""
        wait_until(lambda: watcher.picture("meja").calls == ())
    assert "conference" in asterisk.whole("081250000011")


def test_a_caller_left_alone_in_a_conference_goes_back_to_the_queue(
    asterisk: Centre, watcher: Watcher, north: PhonePlan, seated: Seated
) -> None:
    first = seated(1)
    calls(asterisk, "081250000012", 40_000)
    watcher.until("meja", 1, PositionState.TALKING)
    call = wait_until(lambda: watcher.call(north, "081250000012"))
    # The third party does not come, and the position is gone.
    assert watcher.do("conference", "meja", call=call.linked_id, phone="113") == ""
    wait_until(lambda: (one := watcher.call(north, "081250000012")) and one.in_conference)
    line = watcher.line
    third = wait_until(
        lambda: next(
            (leg for leg in line.state.legs.values() if leg.unique_id in line.state.invited), None
        )
    )
    asterisk.console(f"channel request hangup {third.channel}")
    first.hang_up()
    second = seated(2)
    assert second.ringing(60).headers["x-siaga-linked"] == call.linked_id
    watcher.until("meja", 2, PositionState.TALKING)
    second.hang_up()
    wait_until(lambda: watcher.picture("meja").calls == ())


def test_a_notice_is_heard_first_and_pressing_nothing_still_leads_to_the_queue(
    asterisk: Centre, watcher: Watcher, north: PhonePlan
) -> None:
    prompt = str(asterisk.site.home / "prompts" / "meja" / "cannot-speak")
    assert watcher.do("notice_on", "meja", text="Kebakaran pasar.", prompt=prompt) == ""
    assert watcher.picture("meja").notice == "Kebakaran pasar."
    calls(asterisk, "081250000013", 40_000)
    wait_until(lambda: "queued" in asterisk.names("081250000013"))
    assert asterisk.names("081250000013")[:4] == ["offered", "greeted", "notice", "queued"]
    assert dict(asterisk.marks("081250000013"))["queued"] == "priority=5"
    assert watcher.do("notice_off", "meja") == ""
    assert watcher.picture("meja").notice == ""


def test_a_grade_reaches_the_dialplan_and_is_taken_back(asterisk: Centre, watcher: Watcher) -> None:
    given = {"phone": "+6281250000014", "how": "later", "until": "4000000000"}
    assert watcher.do("grade", "meja", **given) == ""
    calls(asterisk, "081250000014")
    wait_until(lambda: "queued" in asterisk.names("081250000014"))
    assert dict(asterisk.marks("081250000014"))["queued"] == "priority=5"
    assert watcher.do("ungrade", "meja", phone="+6281250000014") == ""
    assert watcher.do("grade", "meja", **{**given, "how": "never"}) == "no such grade"


def test_a_line_that_is_open_but_silent_is_given_up_and_the_picture_made_anew(
    asterisk: Centre, watcher: Watcher, north: PhonePlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "PING_SECONDS", 0.2)
    monkeypatch.setattr(client, "ANSWER_SECONDS", 0.8)
    with Relay(asterisk.site.ports.ami) as relay, Watcher(asterisk, relay.port) as other:
        relay.silent.set()
        calls(asterisk, "081250000015")
        wait_until(lambda: phase(watcher, north, "081250000015", CallState.QUEUED))
        assert other.call(north, "081250000015") is None
        wait_until(lambda: not other.picture("meja").connected)
        relay.silent.clear()
        relay.cut()
        wait_until(lambda: other.picture("meja").connected)
        wait_until(lambda: states(other) == states(watcher) != [])
        before = other.line.rebuilds
        relay.cut()
        wait_until(lambda: other.line.rebuilds > before)
        wait_until(lambda: states(other) == states(watcher))


def test_a_command_is_never_repeated_when_its_answer_is_lost(
    asterisk: Centre, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "ANSWER_SECONDS", 0.8)
    with Relay(asterisk.site.ports.ami) as relay, Watcher(asterisk, relay.port) as other:
        relay.silent.set()
        problem = other.do("overflow_close", "meja", reason="tak terdengar")
        assert problem.startswith(("no answer", "the line"))
        relay.silent.clear()
        relay.cut()
        wait_until(lambda: other.line.rebuilds > 1)
        assert other.picture("meja").overflow == ""
    with Watcher(asterisk) as third:
        assert third.picture("meja").overflow == ""
