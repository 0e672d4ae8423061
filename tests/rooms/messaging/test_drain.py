"""Stored deliveries become messages: once, in any order, whatever happens in between."""

import json
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import OperationalError

from siaga.journal.models import JournalEntry
from siaga.journal.types import Actor
from siaga.kernel.tenancy import ALL_REGIONS, acting_in
from siaga.messaging import drain, queries, services
from siaga.messaging.models import Alias, Correspondent, Inbound, Message, MessageStatus
from siaga.messaging.whatsapp.standin import bodies
from siaga.messaging.whatsapp.standin.accounts import StandInAccount
from siaga.messaging.whatsapp.standin.bodies import Person
from tests.rooms.messaging.conftest import NEIGHBOUR, NOW, PERSON, REGION, SLAMET, deliver, text

SEEN_AT = int(NOW.timestamp())
BOTH = Person(wa_id=SLAMET, user_id="ID.1349120865530274", name="Pak Slamet")
HIDDEN = Person(user_id="ID.1349120865530274", name="Slamet")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def in_all(db: None) -> Any:
    with acting_in(ALL_REGIONS):
        yield


def state_of(row: Inbound) -> tuple[str, str]:
    row.refresh_from_db()
    return row.state, row.error


def test_a_delivery_becomes_a_message(in_all: None, business: StandInAccount) -> None:
    row = deliver(text(business, PERSON, "wamid.1", "Ada pohon tumbang"))
    assert drain.drain_inbound() == 1
    assert state_of(row) == ("done", "")
    (shown,) = queries.search(REGION, external_id="wamid.1")
    assert (shown.text, shown.region_id) == ("Ada pohon tumbang", REGION)
    assert drain.drain_inbound() == 0


def test_the_same_body_twice_is_one_message(in_all: None, business: StandInAccount) -> None:
    for _ in range(3):
        deliver(text(business, PERSON, "wamid.1"))
        drain.drain_inbound()
    assert (Inbound.objects.count(), Message.objects.count()) == (1, 1)


def test_the_request_id_of_the_door_reaches_the_journal(
    in_all: None, business: StandInAccount
) -> None:
    deliver(text(business, PERSON, "wamid.1"))
    drain.drain_inbound()
    entry = JournalEntry.objects.get(name="messaging.message_received")
    assert entry.request_id == "req-test-0001"


def test_regions_are_drained_together_and_kept_apart(
    in_all: None, business: StandInAccount
) -> None:
    deliver(text(business, PERSON, "wamid.1"))
    theirs = json.loads(json.dumps(text(business, PERSON, "wamid.1")))
    theirs["entry"][0]["changes"][0]["value"]["metadata"]["phone_number_id"] = f"1000{NEIGHBOUR}"
    deliver(theirs, region=NEIGHBOUR)
    assert drain.drain_inbound() == 2
    assert sorted(Message.objects.values_list("region_id", flat=True)) == [REGION, NEIGHBOUR]
    assert Correspondent.objects.count() == 2


def test_an_unreadable_body_is_kept_with_the_reason_and_hurts_nobody(
    in_all: None, business: StandInAccount
) -> None:
    bad = deliver(b'{"object": "whatsapp_business_account", "entry": [')
    good = deliver(text(business, PERSON, "wamid.1"))
    assert drain.drain_inbound() == 2
    state, error = state_of(bad)
    assert state == "failed"
    assert "body" in error
    assert state_of(good) == ("done", "")
    assert bytes(Inbound.objects.get(id=bad.id).body).startswith(b'{"object"')
    assert JournalEntry.objects.filter(name="messaging.inbound_refused").count() == 1


def test_a_body_for_another_number_is_put_in_quarantine(
    in_all: None, business: StandInAccount
) -> None:
    body = text(business, PERSON, "wamid.1")
    body["entry"][0]["changes"][0]["value"]["metadata"]["phone_number_id"] = "999"
    row = deliver(body)
    drain.drain_inbound()
    assert state_of(row)[0] == "quarantined"
    assert Message.objects.count() == 0
    (trouble,) = queries.inbound_troubles(REGION)
    assert trouble.id == row.id


def test_without_an_account_everything_waits_in_quarantine_until_there_is_one(
    in_all: None, business: StandInAccount, home: Path
) -> None:
    secrets = (home / "secrets.toml").read_text()
    (home / "secrets.toml").unlink()
    row = deliver(text(business, PERSON, "wamid.1"))
    drain.drain_inbound()
    assert state_of(row)[0] == "quarantined"
    (home / "secrets.toml").write_text(secrets)
    (home / "secrets.toml").chmod(0o600)
    assert services.requeue_inbound([row.id], by=Actor.system("test"), now=NOW) == 1
    drain.drain_inbound()
    assert state_of(row) == ("done", "")
    assert Message.objects.count() == 1


def test_a_strange_door_is_kept(in_all: None) -> None:
    row = Inbound.objects.create(region_id=REGION, door="pigeon", external_id="x", body=b"coo")
    drain.drain_inbound()
    assert state_of(row)[0] == "failed"


def test_one_failing_event_is_tried_again_and_its_neighbours_are_settled(
    in_all: None,
    business: StandInAccount,
    monkeypatch: pytest.MonkeyPatch,
    frozen: Callable[[datetime], None],
) -> None:
    def first_one_crashes(incoming: Any, **more: Any) -> Any:
        if incoming.external_id == "wamid.1" and crashing:
            raise RuntimeError("a subscriber has a bug")
        return services.receive(incoming, **more)

    crashing = [True]
    monkeypatch.setattr(drain, "receive", first_one_crashes)
    both = text(business, PERSON, "wamid.1")
    both["entry"] += text(business, PERSON, "wamid.2")["entry"]
    row = deliver(both)
    other = deliver(text(business, PERSON, "wamid.3"))
    assert drain.drain_inbound() == 1
    assert state_of(row) == ("new", "InboundMessage: RuntimeError")
    assert state_of(other)[0] == "done"
    assert set(Message.objects.values_list("external_id", flat=True)) == {"wamid.2", "wamid.3"}
    crashing.clear()
    assert drain.drain_inbound() == 0, "not before its time"
    frozen(NOW + timedelta(seconds=5))
    assert drain.drain_inbound() == 1
    assert state_of(row)[0] == "done"
    assert Message.objects.count() == 3
    assert JournalEntry.objects.filter(name="messaging.message_received").count() == 3


def test_trying_again_has_an_end(
    in_all: None,
    business: StandInAccount,
    monkeypatch: pytest.MonkeyPatch,
    frozen: Callable[[datetime], None],
) -> None:
    def crash(*_: Any, **__: Any) -> None:
        raise RuntimeError("always")

    monkeypatch.setattr(drain, "receive", crash)
    row = deliver(text(business, PERSON, "wamid.1"))
    rounds = 0
    while state_of(row)[0] == "new":
        frozen(NOW + timedelta(hours=rounds))
        drain.drain_inbound()
        rounds += 1
        assert rounds < 50
    assert state_of(row)[0] == "failed"
    assert "gave up" in row.error
    assert rounds == 12


def test_a_crash_outside_of_any_event_is_noted_too(
    in_all: None, business: StandInAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: Any) -> None:
        raise RuntimeError("normalizer bug")

    monkeypatch.setattr(drain, "normalize", crash)
    row = deliver(text(business, PERSON, "wamid.1"))
    assert drain.drain_inbound() == 0
    assert state_of(row) == ("new", "RuntimeError")


def test_only_as_many_as_asked_for_oldest_first(in_all: None, business: StandInAccount) -> None:
    rows = [deliver(text(business, PERSON, f"wamid.{number}")) for number in range(5)]
    assert drain.drain_inbound(limit=2) == 2
    assert [state_of(row)[0] for row in rows] == ["done", "done", "new", "new", "new"]


def test_drains_side_by_side_share_a_backlog_and_leave_no_rest(
    in_all: None, business: StandInAccount
) -> None:
    rows = [deliver(text(business, PERSON, f"wamid.{number}")) for number in range(5)]
    assert drain.drain_inbound(limit=4, turn=1, of=2) == 2
    assert [state_of(row)[0] for row in rows] == ["new", "done", "new", "done", "new"]
    assert drain.drain_inbound(limit=4, turn=1, of=2) == 3


def test_a_disk_that_is_full_is_not_the_fault_of_the_delivery(
    in_all: None, business: StandInAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_: Any, **__: Any) -> None:
        raise OperationalError from psycopg.errors.DiskFull()

    monkeypatch.setattr(drain, "receive", no_room)
    row = deliver(text(business, PERSON, "wamid.1"))
    with pytest.raises(OperationalError):
        drain.drain_inbound()
    assert (state_of(row), row.attempts) == (("new", ""), 0)


def life(business: StandInAccount) -> list[dict[str, Any]]:
    """A small life of two names that are one person, with our answer's statuses."""
    statuses = [
        bodies.status_value(BOTH, "wamid.ours", status, timestamp=SEEN_AT + number)
        for number, status in enumerate(["sent", "delivered", "read"])
    ]
    return [
        text(business, PERSON, "wamid.1", "satu", SEEN_AT - 30),
        text(business, HIDDEN, "wamid.2", "dua", SEEN_AT - 20),
        text(business, BOTH, "wamid.3", "tiga", SEEN_AT - 10),
        bodies.envelope(business, *statuses[:2]),
        bodies.envelope(business, statuses[2]),
    ]


def picture() -> dict[str, Any]:
    """Everything that may depend on the order, without the ids, which do."""
    person = Correspondent.objects.get(merged_into__isnull=True)
    return {
        "person": [person.profile_name, person.phones, person.window_expires_at],
        "aliases": sorted(Alias.objects.values_list("external_id", "last_seen_at")),
        "messages": sorted(Message.objects.values_list("external_id", "text", "at", "kind")),
        "of one": set(Message.objects.values_list("correspondent_id", flat=True)) == {person.id},
        "statuses": sorted(MessageStatus.objects.values_list("status", "at")),
    }


@pytest.mark.parametrize("seed", range(12))
def test_any_order_and_repetition_of_deliveries_gives_the_same_state(
    seed: int, in_all: None, business: StandInAccount
) -> None:
    chance = random.Random(seed)
    orders = list(permutations(life(business)))
    order = [*chance.choice(orders), *chance.choice(orders)[: chance.randrange(5)]]
    for body in order:
        deliver(body)
        if chance.random() < 0.5:
            drain.drain_inbound()
    drain.drain_inbound()
    assert picture() == {
        "person": ["Pak Slamet", [f"+{SLAMET}"], NOW + timedelta(hours=24, seconds=-10)],
        "aliases": [
            (SLAMET, NOW - timedelta(seconds=10)),
            (BOTH.user_id, NOW - timedelta(seconds=10)),
        ],
        "messages": [
            ("wamid.1", "satu", NOW - timedelta(seconds=30), "text"),
            ("wamid.2", "dua", NOW - timedelta(seconds=20), "text"),
            ("wamid.3", "tiga", NOW - timedelta(seconds=10), "text"),
        ],
        "of one": True,
        "statuses": [
            ("delivered", NOW + timedelta(seconds=1)),
            ("read", NOW + timedelta(seconds=2)),
            ("sent", NOW),
        ],
    }
