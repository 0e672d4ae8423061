"""200 calls while our processes are killed a hundred times: each call is one contact, once."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from uuid import UUID

import psycopg
import pytest

from siaga.journal.types import Actor
from siaga.kernel import clock
from siaga.kernel.ids import new_id
from siaga.kernel.tenancy import acting_in
from siaga.telephony import live_queries, names
from siaga.telephony.services import seats
from siaga.telephony.services.calllog import call_id
from siaga.telephony.types import CommandState
from tests import cast
from tests.phone.handset import Handset
from tests.phone.house import Home
from tests.phone.sipp import Caller, Sipp
from tests.waiting import wait_until, wait_while_it_moves

pytestmark = [pytest.mark.phone, pytest.mark.timeout(600)]
HERE = cast.BANYUWANGI
CALLS, A_SECOND, DESKS = 200, 5, 7
SEED = 112
# How often each dies; the record's reader most, for the truth is in its hands.
VICTIMS = {"calllog": 45, "phone": 35, "work": 15, "serve": 15}
TRUNK = "127.0.0.60"
STILL_SECONDS_MAX = 60.0
LIVE = "SELECT region_id FROM telephony_live WHERE connected"
ENDED = "SELECT count(*) FROM telephony_call WHERE ended_at IS NOT NULL"


class Zygote:
    """Starts and kills our processes; each is begun again the moment it died."""

    def __init__(self, home: Home) -> None:
        log = (home.folder / "zygote.log").open("wb")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.phone.zygote"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env=home.environment,
            start_new_session=True,
        )
        self.pids = {name: self._start(name) for name in VICTIMS}

    def kill(self, name: str) -> None:
        """-9, and again at once."""
        _kill(self.pids[name])
        self.pids[name] = self._start(name)

    def end(self) -> None:
        """Nothing stays."""
        for pid in self.pids.values():
            _kill(pid)
        self._process.kill()
        self._process.wait()

    def _start(self, name: str) -> int:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(f"{name}\n".encode())
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@pytest.fixture
def zygote(home: Home) -> Iterator[Zygote]:
    one = Zygote(home)
    try:
        yield one
    finally:
        one.end()


def test_every_call_is_one_contact_once_and_no_caller_notices_anything(
    home: Home, zygote: Zygote
) -> None:
    chance, never = random.Random(SEED), threading.Event()
    victims = [name for name, times in VICTIMS.items() for _ in range(times)]
    chance.shuffle(victims)
    with ExitStack() as desks:
        wait_until(lambda: _rows(home, LIVE), 60)
        for _ in range(DESKS):
            desks.enter_context(_desk(home))
        callers = _callers(home)
        for count, victim in enumerate(victims):
            zygote.kill(victim)
            if count % 4 == 0:
                _work_again(home)
            never.wait(chance.uniform(0.05, 0.35))
        assert callers.wait(180) == 0, callers.errors
        _work_again(home)
    wait_while_it_moves(
        lambda: _rows(home, ENDED)[0][0] == CALLS,
        lambda: _rows(home, 'SELECT "offset" FROM telephony_cel_cursor'),
        STILL_SECONDS_MAX,
    )
    _compare(home)


def _compare(home: Home) -> None:
    offered = {line["linkedid"] for line in _record(home) if line["eventtype"] == "SIAGA_OFFERED"}
    assert len(offered) == CALLS
    calls = _rows(
        home, "SELECT linked_id, queued_at, answered_at, position, outcome FROM telephony_call"
    )
    assert Counter(row[0] for row in calls) == Counter(dict.fromkeys(offered, 1))
    wanted = {call_id(linked_id) for linked_id in offered}
    contacts = _rows(home, "SELECT id FROM intake_contact")
    assert Counter(row[0] for row in contacts) == Counter(dict.fromkeys(wanted, 1))
    for fact in ("telephony.call_offered", "telephony.call_ended"):
        told = _rows(home, f"SELECT subjects[1] FROM journal_entry WHERE name = '{fact}'")
        assert Counter(row[0] for row in told) == Counter(dict.fromkeys(wanted, 1)), fact
    queue = _queue_log(home)
    assert {row[0] for row in calls if row[1]} == queue["ENTERQUEUE"]
    assert {row[0] for row in calls if row[2]} == queue["CONNECT"]
    assert {row[0] for row in calls if row[4] == "answered"} == queue["CONNECT"]
    assert len(queue["CONNECT"]) > DESKS
    [(bad,)] = _rows(home, "SELECT bad_lines FROM telephony_cel_cursor")
    assert bad == 0


def _desk(home: Home) -> Handset:
    """Somebody takes a position with an ordinary telephone."""
    now, person = clock.now(), new_id()
    by = Actor.person(person)
    with acting_in(HERE):
        seat = seats.take(HERE, person, by=by, now=now, device="desk")
    wait_until(lambda: _is_done(seat.command_id), 60)
    at = ("127.0.0.1", home.site.ports.sip)
    phone = Handset(seat.username, seat.secret, at, answer_after=0.1)
    phone.start()
    assert phone.register(20) == 200
    home.console(f"queue add member {names.channel(seat.username)} to {names.queue(HERE)}")
    return phone


def _is_done(command_id: UUID) -> bool:
    with acting_in(HERE):
        return live_queries.command(HERE, command_id).state is CommandState.DONE


def _work_again(home: Home) -> None:
    """Nobody sits at a console here to end a wrap-up."""
    queue = names.queue(HERE)
    for number in range(1, DESKS + 1):
        member = names.channel(names.desk(HERE, number))
        home.console(f"queue unpause member {member} queue {queue}")


def _callers(home: Home) -> Sipp:
    caller = Caller(number="0812700[call_number]", called=home.plan(HERE).did[0], talk_ms=0)
    text = caller.scenario().replace(
        '<recv request="BYE" timeout="0" ontimeout="mine" next="theirs"/>',
        '<pause distribution="uniform" min="300" max="5000"/>',
    )
    return home.exchange.many(text, TRUNK, calls=CALLS, a_second=A_SECOND)


def _record(home: Home) -> list[dict[str, str]]:
    return [json.loads(line) for line in home.site.cel_file.read_text().splitlines()]


def _queue_log(home: Home) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {"ENTERQUEUE": set(), "CONNECT": set()}
    for line in (home.site.home / "log" / "queue_log").read_text().splitlines():
        _, key, _, _, event, *_ = line.split("|")
        found.setdefault(event, set()).add(key)
    return found


def _rows(home: Home, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(home.database.app_url) as own:
        own.execute("SELECT set_config('siaga.regions', '*', false)")
        return own.execute(query).fetchall()  # type: ignore[arg-type]


def _kill(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
