"""The API's recordings: told to whoever may see the call, heard with a scope of its own."""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from siaga.accounts.types import Scope, Viewer
from siaga.intake import services as intake
from siaga.intake.types import Telling
from siaga.journal import queries as journal
from siaga.journal.types import ActorKind
from siaga.kernel.types import RegionId
from siaga.telephony import services as telephony
from siaga.telephony.recordings import keeping, store
from siaga.telephony.services.calllog import call_id
from tests import cast
from tests.rooms.telephony.record import answered_call, write
from tests.rooms.telephony.recordings.plain import call
from tests.rooms.test_path import contact_of
from tests.web.api.test_api import api, get

LINKED = "siaga1-31.1"
CALL = call_id(LINKED)
PATH = f"/api/v1/calls/{CALL}/recording"
SOUND = f"{PATH}/sound"


@pytest.fixture
def kept(in_banyuwangi: RegionId, now: datetime, tmp_path: Path, settings: Any) -> RegionId:
    """A call of two seconds, over and recorded."""
    settings.SIAGA_HOME = tmp_path
    write(tmp_path / "cel", *answered_call(LINKED, in_banyuwangi, at=now.timestamp() - 60))
    while telephony.follow(tmp_path / "cel", now=now):
        pass
    call(store.plain_folder(), LINKED, at=now)
    keeping.keep(in_banyuwangi, CALL, now=now)
    return in_banyuwangi


def hearing(viewer: Viewer, now: datetime) -> Client:
    return api(viewer, now, Scope.READ, Scope.RECORDINGS)


def body(answer: Any) -> bytes:
    assert answer.status_code in (200, 206), answer
    return b"".join(answer.streaming_content)


def listenings(region: RegionId) -> list[Any]:
    entries = journal.timeline(region, CALL)
    return [one for one in entries if one.name == "telephony.recording_heard"]


def test_what_became_of_it_is_told_and_nobody_has_listened(kept: RegionId, now: datetime) -> None:
    told = get(api(cast.enter("sari", now), now, Scope.READ), f"calls/{CALL}/recording")
    assert (told["state"], told["held"], told["is_outgoing"]) == ("ready", False, False)
    assert told["sound"].endswith(SOUND) and told["seconds"] == 2 and told["size"] > 0
    assert listenings(kept) == []


def test_the_sound_is_heard_whole_and_in_parts_as_one_listening_with_a_name(
    kept: RegionId, now: datetime
) -> None:
    sari = cast.enter("sari", now)
    client = hearing(sari, now)
    told = get(client, f"calls/{CALL}/recording")
    answer = client.get(SOUND)
    whole = body(answer)
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("audio/flac", "private, no-store")
    assert hashlib.sha256(whole).hexdigest() == told["sha256"]
    middle = client.get(SOUND, headers={"Range": "bytes=100-199"})
    assert (middle.status_code, body(middle)) == (206, whole[100:200])
    beyond = client.get(SOUND, headers={"Range": f"bytes={len(whole)}-"})
    assert beyond.status_code == 416
    assert client.head(SOUND)["Content-Length"] == str(len(whole))
    [heard] = listenings(kept)
    assert heard.actor.kind is ActorKind.API_TOKEN
    assert heard.actor.person_id == sari.person_id


@pytest.mark.parametrize("scopes", [(Scope.READ,), (Scope.READ, Scope.TRANSITION)])
def test_without_its_own_scope_a_token_hears_nothing(
    kept: RegionId, now: datetime, scopes: tuple[Scope, ...]
) -> None:
    assert api(cast.enter("ratna", now), now, *scopes).get(SOUND).status_code == 403
    assert Client().get(SOUND).status_code == Client().get(PATH).status_code == 401
    assert listenings(kept) == []


@pytest.mark.parametrize(("name", "status"), [("putri", 403), ("tono", 404), ("ayu", 403)])
def test_the_scope_gives_nothing_that_its_holder_may_not(
    kept: RegionId, now: datetime, name: str, status: int
) -> None:
    assert hearing(cast.enter(name, now), now).get(SOUND).status_code == status
    assert listenings(kept) == []


def test_a_confidential_call_is_told_and_heard_by_those_named_only(
    kept: RegionId, now: datetime
) -> None:
    sari = cast.enter("sari", now)
    step = {"region_id": kept, "by": sari.actor, "now": now}
    contact_id = contact_of(sari)
    intake.claim(contact_id, **step)
    intake.file_report(contact_id, Telling(narrative="rahasia", type_code="KDRT"), **step)
    assert hearing(sari, now).get(SOUND).status_code == 200
    dewi = hearing(cast.enter("dewi", now), now)
    assert dewi.get(SOUND).status_code == dewi.get(PATH).status_code == 404


def test_the_description_tells_of_the_sound(kept: RegionId) -> None:
    paths = Client().get("/api/v1/openapi.json").json()["paths"]
    described = paths["/api/v1/calls/{call_id}/recording/sound"]["get"]
    assert "audio/flac" in described["responses"]["200"]["content"]
    assert "206" in described["responses"] and "416" in described["responses"]
