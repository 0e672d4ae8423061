"""Deadlines: served in order, once, and not stopped by one that fails."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from siaga.journal import deadlines, queries
from siaga.journal.models import Deadline
from siaga.kernel.tenancy import ALL_REGIONS, acting_in
from siaga.kernel.types import RegionId
from tests.databases import TestDatabase

REGION = RegionId("banyuwangi")


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    done: list[UUID] = []

    def handler(due: deadlines.Due, now: datetime) -> None:
        if due.data.get("breaks"):
            raise ValueError("on purpose")
        done.append(due.subject_id)

    monkeypatch.setattr(deadlines, "handlers", lambda: {"test.ring": handler})
    return done


def ask(at: datetime, **data: object) -> UUID:
    subject = uuid4()
    with acting_in(REGION):
        deadlines.set_deadline(REGION, name="test.ring", subject_id=subject, due_at=at, data=data)
    return subject


def test_what_is_due_is_served_once_and_the_oldest_first(
    committed_db: TestDatabase, served: list[UUID], now: datetime
) -> None:
    late, later = ask(now - timedelta(seconds=9)), ask(now - timedelta(seconds=1))
    ask(now + timedelta(seconds=1))
    assert deadlines.run_due(now) == 2
    assert served == [late, later]
    assert deadlines.run_due(now) == 0


def test_a_cancelled_deadline_never_rings(
    committed_db: TestDatabase, served: list[UUID], now: datetime
) -> None:
    subject = ask(now)
    with acting_in(REGION):
        assert deadlines.cancel_deadlines(REGION, subject, now=now) == 1
    assert deadlines.run_due(now) == 0


def test_one_that_fails_does_not_stop_the_others_and_is_tried_again_to_an_end(
    committed_db: TestDatabase, served: list[UUID], now: datetime
) -> None:
    ask(now, breaks=True)
    whole = ask(now)
    deadlines.run_due(now)
    assert served == [whole]
    for hours in range(1, deadlines.ATTEMPTS_MAX + 1):
        deadlines.run_due(now + timedelta(hours=hours))
    with acting_in(ALL_REGIONS):
        assert Deadline.objects.get(data={"breaks": True}).outcome == "failed"
        assert queries.overdue_deadlines(now + timedelta(days=1)) == []
