"""200 calls while our processes are killed a hundred times: each call is one contact, once."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from uuid import UUID

import pytest

from siaga.journal.types import Actor
from siaga.kernel import clock
from siaga.kernel.ids import new_id
from siaga.kernel.tenancy import acting_in
from siaga.telephony import live_queries, names
from siaga.telephony.services import seats
from siaga.telephony.types import CommandState
from tests.phone.handset import Handset
from tests.phone.house import Home
from tests.phone.killing import HERE, LIVE, Zygote, callers, compare, rows, wait_for_ended
from tests.waiting import wait_until

pytestmark = [pytest.mark.phone, pytest.mark.timeout(600)]
CALLS, A_SECOND, DESKS = 200, 5, 7
SEED = 112
# How often each dies; the record's reader most, for the truth is in its hands.
VICTIMS = {"calllog": 45, "phone": 35, "work": 15, "serve": 15}


@pytest.fixture
def zygote(home: Home) -> Iterator[Zygote]:
    one = Zygote(home, list(VICTIMS))
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
        wait_until(lambda: rows(home, LIVE), 60)
        for _ in range(DESKS):
            desks.enter_context(_desk(home))
        calling = callers(home, CALLS, A_SECOND)
        for count, victim in enumerate(victims):
            zygote.kill(victim)
            if count % 4 == 0:
                _work_again(home)
            never.wait(chance.uniform(0.05, 0.35))
        assert calling.wait(180) == 0, calling.errors
        _work_again(home)
    wait_for_ended(home, CALLS)
    queue = compare(home, CALLS)
    assert len(queue["CONNECT"]) > DESKS


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
