"""2,000 signed webhooks while `serve` and `work` are killed at random: none lost, none twice."""

import asyncio
import json
import random
import sys
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest

from siaga.followup.queries import orphans
from siaga.kernel import clock
from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import RegionId
from siaga.messaging.whatsapp.standin import bodies
from siaga.messaging.whatsapp.standin.accounts import StandInAccount, from_secrets
from siaga.messaging.whatsapp.webhook import external_id
from tests.databases import TestDatabase
from tests.e2e.whole import Whole, whole_program
from tests.faults.senders import Posting, Senders
from tests.waiting import until, wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]
POSTINGS = 2_000
CITIZENS = 300
CONNECTIONS = 16
AHEAD_MAX = 150
# Which part dies, and after how many answers: the seed makes the same chance every time.
SEED = 112
VICTIMS = ("serve",) * 4 + ("work",) * 8
REBORN_SECONDS_MAX = 90.0
POSTED_SECONDS_MAX = 300.0
STILL_SECONDS_MAX = 60.0


@pytest.fixture
def whole(committed_db: TestDatabase, tmp_path: Path) -> Iterator[Whole]:
    """A program of this test's own, because nobody else could work beside it."""
    with whole_program(committed_db, tmp_path) as running:
        yield running


def test_what_was_answered_200_is_there_once_and_in_somebodys_hands_whoever_is_killed(
    whole: Whole,
) -> None:
    chance = random.Random(SEED)
    wamids: dict[str, str] = {}
    senders = Senders(whole.url, deque(postings(whole, chance, wamids)), chance)
    killed = asyncio.run(sent_through_the_killing(whole, senders, chance))
    assert Counter(killed) == Counter(VICTIMS)
    assert senders.answers[200] >= POSTINGS and senders.answers[0] > 0
    assert set(senders.answers) <= {200, 503, 0}

    stored = Counter(name for (name,) in rows(whole, "SELECT external_id FROM messaging_inbound"))
    assert {external_id(item.body) for item in senders.acknowledged} == stored.keys()
    assert set(stored.values()) == {1}

    while left := waiting(whole):
        # However slow the machine is: only standing still is wrong.
        wait_until(partial(fewer, whole, left), STILL_SECONDS_MAX)
    assert rows(whole, "SELECT DISTINCT state FROM messaging_inbound") == [("done",)]
    received = "SELECT external_id, contact_id FROM messaging_message WHERE direction = 'in'"
    messages = rows(whole, received)
    assert Counter(wamid for wamid, _ in messages) == Counter(wamids.keys())
    assert all(contact_id for _, contact_id in messages)
    everybody_is_looked_after(whole)


def waiting(whole: Whole) -> int:
    """How many deliveries nobody has read yet."""
    count: int = rows(whole, "SELECT count(*) FROM messaging_inbound WHERE state = 'new'")[0][0]
    return count


def fewer(whole: Whole, left: int) -> bool:
    """Whether somebody goes on reading."""
    return waiting(whole) < left


def everybody_is_looked_after(whole: Whole) -> None:
    """Each citizen has one contact, and it has an owner, a running clock or an outcome."""
    for region in whole.regions:
        with acting_in(region):
            assert orphans(RegionId(region), clock.now()) == []
    nobodys = """SELECT count(*) FROM intake_contact c WHERE c.state = 'waiting' AND NOT EXISTS (
        SELECT 1 FROM journal_deadline d WHERE d.subject_id = c.id AND d.finished_at IS NULL)"""
    assert rows(whole, nobodys) == [(0,)]
    open_twice = """SELECT correspondent_id FROM intake_contact
        WHERE state IN ('waiting', 'claimed') GROUP BY 1 HAVING count(*) > 1"""
    assert rows(whole, open_twice) == []
    assert rows(whole, "SELECT count(*) FROM intake_contact")[0][0] >= CITIZENS


async def sent_through_the_killing(
    whole: Whole, senders: Senders, chance: random.Random
) -> list[str]:
    """Send everything; meanwhile kill. The names of those who were killed."""
    moments = sorted(chance.sample(range(20, POSTINGS - 20), len(VICTIMS)))
    victims = chance.sample(VICTIMS, len(VICTIMS))
    killed: list[str] = []

    async def kill() -> None:
        for moment, name in zip(moments, victims, strict=True):
            senders.limit = moment + AHEAD_MAX
            await until(partial(reached, moment), POSTED_SECONDS_MAX)
            await until(partial(died, name), REBORN_SECONDS_MAX)
            killed.append(name)
        senders.limit = sys.maxsize

    def reached(moment: int) -> bool:
        return len(senders.acknowledged) >= moment

    def died(name: str) -> bool:
        """Kill the part if it lives; if it is being born again, another time."""
        process = whole.child(name)
        if process is None:
            return False
        process.kill()
        return True

    async with asyncio.timeout(POSTED_SECONDS_MAX), asyncio.TaskGroup() as group:
        group.create_task(kill())
        group.create_task(senders.run(CONNECTIONS))
    return killed


def postings(whole: Whole, chance: random.Random, wamids: dict[str, str]) -> Iterator[Posting]:
    """Messages of a few hundred citizens in four regions."""
    accounts = from_secrets(whole.accounts.values(), f"{whole.url}/in/whatsapp")
    for number in range(POSTINGS):
        citizen = number % CITIZENS
        account = accounts[citizen % len(accounts)]
        wamid = f"wamid.kill{number:05d}"
        wamids[wamid] = account.region_id
        yield Posting(account.region_id, body(account, citizen, wamid, chance), account.app_secret)


def body(account: StandInAccount, citizen: int, wamid: str, chance: random.Random) -> bytes:
    """A citizen's message as the provider wraps it."""
    person = bodies.Person(wa_id=f"62812000{citizen:05d}", name=f"Warga {citizen}")
    text = chance.choice(("p", "halo", "ada banjir di jalan", "tolong min", "kebakaran pak!"))
    said = bodies.message(
        person, "text", {"body": text}, wamid=wamid, timestamp=int(clock.now().timestamp())
    )
    return json.dumps(bodies.envelope(account, bodies.message_value(person, said))).encode()


def rows(whole: Whole, statement: str) -> Sequence[tuple[Any, ...]]:
    """As the owner sees it, over all regions."""
    with psycopg.connect(whole.database.owner_url) as connection:
        connection.execute("SELECT set_config('siaga.regions', '*', true)")
        return connection.execute(statement).fetchall()
