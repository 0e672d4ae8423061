"""The record becomes calls and contacts: each once, whatever breaks in between."""

import random
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from siaga.intake import queries as intake
from siaga.journal import queries as journal
from siaga.kernel.tenancy import ALL_REGIONS, acting_in
from siaga.kernel.types import Channel, RegionId
from siaga.telephony import queries, services
from siaga.telephony.models import Call
from siaga.telephony.services import calllog
from siaga.telephony.types import CallOutcome
from tests import cast
from tests.rooms.telephony.record import abandoned_call, answered_call, line, offered, write


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return tmp_path / "cel" / "siaga.jsonl"


def follow_all(record: Path, now: datetime, limit: int = 3) -> int:
    read = 0
    while taken := services.follow(record, now=now, limit=limit):
        read += taken
    return read


def rows() -> list[dict[str, Any]]:
    with acting_in(ALL_REGIONS):
        return list(Call.objects.order_by("linked_id").values())


def test_every_offered_call_is_a_call_and_a_contact_with_one_id(
    in_banyuwangi: RegionId, now: datetime, record: Path
) -> None:
    sari = cast.enter("sari", now)
    write(record, *answered_call("s-1.1", in_banyuwangi), *abandoned_call("s-1.5", in_banyuwangi))
    assert follow_all(record, now) == 15
    calls = {call.linked_id: call for call in queries.calls(sari)}
    assert calls["s-1.1"].outcome is CallOutcome.ANSWERED
    assert calls["s-1.5"].outcome is CallOutcome.ABANDONED
    contacts = intake.waiting_contacts(sari)
    assert {contact.id for contact in contacts} == {call.id for call in calls.values()}
    assert {contact.channel for contact in contacts} == {Channel.PHONE}
    [first] = [contact for contact in contacts if contact.id == calls["s-1.1"].id]
    assert first.received_at == calls["s-1.1"].presented_at
    said = [entry.name for entry in journal.timeline(in_banyuwangi, first.id)]
    for name in ("call_offered", "call_answered", "call_ended"):
        assert said.count(f"telephony.{name}") == 1


def test_a_position_that_dials_and_a_helper_leg_are_no_calls(
    in_banyuwangi: RegionId, now: datetime, record: Path
) -> None:
    leg = {"channame": f"PJSIP/{in_banyuwangi}-p1-00000001"}
    write(record, line("s-2.1", "CHAN_START", **leg), line("s-2.1", "LINKEDID_END"))
    follow_all(record, now)
    assert rows() == []


def test_lines_that_nobody_can_read_are_counted_and_passed_over(
    in_banyuwangi: RegionId, now: datetime, record: Path
) -> None:
    stray = offered("s-3.1", "atlantis")
    write(record, b"{half", stray, *abandoned_call("s-3.2", in_banyuwangi))
    assert follow_all(record, now, limit=50) == 7
    assert [row["linked_id"] for row in rows()] == ["s-3.2"]
    [reading] = queries.record_reading()
    assert reading.bad_lines == 2
    assert "atlantis" in reading.last_problem


@pytest.mark.parametrize("seed", range(4))
def test_a_reader_that_dies_at_any_moment_loses_and_doubles_nothing(
    in_banyuwangi: RegionId,
    now: datetime,
    record: Path,
    seed: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chance = random.Random(seed)
    spoken = [
        (answered_call if number % 3 else abandoned_call)(f"s-4.{number}", in_banyuwangi, number)
        for number in range(12)
    ]
    lines = [one for call in spoken for one in call]
    for name in ("_move", "store", "_tell"):
        monkeypatch.setattr(calllog, name, dying(getattr(calllog, name), chance))
    while lines:
        count = chance.randrange(1, 12)
        write(record, *lines[:count])
        del lines[:count]
        if chance.random() < 0.2:
            record.rename(record.with_name(f"siaga.jsonl.{len(lines)}"))
        patient(record, now, chance)
    patient(record, now, chance, until_done=True)
    sari = cast.enter("sari", now)
    found = queries.calls(sari)
    assert len(found) == len(intake.waiting_contacts(sari)) == 12
    for call in found:
        said = [entry.name for entry in journal.timeline(in_banyuwangi, call.id)]
        assert said.count("telephony.call_offered") == said.count("telephony.call_ended") == 1


def dying(work: Any, chance: random.Random) -> Any:
    """The work, which now and then finds the database gone before or after it was done."""

    def work_or_die(*given: Any, **named: Any) -> Any:
        if chance.random() < 0.1:
            raise OperationalError("gone")
        done = work(*given, **named)
        if chance.random() < 0.1:
            raise OperationalError("gone")
        return done

    return work_or_die


def patient(
    record: Path, now: datetime, chance: random.Random, *, until_done: bool = False
) -> None:
    """Follow on through every death."""
    for _ in range(1_000):
        try:
            if not services.follow(record, now=now, limit=chance.randrange(1, 8)):
                return
        except OperationalError:
            if not until_done and chance.random() < 0.3:
                return
    raise AssertionError("no end")


def test_a_thrown_away_table_is_folded_again_equal_and_tells_nobody(
    in_banyuwangi: RegionId, now: datetime, record: Path
) -> None:
    write(record, *answered_call("s-5.1", in_banyuwangi), *abandoned_call("s-5.2", in_banyuwangi))
    record.rename(record.with_name("siaga.jsonl.1"))
    write(record, *answered_call("s-5.3", "jombang"))
    follow_all(record, now)
    before = rows()
    told = len(journal.timeline(in_banyuwangi, before[0]["id"]))
    assert services.fold_again(record, now=now) == 25
    assert rows() == before
    assert len(before) == 3
    assert len(journal.timeline(in_banyuwangi, before[0]["id"])) == told
    assert follow_all(record, now) == 0


@pytest.mark.parametrize("number", ["", "anonymous", "' OR 1=1", "0" * 300, "+62" + "8" * 70])
def test_a_number_that_is_none_is_kept_as_it_came_and_nobody_is_named_by_it(
    in_banyuwangi: RegionId, now: datetime, record: Path, number: str
) -> None:
    write(record, offered("s-7.1", in_banyuwangi, number))
    follow_all(record, now)
    [row] = rows()
    assert row["phone"] is None
    assert row["number"] == number[:80]
