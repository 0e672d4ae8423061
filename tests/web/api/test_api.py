"""The API: tokens, regions, pages, transitions."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from siaga.accounts import services as accounts
from siaga.accounts.types import Scope, Viewer
from siaga.intake import queries as intake_queries
from siaga.intake import services as intake
from siaga.intake.types import Telling
from siaga.kernel import clock
from siaga.kernel.types import RegionId
from siaga.telephony import services as telephony
from tests import cast
from tests.rooms.telephony.record import answered_call
from tests.rooms.telephony.record import write as write_record
from tests.rooms.test_path import contact_of, incident_on, write


def api(viewer: Viewer, now: datetime, *scopes: Scope) -> Client:
    """A client that bears a token of this person."""
    issued = accounts.issue_token(
        region_id=viewer.region_id,
        name="test",
        scopes=scopes or (Scope.READ, Scope.TRANSITION),
        expires_at=clock.now() + timedelta(days=1),
        person_id=viewer.person_id,
        by=viewer.actor,
        now=now,
    )
    return Client(headers={"Authorization": f"Bearer {issued.secret}"})


def get(client: Client, path: str, **query: Any) -> Any:
    answer = client.get(f"/api/v1/{path}", query)
    assert answer.status_code == 200, answer.content
    return answer.json()


@pytest.mark.django_db
def test_without_a_token_nothing_is_told() -> None:
    for path in ("contacts", "messages", "reports", "incidents", "assignments", "journal", "calls"):
        assert Client().get(f"/api/v1/{path}").status_code == 401


@pytest.mark.django_db
def test_the_description_is_openapi_3_1_and_public() -> None:
    answer = Client().get("/api/v1/openapi.json")
    assert answer.json()["openapi"].startswith("3.1")


def test_pages_are_walked_to_the_end_without_a_gap(in_banyuwangi: RegionId, now: datetime) -> None:
    ratna = cast.enter("ratna", now)
    for number in range(5):
        write(in_banyuwangi, "halo", now + timedelta(seconds=number), sender=f"62812000000{number}")
    client, seen, url = api(ratna, now), [], "/api/v1/contacts?limit=2"
    while url:
        answer = client.get(url).json()
        seen += [item["id"] for item in answer["items"]]
        url = answer["next"]
    assert len(seen) == len(set(seen)) == 5


def test_what_waits_comes_most_pressing_first(in_banyuwangi: RegionId, now: datetime) -> None:
    for number, words in enumerate(("halo", "permisi", "kebakaran di pasar, tolong")):
        write(in_banyuwangi, words, now + timedelta(seconds=number), sender=f"6281200000{number}0")
    sari = cast.enter("sari", now)
    client = api(sari, now)
    found = get(client, "contacts", waiting=True, limit=2)
    assert [item["preview"] for item in found["items"]] == ["kebakaran di pasar, tolong", "halo"]
    client.post(f"/api/v1/contacts/{found['items'][0]['id']}/claim")
    left = get(client, "contacts", waiting=True)["items"]
    assert [item["preview"] for item in left] == ["halo", "permisi"]


def test_tono_of_jombang_reads_nothing_of_banyuwangi(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "kebakaran", now)
    contact_id = contact_of(sari)
    tono = api(cast.enter("tono", now), now)
    assert get(tono, "contacts") == {"items": [], "next": None}
    assert tono.get(f"/api/v1/contacts/{contact_id}").status_code == 404


def test_a_reading_token_cannot_change_anything(in_banyuwangi: RegionId, now: datetime) -> None:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "halo", now)
    client = api(sari, now, Scope.READ)
    answer = client.post(f"/api/v1/contacts/{contact_of(sari)}/claim")
    assert (answer.status_code, answer.json()["code"]) == (403, "siaga.forbidden")


def test_a_contact_is_claimed_disposed_and_undone(in_banyuwangi: RegionId, now: datetime) -> None:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "halo", now)
    client, contact_id = api(sari, now), contact_of(sari)
    base = f"/api/v1/contacts/{contact_id}"
    assert client.post(f"{base}/claim").status_code == 204
    said = {"disposition": "prank"}
    assert client.post(f"{base}/dispose", said, "application/json").status_code == 204
    assert client.post(f"{base}/dispose", said, "application/json").status_code == 409
    assert client.post(f"{base}/undo").status_code == 204
    assert get(client, f"contacts/{contact_id}")["state"] == "claimed"


def test_a_wrong_field_is_named(in_banyuwangi: RegionId, now: datetime) -> None:
    client = api(cast.enter("ratna", now), now)
    answer = client.get("/api/v1/contacts", {"cursor": "nonsense"})
    assert (answer.status_code, answer.json()["field"]) == (422, "cursor")


def test_the_whole_path_by_machine(in_banyuwangi: RegionId, now: datetime) -> None:
    sari, made = cast.enter("sari", now), cast.enter("made", now)
    write(in_banyuwangi, "tolong kebakaran", now)
    desk, fire = api(sari, now), api(made, now)
    incident_id = incident_on(sari, now)
    sent = desk.post(
        f"/api/v1/incidents/{incident_id}/dispatch",
        {"agencies": [{"agency_code": "damkar"}]},
        "application/json",
    )
    assert sent.status_code == 201, sent.content
    assignment_id = sent.json()["ids"][0]
    assert [item["id"] for item in get(fire, "assignments")["items"]] == [assignment_id]
    for step in ("acknowledge", "en_route", "on_scene"):
        assert fire.post(f"/api/v1/assignments/{assignment_id}/{step}").status_code == 204
    done = fire.post(
        f"/api/v1/assignments/{assignment_id}/done", {"note": "padam"}, "application/json"
    )
    assert done.status_code == 204
    closed = desk.post(
        f"/api/v1/incidents/{incident_id}/close", {"disposition": "handled"}, "application/json"
    )
    assert closed.status_code == 204
    assert get(desk, f"incidents/{incident_id}")["status"] == "closed"
    assert intake_queries.reports(sari)[0].answered_at is not None


def test_messages_are_found_by_words_and_by_the_providers_id(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    ratna = cast.enter("ratna", now)
    write(in_banyuwangi, "ada pohon tumbang di jalan", now)
    client = api(ratna, now)
    assert len(get(client, "messages", search="pohon")["items"]) == 1
    assert get(client, "messages", search="banjir")["items"] == []
    found = get(client, "messages", external_id="wamid.6281234567890.1")["items"]
    assert found[0]["text"] == "ada pohon tumbang di jalan"


def test_the_journal_is_for_supervisors_and_hides_the_confidential(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari, ratna = cast.enter("sari", now), cast.enter("ratna", now)
    write(in_banyuwangi, "suami memukuli saya", now)
    incident_id = incident_on(sari, now, type_code="KDRT")
    assert api(sari, now).get("/api/v1/journal").status_code == 403
    told = get(api(ratna, now), "journal")["items"]
    assert str(incident_id) not in str(told)


def test_every_offered_call_is_listed_and_its_contact_has_its_id(
    in_banyuwangi: RegionId, now: datetime, tmp_path: Path
) -> None:
    write_record(tmp_path / "siaga.jsonl", *answered_call("s-1.1", in_banyuwangi))
    telephony.follow(tmp_path / "siaga.jsonl", now=now)
    client = api(cast.enter("ratna", now), now)
    [call] = get(client, "calls")["items"]
    assert (call["linkedid"], call["position"], call["outcome"]) == ("s-1.1", 1, "answered")
    assert call["presented"] < call["queued"] < call["ringing"] < call["answered"] < call["ended"]
    assert (call["contact"], call["recording"]["state"]) == (call["id"], "waiting")
    assert get(client, f"calls/{call['id']}") == call
    assert get(client, f"contacts/{call['id']}")["channel"] == "phone"
    tono = api(cast.enter("tono", now), now)
    assert tono.get(f"/api/v1/calls/{call['id']}").status_code == 404
    assert get(tono, "calls")["items"] == []


def test_who_called_in_confidence_is_listed_to_nobody_else(
    in_banyuwangi: RegionId, now: datetime, tmp_path: Path
) -> None:
    write_record(tmp_path / "siaga.jsonl", *answered_call("s-2.1", in_banyuwangi))
    telephony.follow(tmp_path / "siaga.jsonl", now=now)
    sari = cast.enter("sari", now)
    step = {"region_id": in_banyuwangi, "by": sari.actor, "now": now}
    contact_id = contact_of(sari)
    intake.claim(contact_id, **step)
    intake.file_report(contact_id, Telling(narrative="suap", type_code="ADUAN-KORUPSI"), **step)
    client = api(cast.enter("putri", now), now)
    assert get(client, "calls")["items"] == []
    assert client.get(f"/api/v1/calls/{contact_id}").status_code == 404
