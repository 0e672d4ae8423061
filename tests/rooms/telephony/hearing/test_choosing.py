from itertools import count
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from siaga.kernel.types import RegionId
from siaga.telephony.hearing.choosing import (
    CONNECT_SECONDS,
    ROUNDS_MAX,
    Caller,
    Desk,
    Listen,
    Order,
    Stop,
    Tell,
)
from siaga.telephony.hearing.judging import LISTEN_SECONDS, PATIENCE_SECONDS, Verdict


def caller(key: str, *, talks: bool = False, verdict: Verdict | None = None) -> Caller:
    return Caller(
        unique_id=key,
        linked_id=key,
        channel=f"PJSIP/trunk-utara-{key}",
        region=RegionId("utara"),
        talks=talks,
        verdict=verdict,
    )


class Room:
    """A desk with a clock."""

    def __init__(self, at_once: int = 2) -> None:
        self.desk, self.now = Desk(at_once), 100.0
        self.names = (UUID(int=number) for number in count(1))

    def later(self, seconds: float = 0.0) -> list[Order]:
        self.now += seconds
        return self.desk.orders(self.now, self.names)

    def talking(self, *keys: str) -> list[Order]:
        for key in keys:
            self.desk.arrived(caller(key))
            self.desk.talks(key)
        return self.later()

    def speaks(self, name: UUID) -> None:
        for _ in range(10):
            self.desk.judged(name, 1.0)


def listens(orders: list[Order]) -> list[str]:
    return [one.caller.unique_id for one in orders if isinstance(one, Listen)]


def tells(orders: list[Order]) -> list[tuple[str, Verdict]]:
    return [(one.caller.unique_id, one.verdict) for one in orders if isinstance(one, Tell)]


def name(orders: list[Order]) -> UUID:
    return next(one.name for one in orders if isinstance(one, Listen))


def test_a_voice_is_told_once_and_the_listening_ends() -> None:
    room = Room()
    asked = name(room.talking("1"))
    assert room.desk.begins(asked, room.now)
    room.speaks(asked)
    done = room.later(1)
    assert tells(done) == [("1", Verdict.HEARD)]
    assert Stop(asked) in done
    room.desk.sounds("1")
    assert room.later(60) == []


def test_who_waits_in_the_queue_is_not_listened_to() -> None:
    room = Room()
    room.desk.arrived(caller("1"))
    assert room.later(30) == []


def test_no_voice_is_a_hint_that_a_late_voice_takes_back() -> None:
    room = Room()
    asked = name(room.talking("1"))
    room.desk.begins(asked, room.now)
    assert tells(room.later(PATIENCE_SECONDS)) == [("1", Verdict.UNHEARD)]
    assert tells(room.later(1)) == []
    room.speaks(asked)
    assert tells(room.later(1)) == [("1", Verdict.HEARD)]


def test_after_a_while_the_listening_ends_and_a_later_sound_begins_another() -> None:
    room = Room()
    asked = name(room.talking("1"))
    room.desk.begins(asked, room.now)
    ended = room.later(LISTEN_SECONDS)
    assert (tells(ended), Stop(asked) in ended) == ([("1", Verdict.UNHEARD)], True)
    assert room.later(10) == []
    room.desk.sounds("1")
    again = name(room.later(10))
    room.desk.begins(again, room.now)
    room.speaks(again)
    assert tells(room.later()) == [("1", Verdict.HEARD)]


def test_a_sound_while_somebody_listens_begins_no_second_listening() -> None:
    room = Room()
    asked = name(room.talking("1"))
    room.desk.begins(asked, room.now)
    room.later(PATIENCE_SECONDS)
    room.desk.sounds("1")
    assert listens(room.later(1)) == []


def test_noise_that_comes_and_goes_is_not_listened_to_for_ever() -> None:
    room, rounds = Room(), 0
    orders = room.talking("1")
    while listens(orders):
        rounds += 1
        assert rounds <= ROUNDS_MAX
        room.desk.begins(name(orders), room.now)
        room.later(LISTEN_SECONDS)
        room.desk.sounds("1")
        orders = room.later(1)
    assert rounds == ROUNDS_MAX


def test_never_more_than_the_places_and_whoever_waits_comes_next() -> None:
    room = Room(at_once=2)
    first = room.talking("1", "2", "3")
    assert listens(first) == ["1", "2"]
    room.desk.begins(name(first), room.now)
    room.speaks(name(first))
    assert listens(room.later(1)) == ["3"]


def test_whoever_hangs_up_is_no_longer_listened_to() -> None:
    room = Room()
    asked = name(room.talking("1"))
    room.desk.begins(asked, room.now)
    room.desk.gone("1")
    assert room.later() == [Stop(asked)]
    assert (room.desk.callers, room.desk.listenings) == ({}, {})


def test_a_connection_that_does_not_come_gives_its_place_back() -> None:
    room = Room(at_once=1)
    asked = name(room.talking("1", "2"))
    orders = room.later(CONNECT_SECONDS)
    assert (Stop(asked) in orders, listens(orders)) == (True, ["2"])
    assert not room.desk.begins(asked, room.now)


def test_strangers_and_doubles_get_no_place() -> None:
    room = Room()
    asked = name(room.talking("1"))
    assert not room.desk.begins(UUID(int=99), room.now)
    assert room.desk.begins(asked, room.now)
    assert not room.desk.begins(asked, room.now)


def test_who_comes_late_finds_those_who_talk_and_what_was_told_of_them() -> None:
    room = Room()
    heard, fresh = caller("1", talks=True, verdict=Verdict.HEARD), caller("2", talks=True)
    room.desk.found([heard, fresh, caller("3")])
    assert listens(room.later()) == ["2"]
    room.desk.found([])
    assert [type(one) for one in room.later()] == [Stop]


KEYS = st.sampled_from("12345")
DEEDS = st.one_of(
    st.tuples(st.sampled_from(["arrived", "talks", "waits", "sounds", "gone"]), KEYS),
    st.tuples(st.sampled_from(["begins", "judged", "ends"]), st.integers(1, 12)),
    st.tuples(st.just("later"), st.floats(0, 30)),
)


@given(st.lists(DEEDS, max_size=80))
def test_whatever_happens_places_hold_and_nobody_is_listened_to_twice(
    deeds: list[tuple[str, object]],
) -> None:
    room, rounds = Room(at_once=2), dict.fromkeys("12345", 0)
    for deed, about in deeds:
        match deed, about:
            case "arrived", str(key):
                if key not in room.desk.callers:
                    rounds[key] = 0
                room.desk.arrived(caller(key))
            case (("talks" | "waits" | "sounds" | "gone"), str(key)):
                getattr(room.desk, deed)(key)
            case "begins", int(number):
                room.desk.begins(UUID(int=number), room.now)
            case "judged", int(number):
                room.speaks(UUID(int=number))
            case "ends", int(number):
                room.desk.ends(UUID(int=number))
            case "later", float(seconds):
                for key in listens(room.later(seconds)):
                    rounds[key] += 1
        held = [one.caller for one in room.desk.listenings.values()]
        assert len(held) <= 2
        assert len(set(held)) == len(held)
    assert max(rounds.values()) <= ROUNDS_MAX
