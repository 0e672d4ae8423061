"""What Asterisk could not write is put into its place: once, and never before its time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from siaga.intake import queries as intake
from siaga.journal import queries as journal
from siaga.kernel.tenancy import ALL_REGIONS, acting_in
from siaga.kernel.types import RegionId
from siaga.telephony import models, queries, record_queries, services
from siaga.telephony.live.picture import LiveCall
from siaga.telephony.live.witness import Seen
from siaga.telephony.services import unrecorded
from siaga.telephony.services.calllog import call_id
from siaga.telephony.types import CallOutcome, CallState
from tests import cast
from tests.rooms.telephony.record import answered_call, line, offered, write

BEGAN = datetime(2026, 11, 22, 5, tzinfo=UTC)


@pytest.fixture
def record(tmp_path: Path) -> Path:
    (tmp_path / "cel").mkdir()
    return tmp_path / "cel" / "siaga.jsonl"


def seen(linked_id: str, region: RegionId, *, talked: bool = True, **more: Any) -> Seen:
    live = LiveCall(
        linked_id=linked_id,
        number="+6281234567890",
        state=CallState.ANSWERED if talked else CallState.QUEUED,
        presented_at=BEGAN,
        queued_at=BEGAN + timedelta(seconds=1),
        answered_at=BEGAN + timedelta(seconds=5) if talked else None,
        position=1 if talked else None,
    )
    given = Seen(region=region, linked_id=linked_id, call=live, first_at=BEGAN)
    return replace(given, **more)


def ended(one: Seen) -> Seen:
    return replace(one, ended_at=BEGAN + timedelta(seconds=30))


def follow_all(record: Path, now: datetime) -> None:
    while services.follow(record, now=now):
        pass


def told(region: RegionId, linked_id: str) -> list[str]:
    return [entry.name for entry in journal.timeline(region, call_id(linked_id))]


def test_a_call_without_any_line_is_a_contact_while_it_lasts_and_once(
    in_banyuwangi: RegionId, now: datetime, record: Path
) -> None:
    sari = cast.enter("sari", now)
    under_way = seen("s-1.1", in_banyuwangi, talked=False)
    for _ in range(2):
        unrecorded.reconcile(record, [under_way], now=now)
    [contact] = intake.waiting_contacts(sari)
    assert contact.id == call_id("s-1.1")
    for _ in range(2):
        answer = unrecorded.reconcile(record, [ended(seen("s-1.1", in_banyuwangi))], now=now)
    assert answer == {"s-1.1": True}
    [call] = queries.calls(sari)
    assert (call.outcome, call.position) == (CallOutcome.ANSWERED, 1)
    names = told(in_banyuwangi, "s-1.1")
    for name in ("call_offered", "call_unrecorded", "call_answered", "call_ended"):
        assert names.count(f"telephony.{name}") == 1
    assert record_queries.unrecorded(now, in_banyuwangi)[0] == 1


def test_a_record_that_is_whole_is_left_alone(
    in_banyuwangi: RegionId, now: datetime, record: Path
) -> None:
    write(record, *answered_call("s-1.1", in_banyuwangi))
    follow_all(record, now)
    before = models.Call.objects.values().get()
    assert unrecorded.reconcile(record, [ended(seen("s-1.1", in_banyuwangi))], now=now) == {
        "s-1.1": True
    }
    assert models.Call.objects.values().get() == before
    assert record_queries.unrecorded(now) == (0, None)


def test_nothing_is_filled_in_while_the_record_has_more_to_tell(
    in_banyuwangi: RegionId, now: datetime, record: Path
) -> None:
    write(record, *answered_call("s-1.1", in_banyuwangi))
    one = ended(seen("s-1.1", in_banyuwangi))
    assert unrecorded.reconcile(record, [one], now=now) == {}
    assert not models.Call.objects.exists()
    follow_all(record, now)
    assert unrecorded.reconcile(record, [one], now=now) == {"s-1.1": True}
    assert told(in_banyuwangi, "s-1.1").count("telephony.call_unrecorded") == 0


def test_a_call_whose_middle_is_missing_has_still_been_answered(
    in_banyuwangi: RegionId, now: datetime, record: Path
) -> None:
    write(record, offered("s-1.1", in_banyuwangi), line("s-1.1", "LINKEDID_END", at=40))
    follow_all(record, now)
    unrecorded.reconcile(record, [ended(seen("s-1.1", in_banyuwangi))], now=now)
    row = models.Call.objects.get()
    assert (row.position, row.outcome) == (1, CallOutcome.ANSWERED)
    assert told(in_banyuwangi, "s-1.1").count("telephony.call_ended") == 1


def test_lines_that_come_after_all_change_nothing_that_was_told(
    in_banyuwangi: RegionId, now: datetime, record: Path
) -> None:
    unrecorded.reconcile(record, [ended(seen("s-1.1", in_banyuwangi))], now=now)
    write(record, *answered_call("s-1.1", in_banyuwangi))
    follow_all(record, now)
    names = told(in_banyuwangi, "s-1.1")
    assert [names.count(f"telephony.call_{one}") for one in ("offered", "answered", "ended")] == [
        1, 1, 1,
    ]  # fmt: skip


def test_a_talk_whose_end_nobody_saw_is_called_back(
    in_banyuwangi: RegionId, now: datetime, record: Path
) -> None:
    write(record, *answered_call("s-1.1", in_banyuwangi)[:7])
    follow_all(record, now)
    later = now + timedelta(hours=1)
    assert unrecorded.left_open(later) == {"s-1.1": in_banyuwangi}
    lost = Seen(
        region=in_banyuwangi, linked_id="s-1.1", first_at=now, ended_at=later, end_seen=False
    )
    unrecorded.reconcile(record, [lost], now=later)
    assert models.Call.objects.get().cut_off
    assert "telephony.callback_wanted" in told(in_banyuwangi, "s-1.1")
    assert unrecorded.left_open(later) == {}


def test_folded_again_the_calls_are_equal(
    in_banyuwangi: RegionId, now: datetime, record: Path
) -> None:
    write(record, *answered_call("s-1.1", in_banyuwangi)[:4])
    follow_all(record, now)
    both = [ended(seen(key, in_banyuwangi)) for key in ("s-1.1", "s-1.2")]
    unrecorded.reconcile(record, both, now=now)
    before = list(models.Call.objects.order_by("linked_id").values())
    services.fold_again(record, now=now)
    with acting_in(ALL_REGIONS):
        assert list(models.Call.objects.order_by("linked_id").values()) == before


def test_a_whole_line_behind_half_a_line_is_read(
    in_banyuwangi: RegionId, now: datetime, record: Path
) -> None:
    first, second = offered("s-1.1", in_banyuwangi), offered("s-1.2", in_banyuwangi)
    write(record, first[:100] + second)
    follow_all(record, now)
    assert [row.linked_id for row in models.Call.objects.all()] == ["s-1.2"]
    assert models.CelCursor.objects.get().bad_lines == 1
