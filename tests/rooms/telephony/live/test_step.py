"""The core takes whatever comes, in whatever order, and never fails; and what commands mean."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siaga.telephony import names
from siaga.telephony.ami.wire import decode
from siaga.telephony.live import happening as h
from siaga.telephony.live.acting import Order, Plan, Refused, dialled, plan_of, room_of
from siaga.telephony.live.picture import LivePicture, from_stored, to_stored
from siaga.telephony.live.reading import read, rebuilt
from siaga.telephony.live.state import WRAP_UP, House, Member, State, picture
from siaga.telephony.live.step import step
from siaga.telephony.names import Mark, Variable
from siaga.telephony.types import CallState, CommandKind
from tests.rooms.telephony.live.world import HERE, PLAN, START

HOUSE = House.of([PLAN])
IDS = st.sampled_from(("s-1.0", "s-1.1", "s-2.0", "x1"))
CHANNELS = st.sampled_from(
    (f"PJSIP/trunk-{HERE}-1", f"PJSIP/{HERE}-p1-1", f"PJSIP/{HERE}-d2-1", "Local/x@y;1", "")
)
MARKS = st.sampled_from(list(Mark))
DETAILS = st.sampled_from(
    (
        {"region": HERE, "number": "0812", "test": "1"},
        {"priority": "x"},
        {"step": "asked"},
        {"room": "10"},
        {},
    )
)
MEMBERS = st.builds(
    Member,
    endpoint=st.sampled_from((f"{HERE}-p1", f"{HERE}-d1")),
    number=st.just(1),
    paused=st.booleans(),
    reason=st.sampled_from(("", WRAP_UP, "ibadah")),
)
SEEN = st.builds(
    lambda seconds: START + timedelta(seconds=seconds), st.integers(min_value=0, max_value=900)
)
HAPPENINGS = st.one_of(
    st.builds(h.LegBegan, at=SEEN, unique_id=IDS, linked_id=IDS, channel=CHANNELS),
    st.builds(h.LegEnded, at=SEEN, unique_id=IDS),
    st.builds(h.Bridged, at=SEEN, unique_id=IDS, linked_id=IDS, bridge=st.sampled_from("ab")),
    st.builds(h.Unbridged, at=SEEN, unique_id=IDS),
    st.builds(h.Marked, at=SEEN, unique_id=IDS, linked_id=IDS, mark=MARKS, details=DETAILS),
    st.builds(h.HoldSwitched, at=SEEN, unique_id=IDS, on=st.booleans()),
    st.builds(h.Keyed, at=SEEN, unique_id=IDS, digit=st.sampled_from("15")),
    st.builds(h.SpyBegan, at=SEEN, spy=IDS, target=IDS),
    st.builds(h.SpyEnded, at=SEEN, spy=IDS),
    st.builds(h.MemberSeen, at=SEEN, region=st.just(HERE), member=MEMBERS),
    st.builds(h.MemberGone, at=SEEN, region=st.just(HERE), endpoint=st.just(f"{HERE}-p1")),
    st.builds(h.DeviceSeen, at=SEEN, endpoint=st.just(f"{HERE}-p1"), reachable=st.booleans()),
    st.builds(h.Invited, at=SEEN, unique_id=IDS, who=st.just("113"), linked_id=IDS),
    st.builds(h.Prioritized, at=SEEN, linked_id=IDS, priority=st.integers(0, 50)),
    st.builds(h.WebSeen, at=SEEN),
    st.builds(h.LineLost, at=SEEN),
    st.builds(h.Tick, at=SEEN),
)


def after(*told: h.Happening) -> State:
    state = State(house=HOUSE)
    for one in told:
        state = step(state, one).state
    return state


def order(kind: str, **payload: object) -> Order:
    return Order(region=HERE, kind=CommandKind(kind), payload=payload, at=START, leg_id="x9")


def talking() -> State:
    given_by = {"region": HERE, "number": "08121", "test": ""}
    trunk, phone = f"PJSIP/trunk-{HERE}-1", f"PJSIP/{HERE}-p1-2"
    member = Member(endpoint=f"{HERE}-p1", number=1, paused=False)
    first, second = "s-1.0", "s-1.1"
    return after(
        h.MemberSeen(at=START, region=HERE, member=member),
        h.LegBegan(at=START, unique_id=first, linked_id=first, channel=trunk),
        h.Marked(at=START, unique_id=first, linked_id=first, mark=Mark.OFFERED, details=given_by),
        h.Marked(at=START, unique_id=first, linked_id=first, mark=Mark.QUEUED),
        h.LegBegan(at=START, unique_id=second, linked_id=first, channel=phone),
        h.Bridged(at=START, unique_id=first, linked_id=first, bridge="b"),
        h.Bridged(at=START, unique_id=second, linked_id=first, bridge="b"),
    )


@given(st.lists(HAPPENINGS, max_size=40))
def test_whatever_happens_in_whatever_order_there_is_a_picture(told: list[h.Happening]) -> None:
    state = State(house=HOUSE)
    for one in told:
        state = step(state, one).state
        shown = picture(state, HERE)
        assert from_stored(to_stored(shown)) == shown


@given(st.lists(HAPPENINGS, max_size=30))
def test_only_what_changes_a_picture_is_said_to_have_touched_its_region(
    told: list[h.Happening],
) -> None:
    state = State(house=HOUSE)
    for one in told:
        done = step(state, one)
        former, present = picture(state, HERE), picture(done.state, HERE)
        if not done.touched:
            assert to_stored(former) | {"at": None} == to_stored(present) | {"at": None}
        state = done.state


def test_a_stored_picture_of_another_shape_is_an_empty_one() -> None:
    assert from_stored({"calls": [{"no": "such"}]}) == LivePicture()


def test_five_five_while_talking_flags_the_call() -> None:
    state = talking()
    for _ in range(2):
        state = step(state, h.Keyed(at=START, unique_id="s-1.0", digit="5")).state
    assert picture(state, HERE).calls[0].cannot_speak


def test_who_hangs_up_after_a_talk_is_paused_once() -> None:
    done = step(talking(), h.LegEnded(at=START, unique_id="s-1.1"))
    [asked] = done.actions
    assert asked.name == "QueuePause"
    assert dict(asked.fields)["Reason"] == WRAP_UP


def test_what_cannot_be_done_is_refused_with_a_reason() -> None:
    for wrong in (
        order("ready", number=1),
        order("ready", number="x"),
        order("hangup", call="s-9.9"),
        order("call_back", position=1, number="+659"),
        order("conference", call="s-1.0", phone="911"),
        order("leave_conference", call="s-1.0", position=1),
        order("move_up"),
        order("grade", phone="+62812", how="never", until="1"),
        order("seat_open", number=1, username=f"{HERE}-p2", digest="d"),
    ):
        with pytest.raises(Refused):
            plan_of(State(house=HOUSE), wrong)


def test_a_conference_moves_both_legs_and_rings_the_third() -> None:
    wanted: Plan = plan_of(talking(), order("conference", call="s-1.0", phone="113"))
    moved, rung = wanted.actions
    assert (moved.name, rung.name) == ("Redirect", "Originate")
    assert dict(moved.fields)["ExtraChannel"] == f"PJSIP/{HERE}-p1-2"
    assert dict(rung.fields)["Exten"] == room_of("s-1.0") == "10"


def test_a_whisper_is_put_into_the_positions_leg_and_never_the_citizens() -> None:
    second = Member(endpoint=f"{HERE}-p2", number=2, paused=True)
    state = step(talking(), h.MemberSeen(at=START, region=HERE, member=second)).state
    for kind, spied in (("listen", "s-1.0"), ("whisper", "s-1.1"), ("barge", "s-1.0")):
        [rung] = plan_of(state, order(kind, call="s-1.0", position=2)).actions
        assert f"{Variable.TARGET}={spied}" in str(rung.fields)


def test_only_numbers_of_the_list_are_dialled_and_as_inside_the_country() -> None:
    assert dialled(PLAN, "+628123456789") == "08123456789"
    assert dialled(PLAN, "113") == "113"
    for refused in ("+6590000000", "112", "0811", "0331123456", "", "08" * 20):
        assert dialled(PLAN, refused) is None


def test_events_of_strangers_mean_nothing() -> None:
    for text in (
        "Event: QueueMemberPause\r\nQueue: 112-elsewhere\r\nInterface: PJSIP/elsewhere-p1",
        "Event: DeviceStateChange\r\nDevice: PJSIP/elsewhere-p1\r\nState: INUSE",
        "Event: UserEvent\r\nUserEvent: Other",
        "Event: Newexten",
        "",
    ):
        assert read(decode(text.encode()), HOUSE, START) is None


def test_a_queue_entry_tells_place_and_priority_of_who_waits() -> None:
    channel = decode(
        b"Event: CoreShowChannel\r\nUniqueid: s-1.0\r\nLinkedid: s-1.0\r\nDuration: 00:01:05\r\n"
        b"Channel: PJSIP/trunk-utara-1\r\nContext: queue-utara\r\nCallerIDNum: 0812"
    )
    told = decode(
        b"Event: Status\r\nUniqueid: s-1.0\r\nVariable: SIAGA_REGION=utara\r\n"
        b"Variable: SIAGA_NUMBER=08129\r\nVariable: QUEUE_PRIO=10\r\n"
        b"Variable: SIAGA_TARGET=(null)\r\nVariable: SIAGA_CONTACT=(null)"
    )
    entry = decode(
        b"Event: QueueEntry\r\nUniqueid: s-1.0\r\nPosition: 2\r\nPriority: 40\r\nQueue: 112-utara"
    )
    lists = {
        "CoreShowChannels": [channel],
        "Status": [told],
        "QueueStatus": [entry],
        "DeviceStateList": [],
    }
    state = step(State(house=HOUSE), rebuilt(lists, {}, HOUSE, START)).state
    [call] = picture(state, HERE).calls
    assert (call.contact, state.invited) == ("", {})
    assert (call.number, call.priority, call.state) == ("08129", 40, CallState.QUEUED)
    assert (START - call.presented_at).total_seconds() == 65
    assert picture(state, HERE).waiting == ("s-1.0",)
    assert names.queue(HERE) == "112-utara"


def test_the_voice_detectors_word_is_in_the_picture_and_may_change() -> None:
    def told(heard: str) -> bool | None:
        text = (
            "Event: UserEvent\r\nUserEvent: Siaga\r\nUniqueid: s-1.0\r\nLinkedid: s-1.0\r\n"
            f"Mark: SIAGA_VOICE\r\nDetails: heard={heard}"
        )
        happened = read(decode(text.encode()), HOUSE, START)
        assert happened is not None
        [call] = picture(step(talking(), happened).state, HERE).calls
        return call.voice

    [before] = picture(talking(), HERE).calls
    assert (before.voice, told("no"), told("yes")) == (None, False, True)


def test_a_picture_made_anew_knows_what_the_voice_detector_said() -> None:
    def rebuilt_with(voice: str) -> bool | None:
        channel = decode(b"Event: CoreShowChannel\r\nUniqueid: s-1.0\r\nLinkedid: s-1.0")
        told = decode(
            b"Event: Status\r\nUniqueid: s-1.0\r\nVariable: SIAGA_REGION=utara\r\n"
            b"Variable: SIAGA_VOICE=" + voice.encode()
        )
        lists = {
            "CoreShowChannels": [channel],
            "Status": [told],
            "QueueStatus": [],
            "DeviceStateList": [],
        }
        state = step(State(house=HOUSE), rebuilt(lists, {}, HOUSE, START)).state
        [call] = picture(state, HERE).calls
        return call.voice

    assert [rebuilt_with(one) for one in ("(null)", "no", "yes")] == [None, False, True]
