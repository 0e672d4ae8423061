"""2,000 signed webhooks while `serve` and `work` are killed at random: none lost, none twice."""

import asyncio
import json
import random
import sys
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import psutil
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
from tests.waiting import wait_while_it_moves, while_it_moves

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1_200)]
POSTINGS = 2_000
CITIZENS = 300
CONNECTIONS = 16
AHEAD_MAX = 150
# Which part dies, and after how many answers: the seed makes the same chance every time.
SEED = 112
VICTIMS = ("serve",) * 4 + ("work",) * 8
AT_WORK_MIN = 10
# However slow the machine is: only standing still is wrong.
STILL_SECONDS_MAX = 120.0


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
    posted = list(postings(whole, chance, wamids))
    senders = Senders(whole.url, deque(posted), chance)
    with closing(Ledger(whole)) as ledger:
        killing = Killing(whole, senders, ledger)
        asyncio.run(sent_through_the_killing(killing, chance))
        assert Counter(killing.killed) == Counter(VICTIMS)
        assert killing.at_work >= AT_WORK_MIN
        assert senders.answers[200] >= POSTINGS and senders.answers[0] > 0
        assert set(senders.answers) <= {200, 503, 0}
        every_answer_was_true(ledger, posted, senders)
        wait_while_it_moves(lambda: not ledger.waiting(), ledger.settled, STILL_SECONDS_MAX)
        wait_while_it_moves(lambda: not ledger.unsent(), ledger.unsent, STILL_SECONDS_MAX)
        nothing_was_lost_inside(ledger, wamids)
        everybody_is_looked_after(ledger, whole)


def every_answer_was_true(ledger: "Ledger", posted: list[Posting], senders: Senders) -> None:
    """Each delivery that was answered 200 is stored, once; beside them only the provider's own."""
    ids = {external_id(item.body) for item in posted}
    assert {external_id(item.body) for item in senders.acknowledged} == ids
    stored = ledger.rows("SELECT external_id, body FROM messaging_inbound")
    assert set(Counter(name for name, _ in stored).values()) == {1}
    assert ids <= {name for name, _ in stored}
    assert all(b'"statuses"' in body for name, body in stored if name not in ids)


def nothing_was_lost_inside(ledger: "Ledger", wamids: dict[str, str]) -> None:
    """Each delivery became one message, and each message belongs to a contact."""
    assert ledger.rows("SELECT DISTINCT state FROM messaging_inbound") == [("done",)]
    received = "SELECT external_id, contact_id FROM messaging_message WHERE direction = 'in'"
    messages = ledger.rows(received)
    assert Counter(wamid for wamid, _ in messages) == Counter(wamids.keys())
    assert all(contact_id for _, contact_id in messages)


def everybody_is_looked_after(ledger: "Ledger", whole: Whole) -> None:
    """Each citizen has one contact, and it has an owner, a running clock or an outcome."""
    for region in whole.regions:
        with acting_in(region):
            assert orphans(RegionId(region), clock.now()) == []
    nobodys = """SELECT count(*) FROM intake_contact c WHERE c.state = 'waiting' AND NOT EXISTS (
        SELECT 1 FROM journal_deadline d WHERE d.subject_id = c.id AND d.finished_at IS NULL)"""
    assert ledger.one(nobodys) == 0
    open_twice = """SELECT correspondent_id FROM intake_contact
        WHERE state IN ('waiting', 'claimed') GROUP BY 1 HAVING count(*) > 1"""
    assert ledger.rows(open_twice) == []
    assert ledger.one("SELECT count(*) FROM intake_contact") >= CITIZENS


class Ledger:
    """The tables as the owner sees them, over all regions."""

    def __init__(self, whole: Whole) -> None:
        self._connection = psycopg.connect(whole.database.owner_url, autocommit=True)
        self._connection.execute("SELECT set_config('siaga.regions', '*', false)")

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What it gives now."""
        return self._connection.execute(statement).fetchall()

    def one(self, statement: str) -> int:
        """A number."""
        return int(self.rows(statement)[0][0])

    def waiting(self) -> int:
        """How many deliveries nobody has read yet."""
        return self.one("SELECT count(*) FROM messaging_inbound WHERE state = 'new'")

    def settled(self) -> int:
        """How many have been read."""
        return self.one("SELECT count(*) FROM messaging_inbound WHERE state <> 'new'")

    def unsent(self) -> list[tuple[Any, ...]]:
        """What citizens are to be told and nobody has sent yet."""
        return self.rows("SELECT id, attempts FROM messaging_message WHERE status = 'queued'")

    def close(self) -> None:
        """Let the database go."""
        self._connection.close()


class Killing:
    """Ends the parts of the program, one after the other, each in the middle of its work."""

    def __init__(self, whole: Whole, senders: Senders, ledger: Ledger) -> None:
        self._whole, self.senders, self._ledger = whole, senders, ledger
        self._first_seen: dict[int, int] = {}
        self.killed: list[str] = []
        self.at_work = 0

    async def kill(self, name: str, moment: int) -> None:
        """Once so many were answered and the part has done something since it was born."""
        answered = self._figure("serve")
        self.senders.limit = max(moment, answered) + AHEAD_MAX
        await while_it_moves(
            lambda: self._figure("serve") >= moment, partial(self._figure, "serve"),
            STILL_SECONDS_MAX,
        )  # fmt: skip
        await while_it_moves(
            partial(self._died, name), partial(self._state, name), STILL_SECONDS_MAX
        )
        self.killed.append(name)

    def _died(self, name: str) -> bool:
        process = self._whole.child(name)
        if process is None:
            return False
        figure = self._figure(name)
        at_work = figure > self._first_seen.setdefault(process.pid, figure)
        if not at_work and not self.senders.finished:
            return False
        process.kill()
        self.at_work += at_work
        return True

    def _figure(self, name: str) -> int:
        return len(self.senders.acknowledged) if name == "serve" else self._ledger.settled()

    def _state(self, name: str) -> tuple[int, int, psutil.Process | None]:
        return self._figure("serve"), self._figure("work"), self._whole.child(name)


async def sent_through_the_killing(killing: Killing, chance: random.Random) -> None:
    """Send everything; meanwhile kill."""
    moments = sorted(chance.sample(range(20, POSTINGS - 20), len(VICTIMS)))
    victims = chance.sample(VICTIMS, len(VICTIMS))

    async def kill() -> None:
        for moment, name in zip(moments, victims, strict=True):
            await killing.kill(name, moment)
        killing.senders.limit = sys.maxsize

    async with asyncio.TaskGroup() as group:
        group.create_task(kill())
        group.create_task(killing.senders.run(CONNECTIONS))


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
