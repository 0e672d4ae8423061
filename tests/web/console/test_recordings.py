"""Recordings on the desk: guarded twice, heard in any part, each listening with a name."""

import hashlib
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from siaga.intake import queries as intake
from siaga.intake import services as intake_services
from siaga.intake.types import ContactId, LocationState, Place, Telling
from siaga.journal import queries as journal
from siaga.kernel import clock
from siaga.kernel.tenancy import acting_in
from siaga.telephony import services as telephony
from siaga.telephony.recordings import keeping, queries, store
from siaga.telephony.services.calllog import call_id
from tests.cast import BANYUWANGI
from tests.rooms.telephony.record import answered_call, write
from tests.rooms.telephony.recordings.plain import call
from tests.web.console.stage import Desk, seat

LINKED = "siaga1-21.4"
CALL = call_id(LINKED)
pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(tmp_path: Path, settings: Any) -> UUID:
    """A call of five seconds, over and recorded."""
    settings.SIAGA_HOME, settings.SIAGA_REQUIRE_MFA = tmp_path, False
    now = clock.now()
    write(tmp_path / "cel", *answered_call(LINKED, BANYUWANGI, at=now.timestamp() - 60))
    while telephony.follow(tmp_path / "cel", now=now):
        pass
    call(store.plain_folder(), LINKED, at=now, seconds=5)
    keeping.keep(BANYUWANGI, CALL, now=now)
    return CALL


def sound(desk: Desk, **headers: str) -> Any:
    return desk.client.get(desk.url(f"recordings/{CALL}/sound/"), headers=headers)


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def listenings(names: str = "recording_heard") -> int:
    with acting_in(BANYUWANGI):
        entries = journal.timeline(BANYUWANGI, CALL)
    return sum(entry.name == f"telephony.{names}" for entry in entries)


def test_a_call_taker_hears_it_and_the_listening_has_a_name(kept: UUID) -> None:
    sari = seat("sari")
    answer = sound(sari)
    with acting_in(BANYUWANGI):
        view = queries.recording_for(sari.viewer, CALL)
    assert answer.status_code == 200 and answer["Content-Type"] == "audio/flac"
    assert hashlib.sha256(body(answer)).hexdigest() == view.sha256
    assert answer["Cache-Control"] == "private, no-store"
    assert listenings() == 1
    with acting_in(BANYUWANGI):
        heard = [e for e in journal.timeline(BANYUWANGI, CALL) if "heard" in e.name]
    assert heard[0].actor == sari.viewer.actor


def test_any_part_can_be_asked_for_and_counts_as_the_same_listening(kept: UUID) -> None:
    sari = seat("sari")
    whole = body(sound(sari))
    middle = sound(sari, Range="bytes=1000-1999")
    assert middle.status_code == 206
    assert middle["Content-Range"] == f"bytes 1000-1999/{len(whole)}"
    assert body(middle) == whole[1000:2000]
    assert body(sound(sari, Range="bytes=-10")) == whole[-10:]
    beyond = sound(sari, Range=f"bytes={len(whole)}-")
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{len(whole)}")
    assert listenings() == 1


@pytest.mark.parametrize(("name", "status"), [("putri", 403), ("tono", 404), ("ayu", 403)])
def test_interns_administrators_and_other_regions_hear_nothing(
    kept: UUID, name: str, status: int
) -> None:
    assert sound(seat(name)).status_code == status
    assert listenings() == 0


def test_a_confidential_call_is_heard_by_those_named_only(kept: UUID) -> None:
    sari, dewi = seat("sari"), seat("dewi")
    contact_id = ContactId(CALL)
    given = {"region_id": BANYUWANGI, "by": sari.viewer.actor, "now": clock.now()}
    with acting_in(BANYUWANGI):
        intake_services.claim(contact_id, **given)
        place = Place(area_code="35.10.14", state=LocationState.KNOWN)
        told = Telling(narrative="rahasia", type_code="KDRT", place=place, confidential=True)
        intake_services.file_report(contact_id, told, **given)
        assert intake.contact_for(sari.viewer, CALL).confidential
    assert sound(sari).status_code == 200
    assert sound(dewi).status_code == 404
    assert dewi.get(f"contacts/{CALL}/recordings/").status_code == 404


def test_the_desk_draws_it_beside_the_contact(kept: UUID) -> None:
    sari = seat("sari")
    page = sari.get(f"contacts/{CALL}/").content.decode()
    assert f"contacts/{CALL}/recordings/" in page
    shown = sari.get(f"contacts/{CALL}/recordings/").content.decode()
    assert 'data-island="recording"' in shown and 'data-seconds="5"' in shown
    assert shown.count("<path") == 2 and f"recordings/{CALL}/sound/" in shown
    assert "recording_hold" not in shown and f"recordings/{CALL}/hold/" not in shown
    assert listenings() == 0


def test_only_a_supervisor_holds_it_with_a_reason_and_lets_it_go(kept: UUID) -> None:
    sari, ratna = seat("sari"), seat("ratna")
    assert sari.post(f"recordings/{CALL}/hold/", {"reason": "ingin tahu"}).status_code == 403
    assert ratna.post(f"recordings/{CALL}/hold/", {"reason": " "}).status_code == 422
    held = ratna.post(f"recordings/{CALL}/hold/", {"reason": "Diminta penyidik"})
    assert "Diminta penyidik" in held.content.decode() and "Bu Ratna" in held.content.decode()
    ratna.post(f"recordings/{CALL}/hold/", {"reason": "Perkara selesai"})
    assert listenings("recording_held") == listenings("recording_let_go") == 1


def test_a_damaged_recording_is_not_found(kept: UUID) -> None:
    sari = seat("sari")
    with acting_in(BANYUWANGI):
        view = queries.recording_for(sari.viewer, CALL)
    (store.root() / view.name).write_bytes(b"SIAGAREC broken")
    assert sound(sari).status_code == 404
    assert listenings() == 0
