"""Positions served by telephone: one person each, a new password each time."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from siaga.journal import deadlines
from siaga.journal import queries as journal
from siaga.kernel.errors import Forbidden, NotFound
from siaga.kernel.ids import new_id
from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import RegionId
from siaga.telephony import live_queries
from siaga.telephony.errors import NoFreePosition, NoSuchPosition, PositionTaken
from siaga.telephony.live.picture import LivePicture, LivePosition, PositionState
from siaga.telephony.services import commands, live, seats
from siaga.telephony.types import CommandKind, CommandState, Seat
from tests import cast

HOUR = timedelta(hours=1)


def take(region_id: RegionId, who: UUID, now: datetime, number: int | None = None) -> Seat:
    viewer_actor = cast.Actor.person(who)
    return seats.take(region_id, who, by=viewer_actor, now=now, number=number)


def asked(now: datetime) -> list[tuple[CommandKind, dict[str, object]]]:
    return [(one.kind, dict(one.payload)) for one in commands.take(now)]


def test_the_first_free_position_is_given_and_the_own_one_again(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari, dewi = new_id(), new_id()
    first = take(in_banyuwangi, sari, now)
    second = take(in_banyuwangi, dewi, now)
    again = take(in_banyuwangi, sari, now + HOUR)
    assert (first.number, second.number, again.number) == (1, 2, 1)
    assert first.endpoint == "banyuwangi-p1"
    assert len({first.secret, second.secret, again.secret}) == 3
    assert again.since == first.since
    assert [(one.number, one.person_id) for one in live_queries.seats(in_banyuwangi)] == [
        (1, sari),
        (2, dewi),
    ]


def test_the_password_is_in_no_row_and_in_no_text(in_banyuwangi: RegionId, now: datetime) -> None:
    seat = take(in_banyuwangi, new_id(), now)
    [(kind, payload)] = asked(now)
    assert kind is CommandKind.SEAT_OPEN
    assert payload["digest"] == seats.digest(seat.username, seat.secret)
    assert seat.secret not in repr(payload)
    assert seat.secret not in repr(seat)


def test_somebody_elses_position_is_refused_and_one_may_move(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari, dewi = new_id(), new_id()
    take(in_banyuwangi, sari, now, 3)
    with pytest.raises(PositionTaken):
        take(in_banyuwangi, dewi, now, 3)
    with pytest.raises(NoSuchPosition):
        take(in_banyuwangi, dewi, now, 99)
    asked(now)
    assert take(in_banyuwangi, sari, now + HOUR, 4).number == 4
    assert [kind for kind, _ in asked(now + HOUR)] == ["seat_close", "seat_open"]
    assert live_queries.person_at(in_banyuwangi, 3, now) == sari
    assert live_queries.person_at(in_banyuwangi, 3, now + HOUR) is None
    assert live_queries.person_at(in_banyuwangi, 4, now + HOUR) == sari


def test_a_full_house_gives_the_seat_that_was_silent_longest(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    people = [new_id() for _ in range(12)]
    for person in people:
        take(in_banyuwangi, person, now)
    with pytest.raises(NoFreePosition):
        take(in_banyuwangi, new_id(), now + timedelta(minutes=9))
    later = now + timedelta(minutes=11)
    for person in people[:4] + people[5:]:
        assert seats.keep(in_banyuwangi, person, now=later)
    assert take(in_banyuwangi, new_id(), later).number == 5
    assert not seats.keep(in_banyuwangi, people[4], now=later)


def test_a_seat_is_left_and_closed_once(in_banyuwangi: RegionId, now: datetime) -> None:
    sari = new_id()
    by = cast.Actor.person(sari)
    take(in_banyuwangi, sari, now)
    asked(now)
    assert seats.leave(in_banyuwangi, sari, by=by, now=now)
    assert not seats.leave(in_banyuwangi, sari, by=by, now=now)
    assert asked(now) == [("seat_close", {"number": 1, "device": "browser"})]
    told = [entry.name for entry in journal.timeline(in_banyuwangi, sari)]
    assert sorted(told) == ["telephony.seat_left", "telephony.seat_taken"]


@pytest.mark.django_db
def test_a_seat_silent_for_twelve_hours_is_left_by_the_clock(now: datetime) -> None:
    sari, dewi = new_id(), new_id()
    with acting_in(cast.BANYUWANGI):
        take(cast.BANYUWANGI, sari, now)
        take(cast.BANYUWANGI, dewi, now)
        seats.keep(cast.BANYUWANGI, dewi, now=now + 11 * HOUR)
    deadlines.run_due(now + 12 * HOUR)
    with acting_in(cast.BANYUWANGI):
        assert [one.person_id for one in live_queries.seats(cast.BANYUWANGI)] == [dewi]
    deadlines.run_due(now + 23 * HOUR)
    with acting_in(cast.BANYUWANGI):
        assert live_queries.seats(cast.BANYUWANGI) == []


def test_a_command_is_taken_once_and_what_it_held_is_forgotten(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    seat = take(in_banyuwangi, new_id(), now)
    state = live_queries.command(in_banyuwangi, seat.command_id).state
    assert state is CommandState.WAITING
    [taken] = commands.take(now)
    assert commands.take(now) == []
    commands.finish(taken.id, now=now, problem="refused")
    seen = live_queries.command(in_banyuwangi, taken.id)
    assert (seen.state, seen.problem) == (CommandState.FAILED, "refused")


def test_a_command_that_came_too_late_is_never_run(in_banyuwangi: RegionId, now: datetime) -> None:
    by = cast.Actor.system("test")
    late = commands.request("ready", in_banyuwangi, {"number": 1}, by=by, now=now)
    assert commands.take(now + commands.VALID) == []
    assert live_queries.command(in_banyuwangi, late).problem == commands.EXPIRED


def test_what_a_dead_daemon_had_taken_is_not_done_again(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    by = cast.Actor.system("test")
    mine = commands.request("hangup", in_banyuwangi, {"call": "s-1.1"}, by=by, now=now)
    commands.take(now)
    assert commands.give_up(now) == 1
    assert live_queries.command(in_banyuwangi, mine).state is CommandState.FAILED


def test_commands_of_yesterday_are_forgotten(in_banyuwangi: RegionId, now: datetime) -> None:
    by = cast.Actor.system("test")
    commands.request("ready", in_banyuwangi, {"number": 1}, by=by, now=now)
    assert commands.sweep(now + timedelta(hours=23)) == 0
    assert commands.sweep(now + timedelta(hours=25)) == 1


def test_another_regions_command_is_not_found(in_banyuwangi: RegionId, now: datetime) -> None:
    seat = take(in_banyuwangi, new_id(), now)
    with acting_in(cast.JOMBANG), pytest.raises(NotFound):
        live_queries.command(cast.JOMBANG, seat.command_id)


JOURNALLED = (
    ("listen", {"call": "s-1.1", "position": 9}, "call_joined"),
    ("conference", {"call": "s-1.1", "phone": "113"}, "conference_begun"),
    ("move_up", {"call": "s-1.1"}, "call_moved_up"),
    ("overflow_close", {"reason": "gedung dikosongkan"}, "queue_closed"),
    ("overflow_open", {}, "queue_opened"),
    ("notice_on", {"text": "Kebakaran pasar sudah kami ketahui."}, "notice_given"),
    ("notice_off", {}, "notice_ended"),
)


def told(region: RegionId) -> list[tuple[str, str]]:
    """What the journal tells of the telephone, and who did it."""
    entries = journal.entries(region)
    return [
        (entry.name.removeprefix("telephony."), entry.actor.id)
        for entry in entries
        if entry.name.startswith("telephony.")
    ]


@pytest.mark.parametrize(("kind", "payload", "fact"), JOURNALLED)
def test_what_was_done_is_journalled_then_once_and_under_the_askers_name(
    in_banyuwangi: RegionId, now: datetime, kind: str, payload: dict[str, Any], fact: str
) -> None:
    person = new_id()
    commands.request(kind, in_banyuwangi, payload, by=cast.Actor.person(person), now=now)
    assert told(in_banyuwangi) == []
    [taken] = commands.take(now)
    assert dict(taken.payload) == payload
    for _ in range(2):
        commands.finish(taken.id, now=now)
    assert told(in_banyuwangi) == [(fact, str(person))]


def test_what_failed_or_came_too_late_is_not_journalled(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    by = cast.Actor.system("test")
    for kind, payload, _fact in JOURNALLED:
        commands.request(kind, in_banyuwangi, payload, by=by, now=now)
        commands.request(kind, in_banyuwangi, payload, by=by, now=now - commands.VALID)
    for taken in commands.take(now):
        commands.finish(taken.id, now=now, problem="Asterisk is not connected")
    assert told(in_banyuwangi) == []


def test_of_what_a_dead_daemon_had_begun_the_journal_tells_that_nobody_knows(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    person = new_id()
    by = cast.Actor.person(person)
    commands.request("listen", in_banyuwangi, {"call": "s-1.1", "position": 9}, by=by, now=now)
    commands.request("ready", in_banyuwangi, {"number": 1}, by=by, now=now)
    commands.take(now)
    assert commands.give_up(now) == 2
    assert told(in_banyuwangi) == [("command_uncertain", str(person))]


def test_the_picture_names_the_person_and_is_believed_only_while_it_is_fresh(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari = cast.enter("sari", now)
    take(in_banyuwangi, sari.person_id, now)
    position = LivePosition(number=1, state=PositionState.READY, since=now)
    live.write({in_banyuwangi: LivePicture(connected=True, at=now, positions=(position,))}, now=now)
    seen = live_queries.live(sari, now=now)
    assert seen.connected
    assert seen.positions[0].person_id == sari.person_id
    assert not live_queries.live(sari, now=now + timedelta(minutes=1)).connected
    tono = cast.enter("tono", now)
    with acting_in(cast.JOMBANG):
        assert live_queries.live(tono, now=now) == LivePicture()


def test_an_officer_of_an_agency_sees_no_picture(in_banyuwangi: RegionId, now: datetime) -> None:
    with pytest.raises(Forbidden):
        live_queries.live(cast.enter("made", now), now=now)
