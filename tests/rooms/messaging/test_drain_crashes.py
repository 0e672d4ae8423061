"""The drain beside others, cut off in the middle, and its bell."""

from typing import Any

import psycopg
import pytest
from django.db import connection

from siaga.kernel.tenancy import acting_in
from siaga.messaging import drain
from siaga.messaging.models import Inbound, Message
from siaga.messaging.whatsapp.standin.accounts import StandInAccount
from tests.databases import TestDatabase
from tests.rooms.messaging.conftest import PERSON, REGION, deliver, text


def test_a_row_another_drain_holds_is_left_to_it(
    committed_db: TestDatabase, business: StandInAccount
) -> None:
    with acting_in(REGION):
        held = deliver(text(business, PERSON, "wamid.1"))
        deliver(text(business, PERSON, "wamid.2"))
    with psycopg.connect(committed_db.owner_url) as other:
        other.execute("SELECT 1 FROM messaging_inbound WHERE id = %s FOR UPDATE", [held.id])
        assert drain.drain_inbound() == 1
    assert drain.drain_inbound() == 1
    with acting_in(REGION):
        assert Message.objects.count() == 2


def test_a_killed_drain_leaves_the_row_as_it_was(
    committed_db: TestDatabase, business: StandInAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    with acting_in(REGION):
        deliver(text(business, PERSON, "wamid.1"))
    settle = drain._close

    def die(row: Inbound, *more: Any) -> None:
        # The message is stored in the open transaction; then the connection is torn.
        assert Message.objects.count() == 1
        with psycopg.connect(committed_db.owner_url, autocommit=True) as other:
            pid = connection.connection.info.backend_pid
            other.execute("SELECT pg_terminate_backend(%s)", [pid])
        settle(row, *more)

    monkeypatch.setattr(drain, "_close", die)
    with pytest.raises(Exception, match=r"terminat|closed|connection"):
        drain.drain_inbound()
    monkeypatch.setattr(drain, "_close", settle)
    connection.close()
    with acting_in(REGION):
        assert Message.objects.count() == 0
    assert drain.drain_inbound() == 1
    with acting_in(REGION):
        assert Message.objects.count() == 1


def test_the_bell_rings_when_the_edge_knocks(committed_db: TestDatabase) -> None:
    bell = drain.InboundBell()
    try:
        assert not bell.wait(0.01)
        with psycopg.connect(committed_db.app_url, autocommit=True) as edge:
            edge.execute(f"NOTIFY {drain.CHANNEL_OF_NOTIFY}")
        assert bell.wait(5)
    finally:
        bell.close()


def test_a_bell_that_lost_its_line_only_waits_and_then_hears_again(
    committed_db: TestDatabase,
) -> None:
    bell = drain.InboundBell()
    try:
        bell.wait(0.01)
        assert bell._listening is not None
        with psycopg.connect(committed_db.owner_url, autocommit=True) as other:
            pid = bell._listening.info.backend_pid
            other.execute("SELECT pg_terminate_backend(%s)", [pid])
        assert not bell.wait(0.01)
        bell.wait(0.01)
        with psycopg.connect(committed_db.app_url, autocommit=True) as edge:
            edge.execute(f"NOTIFY {drain.CHANNEL_OF_NOTIFY}")
        assert bell.wait(5)
    finally:
        bell.close()
