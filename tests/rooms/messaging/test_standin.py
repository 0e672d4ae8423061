"""The stand-in keeps to the documentation: what it takes, refuses, signs and insists on."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from siaga.messaging.whatsapp.account import parse
from siaga.messaging.whatsapp.normalize import InboundMessage
from siaga.messaging.whatsapp.standin.accounts import demo_secrets, write_demo_secrets
from siaga.messaging.whatsapp.standin.bodies import Person
from siaga.messaging.whatsapp.standin.exchange import Exchange
from tests.rooms.messaging.conftest import REGION, SLAMET, Stage, b64
from tests.rooms.messaging.test_normalize import HERE

BUSINESS = f"1000{REGION}"
TOKEN = {"Authorization": f"Bearer access-of-{REGION}"}
GOOD = {
    "messaging_product": "whatsapp",
    "recipient_type": "individual",
    "to": SLAMET,
    "type": "text",
    "text": {"body": "Halo"},
}


def post(stage: Stage, path: str, body: Any, **more: Any) -> httpx.Response:
    return httpx.post(f"{stage.url}{path}", json=body, **more)


def inject(stage: Stage, **given: Any) -> dict[str, Any]:
    body = {"from": SLAMET, "name": "Pak Slamet", **given}
    answer = post(stage, f"/standin/inject/{BUSINESS}", body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def send(stage: Stage, **changes: Any) -> httpx.Response:
    return post(stage, f"/v23.0/{BUSINESS}/messages", {**GOOD, **changes}, headers=TOKEN)


def test_the_handshake_succeeds(stage: Stage) -> None:
    assert post(stage, f"/standin/verify/{BUSINESS}", {}).json() == {"ok": True}


def test_a_message_gets_an_id_and_then_its_statuses_signed(stage: Stage) -> None:
    inject(stage)
    answer = send(stage).json()
    assert answer["contacts"][0]["wa_id"] == SLAMET
    assert answer["messages"][0]["id"].startswith("wamid.")
    stage.receiver.wait_for(4)
    assert len(stage.receiver.bodies) == 4


def test_wrong_tokens_and_shapes_are_refused_as_documented(stage: Stage) -> None:
    inject(stage)
    path = f"/v23.0/{BUSINESS}/messages"
    assert post(stage, path, GOOD).status_code == 401
    assert post(stage, path, GOOD, headers={"Authorization": "Bearer x"}).status_code == 401
    other = post(stage, "/v23.0/999/messages", GOOD, headers=TOKEN)
    assert other.json()["error"]["code"] == 100
    for changes in (
        {"messaging_product": "sms"},
        {"to": "not a number"},
        {"to": "ID.1349120865530274"},
        {"type": "poem"},
        {"text": {"body": ""}},
        {"text": {"body": "x" * 4097}},
        {"type": "template", "template": {"name": "Has Spaces", "language": {"code": "id"}}},
        {"type": "template", "template": {"name": "x"}},
        {"type": "interactive", "interactive": {"type": "location_request_message"}},
    ):
        answer = send(stage, **changes)
        assert answer.is_client_error, changes
        assert "code" in answer.json()["error"]
    raw = httpx.post(f"{stage.url}{path}", content=b"{", headers=TOKEN)
    assert raw.status_code == 400


def test_outside_the_day_only_templates_pass(stage: Stage) -> None:
    assert send(stage).json()["error"]["code"] == 131047
    template = {"name": "laporan_diterima", "language": {"code": "id"}}
    assert send(stage, type="template", template=template).status_code == 200


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"text": "halo"}, "text"),
        ({"kind": "location", "latitude": -8.3, "longitude": 114.2}, "location"),
        ({"kind": "image", "media_base64": b64(b"x"), "text": "api"}, "image"),
        ({"kind": "audio", "media_base64": b64(b"x")}, "audio"),
        ({"kind": "video", "media_base64": b64(b"x")}, "video"),
        ({"kind": "document", "media_base64": b64(b"x"), "filename": "a.pdf"}, "document"),
        ({"kind": "sticker", "media_base64": b64(b"x")}, "sticker"),
        ({"kind": "contacts"}, "contacts"),
        ({"kind": "interactive", "text": "Ya"}, "interactive"),
        ({"kind": "button", "text": "Belum"}, "button"),
        ({"kind": "reaction", "message_id": "wamid.ours"}, "reaction"),
        ({"kind": "system", "new_wa_id": "6281300003334"}, "system"),
        ({"kind": "order", "content": {"catalog_id": "1"}}, "unknown"),
        ({"from": None, "user_id": "ID.1349120865530274", "text": "halo"}, "text"),
    ],
)
def test_every_kind_can_be_injected(given: dict[str, Any], kind: str, stage: Stage) -> None:
    assert inject(stage, **given)["status"] == 200
    stage.receiver.wait_for(1)
    events = normalize_here(stage.receiver.bodies[0][1])
    assert isinstance(events[0], InboundMessage)
    assert events[0].incoming.kind == kind


def normalize_here(raw: bytes) -> list[Any]:
    from dataclasses import replace

    from siaga.messaging.whatsapp.normalize import normalize

    return list(normalize(raw, replace(HERE, phone_number_id=BUSINESS)))


def test_a_webhook_that_is_not_taken_comes_again(stage: Stage) -> None:
    stage.receiver.refuse_times = 1
    assert inject(stage)["status"] == 503
    stage.receiver.wait_for(1)


def test_the_same_message_can_come_several_times(stage: Stage) -> None:
    inject(stage, repeat=3)
    stage.receiver.wait_for(3)
    assert len({body for _, body in stage.receiver.bodies}) == 1


def test_what_was_sent_can_be_looked_at(stage: Stage) -> None:
    inject(stage)
    send(stage)
    found = httpx.get(f"{stage.url}/standin/messages", params={"to": SLAMET}).json()["items"]
    assert found[0]["content"]["body"] == "Halo"
    assert httpx.get(f"{stage.url}/standin/messages?to=nobody").json() == {"items": []}


def test_it_can_be_told_to_fail(stage: Stage) -> None:
    inject(stage)
    post(stage, "/standin/behaviour", {"refuse_next": [{"code": 130429, "http_status": 429}]})
    assert send(stage).status_code == 429
    assert send(stage).status_code == 200


@pytest.mark.parametrize("path", ["/", "/standin/nothing", "/standin/inject/999", "/v23.0/none"])
def test_unknown_doors_answer_with_an_error(path: str, stage: Stage) -> None:
    answer = httpx.request("POST", f"{stage.url}{path}", json={})
    assert answer.is_client_error
    assert "error" in answer.json()


def test_a_demo_gets_fresh_secrets_in_a_private_file(tmp_path: Any) -> None:
    first = parse(demo_secrets(["banyuwangi", "jombang"], "http://127.0.0.1:8113").encode())
    second = parse(demo_secrets(["banyuwangi"], "http://127.0.0.1:8113").encode())
    assert first["banyuwangi"].app_secret != second["banyuwangi"].app_secret
    assert first["banyuwangi"].phone_number_id != first["jombang"].phone_number_id
    path = tmp_path / "demo.toml"
    write_demo_secrets(path, ["banyuwangi"], "http://127.0.0.1:8113")
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        write_demo_secrets(path, ["banyuwangi"], "http://127.0.0.1:8113")


def test_who_wrote_today_is_known_after_a_restart_and_nobody_else(tmp_path: Path) -> None:
    memory = tmp_path / "written.jsonl"
    before = Exchange({}, memory=memory)
    before.met("15550001", Person(wa_id="6281200001"))
    before.ahead = -timedelta(hours=30)
    before.met("15550001", Person(wa_id="6281200002"))

    after = Exchange({}, memory=memory)

    assert after.is_window_open("15550001", "6281200001")
    assert not after.is_window_open("15550001", "6281200002")
    assert not after.is_window_open("15550002", "6281200001")
    assert len(memory.read_bytes().splitlines()) == 1
