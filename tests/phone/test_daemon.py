"""`siaga phone` as a process: pictures in the database, commands from it, killed at any moment."""

from __future__ import annotations

from datetime import datetime

import psycopg
import pytest

from siaga.journal import queries as journal
from siaga.kernel import clock
from siaga.kernel.tenancy import acting_in
from siaga.telephony import live_queries
from siaga.telephony.live.picture import LivePicture, PositionState
from siaga.telephony.services import commands, seats
from siaga.telephony.types import CallState, CommandState, Seat
from tests import cast
from tests.phone.handset import Handset
from tests.phone.house import Home
from tests.phone.sipp import Caller
from tests.waiting import wait_until

pytestmark = pytest.mark.phone
HERE = cast.BANYUWANGI
TRUNK = "127.0.0.40"


def picture() -> LivePicture:
    viewer = _viewer[0]
    with acting_in(HERE):
        return live_queries.live(viewer)


_viewer: list[cast.Viewer] = []


@pytest.fixture
def sari(home: Home) -> cast.Viewer:
    viewer = cast.enter("sari", clock.now())
    _viewer[:] = [viewer]
    return viewer


def done(command_id: object) -> None:
    def settled() -> bool:
        with acting_in(HERE):
            view = live_queries.command(HERE, command_id)  # type: ignore[arg-type]
        assert view.state is not CommandState.FAILED, view.problem
        return view.state is CommandState.DONE

    wait_until(settled)


def ask(kind: str, viewer: cast.Viewer, **payload: object) -> None:
    with acting_in(HERE):
        asked = commands.request(kind, HERE, payload, by=viewer.actor, now=clock.now())
    done(asked)


def take_seat(viewer: cast.Viewer) -> Seat:
    with acting_in(HERE):
        seat = seats.take(HERE, viewer.person_id, by=viewer.actor, now=clock.now(), device="desk")
    done(seat.command_id)
    return seat


def test_a_seat_taken_in_the_console_rings_and_a_killed_daemon_is_not_noticed(
    home: Home, sari: cast.Viewer
) -> None:
    daemon = home.start("phone")
    wait_until(lambda: picture().connected, 60, daemon.log.read_text)
    seat = take_seat(sari)
    at = ("127.0.0.1", home.site.ports.sip)
    number = home.plan(HERE).did[-1]
    with Handset(seat.username, seat.secret, at, answer_after=0.3) as phone:
        assert phone.register(20) == 200
        ask("ready", sari, number=seat.number)
        wait_until(lambda: _state(seat.number) is PositionState.READY)
        caller = Caller(number="081260000001", called=number, talk_ms=120_000)
        call = home.exchange.call(caller, TRUNK)
        wait_until(lambda: _state(seat.number) is PositionState.TALKING)
        position = picture().positions[seat.number - 1]
        assert position.person_id == sari.person_id
        daemon.kill()
        killed, again = clock.now(), home.start("phone")
        wait_until(lambda: _beaten_after(killed), 60, again.log.read_text)
        wait_until(lambda: _seen_after(killed), 60, again.log.read_text)
        [seen] = picture().calls
        assert (seen.state, seen.position) == (CallState.ANSWERED, seat.number)
        assert not phone.ringing().ended
        phone.hang_up()
        wait_until(lambda: _state(seat.number) is PositionState.WRAP_UP)
        assert call.wait(60) == 0, call.errors
        ask("wrap_up_done", sari, number=seat.number)
        wait_until(lambda: _state(seat.number) is PositionState.READY)
        with acting_in(HERE):
            seats.leave(HERE, sari.person_id, by=sari.actor, now=clock.now())
        wait_until(lambda: _state(seat.number) is PositionState.EMPTY)
        assert phone.register(20) >= 400
    assert again.stop() == 0


def test_a_seat_left_while_no_daemon_lived_is_forgotten_by_the_next(
    home: Home, sari: cast.Viewer
) -> None:
    daemon = home.start("phone")
    wait_until(lambda: picture().connected, 60, daemon.log.read_text)
    seat = take_seat(sari)
    daemon.kill()
    with acting_in(HERE):
        seats.leave(HERE, sari.person_id, by=sari.actor, now=clock.now())
    home.start("phone")
    at = ("127.0.0.1", home.site.ports.sip)
    with Handset(seat.username, seat.secret, at, answer_after=None) as phone:
        wait_until(lambda: phone.register(20) >= 400, 60)


def test_a_change_of_the_picture_is_told_within_a_moment(home: Home, sari: cast.Viewer) -> None:
    home.start("phone")
    wait_until(lambda: picture().connected, 60)
    with psycopg.connect(home.database.app_url, autocommit=True) as ear:
        ear.execute("LISTEN siaga_phone")
        ask("overflow_close", sari, reason="latihan")
        told = next(ear.notifies(timeout=30, stop_after=1))
    assert told.payload == HERE
    wait_until(lambda: picture().overflow == "latihan")
    ask("overflow_open", sari)


def _state(number: int) -> PositionState | None:
    position = picture().position(number)
    return position.state if position else None


def _beaten_after(moment: datetime) -> bool:
    last = journal.heartbeats().get("phone")
    return last is not None and last > moment


def _seen_after(moment: datetime) -> bool:
    seen = picture()
    return seen.connected and seen.at is not None and seen.at > moment
