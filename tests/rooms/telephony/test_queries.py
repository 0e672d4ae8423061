"""Who may read calls, and how they come."""

from datetime import datetime
from pathlib import Path

import pytest

from siaga.kernel.errors import Forbidden, NotFound
from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import RegionId
from siaga.telephony import queries, services
from tests import cast
from tests.rooms.telephony.record import abandoned_call, answered_call, offered, write


def taken_in(tmp_path: Path, now: datetime, *lines: bytes) -> None:
    record = tmp_path / "siaga.jsonl"
    write(record, *lines)
    while services.follow(record, now=now):
        pass


def test_tono_of_jombang_sees_no_call_of_banyuwangi(
    in_banyuwangi: RegionId, now: datetime, tmp_path: Path
) -> None:
    taken_in(tmp_path, now, *answered_call("s-6.1", in_banyuwangi))
    sari = cast.enter("sari", now)
    [call] = queries.calls(sari)
    assert queries.call_for(sari, call.id) == call
    tono = cast.enter("tono", now)
    with acting_in(cast.JOMBANG):
        assert queries.calls(tono) == []
        with pytest.raises(NotFound):
            queries.call_for(tono, call.id)


def test_an_officer_of_an_agency_reads_no_calls(in_banyuwangi: RegionId, now: datetime) -> None:
    made = cast.enter("made", now)
    with pytest.raises(Forbidden):
        queries.calls(made)


def test_pages_of_calls_have_no_gap_and_no_double(
    in_banyuwangi: RegionId, now: datetime, tmp_path: Path
) -> None:
    same_moment = [offered(f"s-8.{number}", in_banyuwangi, at=5.0) for number in range(5)]
    taken_in(tmp_path, now, *same_moment, *abandoned_call("s-9.1", in_banyuwangi, at=9.0))
    sari, seen, before = cast.enter("sari", now), [], None
    while found := queries.calls(sari, before=before, limit=2):
        seen += [call.id for call in found]
        before = (found[-1].presented_at, found[-1].id)
    assert len(seen) == len(set(seen)) == 6
    under_way = queries.calls_under_way(in_banyuwangi)
    assert {call.linked_id for call in under_way} == {f"s-8.{number}" for number in range(5)}
