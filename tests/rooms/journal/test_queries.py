"""Reading the journal: newest first, page by page, nothing lost between two pages."""

from datetime import datetime, timedelta
from uuid import uuid4

from siaga.intake import events
from siaga.journal import queries, services
from siaga.journal.types import Actor
from siaga.kernel.types import RegionId


def record(region_id: RegionId, at: datetime) -> None:
    services.record(
        events.ContactReleased(contact_id=uuid4(), person_id=None, reason="break"),
        region_id=region_id,
        by=Actor.system("test"),
        now=at,
    )


def test_pages_of_the_journal_join_without_gap_or_overlap(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    for seconds in range(5):
        record(in_banyuwangi, now + timedelta(seconds=seconds // 2))
    seen, before = [], None
    while page := queries.entries(
        in_banyuwangi, names=("intake.contact_released",), before=before, limit=2
    ):
        seen += [entry.id for entry in page]
        before = (page[-1].at, page[-1].id)
    assert len(seen) == len(set(seen)) == 5


def test_an_entry_is_read_back_with_its_fact(in_banyuwangi: RegionId, now: datetime) -> None:
    record(in_banyuwangi, now)
    (view,) = queries.entries(in_banyuwangi, names=("intake.contact_released",))
    entry = queries.entry(view.id)
    assert entry is not None
    assert isinstance(entry.fact, events.ContactReleased)
    assert queries.entry(uuid4()) is None
