"""A known event, told to callers: given, ended, counted, and what becomes of who hung up."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from siaga.accounts.types import Viewer
from siaga.intake import queries as intake
from siaga.intake import services as intake_services
from siaga.intake.types import ContactDisposition, ContactId, ContactState
from siaga.journal.types import Actor
from siaga.kernel.errors import InvalidField
from siaga.kernel.ids import new_id
from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import RegionId
from siaga.telephony import models
from siaga.telephony.names import Mark
from siaga.telephony.notices import queries, services
from siaga.telephony.services import commands, follow
from siaga.telephony.services.calllog import call_id
from siaga.telephony.types import CommandKind
from tests.cast import enter
from tests.rooms.telephony import record

BY = Actor.person(UUID(int=7))
WORDS = "Kebakaran di Pasar Rogojampi sudah kami ketahui."
BEGAN = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def ratna(in_banyuwangi: RegionId, now: datetime) -> Viewer:
    return enter("ratna", now)


def told(linked_id: str, at: datetime, *, then: str) -> list[bytes]:
    """A call that heard the notice, and what its caller did."""
    key, start = linked_id, at.timestamp()
    lines = [
        record.line(key, "CHAN_START", at=start),
        record.offered(key, "banyuwangi", f"+62813{linked_id[-4:]}0000", at=start),
        record.line(key, Mark.GREETED, at=start + 0.1),
        record.line(key, Mark.NOTICE, at=start + 3, eventextra="step=heard"),
    ]
    if then == "other":
        lines.append(record.line(key, Mark.NOTICE, at=start + 5, eventextra="step=other"))
    if then == "silent":
        lines.append(record.line(key, Mark.CANNOT_SPEAK, at=start + 5, eventextra="where=queue"))
    if then != "hung up":
        lines.append(record.line(key, Mark.QUEUED, at=start + 6, eventextra="priority=5"))
    lines.append(record.line(key, "HANGUP", at=start + 9))
    lines.append(record.line(key, "LINKEDID_END", at=start + 9.1))
    return lines


def calls(path: Path, at: datetime, **whoever: str) -> None:
    for linked_id, then in whoever.items():
        record.write(path, *told(f"siagatest-1.{linked_id[1:]}", at, then=then))
    follow(path, now=at + timedelta(minutes=1))


def test_a_notice_is_spoken_by_the_daemon_and_the_former_one_ends(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    incident = new_id()
    services.give(in_banyuwangi, f"  {WORDS}\n", incident_id=incident, by=BY, now=now)
    later = now + timedelta(minutes=1)
    services.give(in_banyuwangi, "Listrik padam di Kota Timur.", by=BY, now=later)
    services.end(in_banyuwangi, by=BY, now=now + timedelta(hours=1))
    asked = [(one.kind, dict(one.payload)) for one in commands.take(now)]
    assert (CommandKind.NOTICE_ON, {"text": WORDS}) in asked
    assert asked[-1] == (CommandKind.NOTICE_OFF, {})
    assert queries.current(in_banyuwangi) is None
    second, first = queries.recent(in_banyuwangi)
    assert (first.ended_at, second.ended_at) == (later, now + timedelta(hours=1))
    assert [one.text for one in queries.about(in_banyuwangi, incident)] == [WORDS]


@pytest.mark.parametrize("text", ["", "   ", "pendek", "x" * 401, "a\x00\x01b"])
def test_words_that_nobody_could_listen_to_are_refused(
    in_banyuwangi: RegionId, now: datetime, text: str
) -> None:
    with pytest.raises(InvalidField):
        services.give(in_banyuwangi, text, by=BY, now=now)
    assert queries.current(in_banyuwangi) is None


def test_each_caller_is_counted_once_by_what_they_did(
    in_banyuwangi: RegionId, tmp_path: Path
) -> None:
    services.give(in_banyuwangi, WORDS, by=BY, now=BEGAN)
    file = tmp_path / "cel.jsonl"
    calls(file, BEGAN - timedelta(minutes=5), _1000="hung up")
    later = BEGAN + timedelta(minutes=5)
    calls(file, later, _2000="hung up", _2001="hung up", _2002="other", _2003="silent", _2004="x")
    services.end(in_banyuwangi, by=BY, now=BEGAN + timedelta(hours=1))
    calls(file, BEGAN + timedelta(hours=2), _3000="other")
    [notice] = queries.recent(in_banyuwangi)
    tally = notice.tally
    assert (tally.heard, tally.sufficed, tally.other, tally.stayed) == (5, 2, 1, 2)


def test_who_hung_up_needs_nobody_and_may_be_taken_back(
    ratna: Viewer, in_banyuwangi: RegionId, tmp_path: Path
) -> None:
    services.give(in_banyuwangi, WORDS, incident_id=new_id(), by=BY, now=BEGAN)
    calls(tmp_path / "cel.jsonl", BEGAN, _2000="hung up", _2002="other", _2003="silent")
    gone, other, silent = (
        intake.contact_for(ratna, call_id(f"siagatest-1.{one}")) for one in (2000, 2002, 2003)
    )
    assert gone.disposition is ContactDisposition.DUPLICATE
    assert other.state is silent.state is ContactState.WAITING
    wanted = models.Callback.objects.filter(closed_at=None)
    assert wanted.count() == 2, "whom the notice sufficed nobody need call back"
    intake_services.undo_disposition(
        ContactId(gone.id),
        region_id=in_banyuwangi,
        by=ratna.actor,
        now=BEGAN + timedelta(minutes=3),
    )
    assert intake.contact_for(ratna, gone.id).state is ContactState.CLAIMED


def test_without_an_incident_it_is_information_and_a_taken_contact_is_left_alone(
    ratna: Viewer, in_banyuwangi: RegionId, tmp_path: Path
) -> None:
    services.give(in_banyuwangi, WORDS, by=BY, now=BEGAN)
    file = tmp_path / "cel.jsonl"
    calls(file, BEGAN, _2000="hung up")
    lines = told("siagatest-1.2009", BEGAN, then="hung up")
    record.write(file, *lines[:4])
    follow(file, now=BEGAN)
    taken = ContactId(call_id("siagatest-1.2009"))
    intake_services.claim(taken, region_id=in_banyuwangi, by=ratna.actor, now=BEGAN)
    record.write(file, *lines[4:])
    follow(file, now=BEGAN)
    told_all = intake.contact_for(ratna, call_id("siagatest-1.2000"))
    assert told_all.disposition is ContactDisposition.INFORMATION
    assert intake.contact_for(ratna, taken).state is ContactState.CLAIMED


def test_another_region_counts_and_ends_nothing(in_banyuwangi: RegionId, now: datetime) -> None:
    services.give(in_banyuwangi, WORDS, by=BY, now=now)
    with acting_in("jombang"):
        jombang = RegionId("jombang")
        assert queries.current(jombang) is None and queries.recent(jombang) == []
        services.end(jombang, by=BY, now=now)
    with acting_in(in_banyuwangi):
        assert queries.current(in_banyuwangi) is not None
