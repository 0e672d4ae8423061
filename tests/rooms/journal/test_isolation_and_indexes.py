"""Row-level security must not cost the indexes: a timeline of a million entries is looked up."""

import psycopg

from siaga.kernel.ids import new_id
from tests.databases import TestDatabase


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
