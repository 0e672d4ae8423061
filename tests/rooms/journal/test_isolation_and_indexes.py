"""Row-level security must not cost the indexes: a timeline of a million entries is looked up."""

from datetime import datetime

import psycopg
import pytest

from siaga.journal import queries
from siaga.kernel.ids import new_id
from siaga.kernel.tenancy import acting_in
from tests import cast
from tests.databases import TestDatabase
from tests.plans import indexes_used, pages_touched

_PAST = """
INSERT INTO journal_entry (id, region_id, name, version, at, actor_kind, actor_id, request_id, data,
    subjects)
SELECT gen_random_uuid(), 'banyuwangi',
    CASE WHEN n %% 5000 = 4999 THEN 'regions.profile_applied' ELSE 'intake.contact_opened' END,
    1, %(now)s::timestamptz - n * interval '1 minute', 'system', 'test', '', '{}', '{}'
FROM generate_series(1, 20000) AS n
"""


@pytest.fixture
def long_past(committed_db: TestDatabase, now: datetime) -> TestDatabase:
    with psycopg.connect(committed_db.owner_url, autocommit=True) as connection:
        with connection.transaction():
            connection.execute("SELECT set_config('siaga.regions', '*', true)")
            connection.execute(_PAST, {"now": now})
        connection.execute("VACUUM ANALYZE journal_entry")
    return committed_db


def test_the_timeline_uses_its_index_as_the_role_that_owns_nothing(
    committed_db: TestDatabase,
) -> None:
    with psycopg.connect(committed_db.app_url) as connection:
        connection.execute("SELECT set_config('siaga.regions', 'banyuwangi', true)")
        connection.execute("SET LOCAL enable_seqscan = off")
        plan = connection.execute(
            "EXPLAIN SELECT * FROM journal_entry WHERE subjects @> %s::uuid[]", ([new_id()],)
        ).fetchall()
    assert "journal_subjects" in "\n".join(row[0] for row in plan)


def test_a_rare_kind_of_fact_is_found_without_reading_the_rest(long_past: TestDatabase) -> None:
    def rare() -> list[object]:
        found = queries.entries(cast.BANYUWANGI, names=("regions.profile_applied",), limit=50)
        last = (found[-1].at, found[-1].id)
        queries.entries(cast.BANYUWANGI, names=("regions.profile_applied",), before=last)
        return [*found]

    with acting_in(cast.BANYUWANGI):
        assert len(rare()) == 5  # one was there: the profile of the template
        assert indexes_used(rare) == {"journal_name_at"}
        assert pages_touched(rare) < 40


def test_the_newest_of_a_long_journal_are_found_at_once(long_past: TestDatabase) -> None:
    with acting_in(cast.BANYUWANGI):
        assert pages_touched(lambda: queries.entries(cast.BANYUWANGI, limit=50)) < 40
