"""A journal that came from another cluster's dump."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import psycopg
from django.db import connection as django_connection
from psycopg.conninfo import conninfo_to_dict

from siaga.journal import restoring, sealing
from siaga.journal.following import Follower, Hint
from siaga.kernel.tasks import end_tasks
from siaga.kernel.tenancy import acting_in
from tests.databases import TestDatabase
from tests.rooms.journal.entries import write
from tests.waiting import until


@contextmanager
def as_owner(database: TestDatabase) -> Iterator[None]:
    """Django as the owner of the tables, as in `siaga setup`."""
    settings = django_connection.settings_dict
    former = settings["USER"]
    django_connection.close()
    settings["USER"] = conninfo_to_dict(database.owner_url)["user"]
    try:
        yield
    finally:
        django_connection.close()
        settings["USER"] = former


def test_after_a_restore_the_feed_and_the_seal_go_on(
    committed_db: TestDatabase, now: datetime
) -> None:
    with psycopg.connect(committed_db.app_url) as connection:
        write(connection)
    sealing.seal(now)
    with psycopg.connect(committed_db.app_url) as connection:
        write(connection)
    with psycopg.connect(committed_db.owner_url) as owner:
        # As a dump of a cluster that has counted much further would have left it.
        owner.execute("ALTER TABLE journal_entry DISABLE TRIGGER append_only")
        owner.execute(
            "UPDATE journal_entry SET xid = (xid::text::bigint + 1000000000000)::text::xid8"
        )
        owner.execute("ALTER TABLE journal_entry ENABLE TRIGGER append_only")
    assert sealing.seal(now) == 0
    with as_owner(committed_db):
        assert restoring.fit_into_this_cluster()
        assert not restoring.fit_into_this_cluster()
    assert sealing.seal(now) == 1
    with acting_in("banyuwangi"):
        assert list(sealing.verify("banyuwangi")) == []

    async def main() -> list[Hint]:
        heard: list[Hint] = []
        follower = Follower(heard.extend)
        running = asyncio.create_task(follower.run())
        await follower.ready()
        with psycopg.connect(committed_db.app_url) as own:
            subject = write(own)
        await until(lambda: [hint.subjects[0] for hint in heard] == [subject])
        await end_tasks([running])
        return heard

    assert len(asyncio.run(main())) == 1
