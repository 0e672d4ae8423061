"""Facts are recorded with the state, told to subscribers, kept for ever, and forgettable."""

from datetime import datetime
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils.translation import override

from siaga.intake import events
from siaga.journal import queries, sealing, services
from siaga.journal.models import JournalEntry, PersonalData
from siaga.journal.types import Actor, Entry
from siaga.kernel.tenancy import ALL_REGIONS, acting_in
from siaga.kernel.types import RegionId
from tests.databases import TestDatabase
from tests.waiting import wait_until

REGION = RegionId("banyuwangi")
BY = Actor.system("test")
OWN = RegionId("a-chain-of-its-own")


def seal_all(region: RegionId, length: int, now: datetime) -> None:
    """Seal until the chain is this long: other tests' open transactions hold the horizon back."""

    def long_enough() -> bool:
        sealing.seal(now)
        with acting_in(region):
            return sealing.head(region)[0] >= length

    wait_until(long_enough, 120)


def record(
    now: datetime, note: str = "", region: RegionId = REGION
) -> Entry[events.ContactDisposed]:
    with acting_in(region):
        return services.record(
            events.ContactDisposed(
                contact_id=uuid4(), report_id=None, disposition="prank", note=note
            ),
            region_id=region,
            by=BY,
            now=now,
        )


def test_a_fact_outside_a_transaction_is_refused(committed_db: TestDatabase, now: datetime) -> None:
    with pytest.raises(RuntimeError):
        services.record(
            events.ContactDisposed(
                contact_id=uuid4(), report_id=None, disposition="prank", note=""
            ),
            region_id=REGION,
            by=BY,
            now=now,
        )


def test_the_sentence_is_told_in_the_readers_language(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    entry = record(now, "anak-anak tertawa")
    with override("id"):
        told = queries.timeline(REGION, entry.fact.contact_id)[0].sentence
    assert told == "Kontak berakhir: iseng. anak-anak tertawa"
    with override("en"):
        told = queries.timeline(REGION, entry.fact.contact_id)[0].sentence
    assert told == "The contact ended: prank. anak-anak tertawa"


def test_personal_data_lies_apart_from_the_entry(in_banyuwangi: RegionId, now: datetime) -> None:
    entry = record(now, "namanya Budi")
    row = JournalEntry.objects.get(id=entry.id)
    assert "note" not in row.data
    assert PersonalData.objects.get(entry_id=entry.id).data == {"note": "namanya Budi"}


def test_forgetting_a_person_leaves_the_chain_whole(
    committed_db: TestDatabase, now: datetime
) -> None:
    entry = record(now, "namanya Budi", OWN)
    seal_all(OWN, 1, now)
    with acting_in(OWN):
        assert services.forget(entry.fact.contact_id, region_id=OWN) == 1
        assert list(sealing.verify(OWN)) == []
        view = queries.timeline(OWN, entry.fact.contact_id)[0]
    assert view.forgotten
    assert "Budi" not in view.sentence


@pytest.mark.parametrize(
    "statement", ["UPDATE journal_entry SET name = 'x'", "DELETE FROM journal_entry"]
)
@pytest.mark.parametrize("role", ["app", "owner"])
def test_no_role_of_ours_can_change_or_remove_an_entry(
    committed_db: TestDatabase, now: datetime, statement: str, role: str
) -> None:
    import psycopg

    record(now)
    url = committed_db.app_url if role == "app" else committed_db.owner_url
    with psycopg.connect(url) as other:
        other.execute("SELECT set_config('siaga.regions', '*', true)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            other.execute(statement)


def test_another_region_sees_nothing_of_the_journal(in_banyuwangi: RegionId, now: datetime) -> None:
    entry = record(now)
    with acting_in("jombang"):
        assert queries.timeline(REGION, entry.fact.contact_id) == []


def test_a_fact_for_a_foreign_region_is_refused_by_the_database(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        services.record(
            events.ContactDisposed(
                contact_id=uuid4(), report_id=None, disposition="prank", note=""
            ),
            region_id=RegionId("jombang"),
            by=BY,
            now=now,
        )


class TestTheChain:
    """`siaga journal verify` finds a changed, missing or reordered row."""

    @pytest.fixture
    def sealed(self, committed_db: TestDatabase, now: datetime) -> TestDatabase:
        for _ in range(5):
            record(now, region=OWN)
        seal_all(OWN, 5, now)
        return committed_db

    def _tamper(self, database: TestDatabase, *statements: str) -> None:
        """As somebody who owns the disk would: with the guards switched off."""
        import psycopg

        with psycopg.connect(database.owner_url) as other:
            other.execute("SELECT set_config('siaga.regions', '*', true)")
            other.execute("SET session_replication_role = replica")
            for statement in statements:
                other.execute(statement)

    def _kinds(self) -> list[tuple[int, str]]:
        with acting_in(OWN):
            return [(flaw.position, flaw.kind) for flaw in sealing.verify(OWN)]

    def test_an_untouched_chain_holds(self, sealed: TestDatabase) -> None:
        assert self._kinds() == []

    def test_a_changed_row_is_found(self, sealed: TestDatabase) -> None:
        self._tamper(
            sealed,
            "UPDATE journal_entry SET data = '{\"x\": 1}' WHERE id ="
            " (SELECT entry_id FROM journal_seal WHERE position = 3 AND"
            " region_id = 'a-chain-of-its-own')",
        )
        assert self._kinds() == [(3, "changed")]

    def test_a_missing_row_is_found(self, sealed: TestDatabase) -> None:
        self._tamper(
            sealed,
            "DELETE FROM journal_entry WHERE id ="
            " (SELECT entry_id FROM journal_seal WHERE position = 2 AND"
            " region_id = 'a-chain-of-its-own')",
        )
        assert self._kinds() == [(2, "missing")]

    def test_a_row_removed_with_its_link_is_found(self, sealed: TestDatabase) -> None:
        self._tamper(sealed, "DELETE FROM journal_seal WHERE position = 4")
        assert (4, "missing") in self._kinds()

    def test_reordered_rows_are_found(self, sealed: TestDatabase) -> None:
        self._tamper(
            sealed,
            "UPDATE journal_seal SET position = position + 100 WHERE position IN (2, 3)",
            "UPDATE journal_seal SET position = CASE position WHEN 102 THEN 3 ELSE 2 END"
            " WHERE position > 100",
        )
        assert {kind for _, kind in self._kinds()} == {"reordered"}

    def test_what_comes_later_is_sealed_once(self, sealed: TestDatabase, now: datetime) -> None:
        record(now, region=OWN)
        seal_all(OWN, 6, now)
        assert sealing.seal(now) == 0
        with acting_in(ALL_REGIONS):
            assert sealing.head(OWN)[0] == 6


def test_a_fact_recorded_by_a_subscriber_names_its_cause(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    seen: list[Entry[events.ContactDisposed]] = []

    def handler(entry: Entry[events.ContactDisposed]) -> None:
        seen.append(record(now))

    first = record(now)
    services.handle(handler, first)
    assert seen[0].cause_id == first.id
    assert [cause.id for cause in queries.causes(seen[0].id)] == [first.id]
    assert connection.in_atomic_block
