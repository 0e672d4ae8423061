"""The client against the stand-in, over real HTTP on loopback."""

import httpx
import pytest

from siaga.messaging.types import AliasKind, Identity
from siaga.messaging.whatsapp.account import WhatsAppAccount, accounts
from siaga.messaging.whatsapp.client import SendError, WhatsAppClient
from siaga.messaging.whatsapp.standin.bodies import Person
from tests.rooms.messaging.conftest import REGION, SLAMET, Stage

NUMBER = Identity(kind=AliasKind.WA_ID, external_id=SLAMET)
USER = Identity(kind=AliasKind.BSUID, external_id="ID.1349120865530274")
BUSINESS = f"1000{REGION}"


@pytest.fixture
def client(stage: Stage) -> WhatsAppClient:
    person = Person(wa_id=NUMBER.external_id, user_id=USER.external_id, name="Pak Slamet")
    stage.exchange.met(BUSINESS, person)
    return WhatsAppClient(accounts()[REGION])


def answering(status: int, body: object, account: WhatsAppAccount) -> WhatsAppClient:
    """A client whose counterpart always says the same."""
    transport = httpx.MockTransport(lambda request: httpx.Response(status, json=body))
    return WhatsAppClient(account, httpx.Client(transport=transport))


def test_words_arrive_with_our_reference(client: WhatsAppClient, stage: Stage) -> None:
    wamid = client.send_text(NUMBER, "Halo", reference="our-id", in_reply_to="wamid.theirs")
    (sent,) = stage.exchange.sent
    assert (sent.wamid, sent.to, sent.reference) == (wamid, SLAMET, "our-id")
    assert sent.content["body"] == "Halo"


def test_a_person_without_a_number_is_addressed_by_the_user_id(
    client: WhatsAppClient, stage: Stage
) -> None:
    client.send_text(USER, "Halo")
    assert stage.exchange.sent[0].to == USER.external_id


def test_a_template_may_be_sent_at_any_time_and_its_values_are_smoothed(
    client: WhatsAppClient, stage: Stage
) -> None:
    stranger = Identity(kind=AliasKind.WA_ID, external_id="6281200009999")
    client.send_template(stranger, "laporan_selesai", ["A\nB\t C", ""], language="id")
    template = stage.exchange.sent[0].content
    assert template["name"] == "laporan_selesai"
    values = [one["text"] for one in template["components"][0]["parameters"]]
    assert values == ["A B C", "-"]


def test_free_words_to_a_stranger_are_refused_for_good(client: WhatsAppClient) -> None:
    stranger = Identity(kind=AliasKind.WA_ID, external_id="6281200009999")
    with pytest.raises(SendError) as refusal:
        client.send_text(stranger, "Halo")
    assert (refusal.value.code, refusal.value.permanent) == ("131047", True)


def test_a_day_later_the_window_has_closed(client: WhatsAppClient, stage: Stage) -> None:
    httpx.post(f"{stage.url}/standin/clock", json={"advance_seconds": 86_400})
    with pytest.raises(SendError, match="131047"):
        client.send_text(NUMBER, "Halo")


def test_the_position_is_asked_for_with_a_button(client: WhatsAppClient, stage: Stage) -> None:
    client.send_location_request(NUMBER, "Mohon kirim lokasi Anda.")
    assert stage.exchange.sent[0].content["type"] == "location_request_message"


def test_reading_is_reported(client: WhatsAppClient, stage: Stage) -> None:
    stage.exchange.received.add("wamid.theirs")
    client.mark_read("wamid.theirs")
    assert stage.exchange.read == {"wamid.theirs"}
    with pytest.raises(SendError, match="131009"):
        client.mark_read("wamid.never")


def test_a_file_goes_up_and_comes_down(client: WhatsAppClient) -> None:
    media_id = client.upload(b"%PDF-1.7 surat", "application/pdf", name="surat.pdf")
    address = client.media_address(media_id)
    assert (address.mime_type, address.size) == ("application/pdf", 14)
    assert client.download(address.url, bytes_max=100) == b"%PDF-1.7 surat"
    with pytest.raises(SendError, match="too_large"):
        client.download(address.url, bytes_max=5)


@pytest.mark.parametrize("media_id", ["../messages", "a/b", "", "x" * 300])
def test_a_strange_media_id_is_never_asked_for(media_id: str, client: WhatsAppClient) -> None:
    with pytest.raises(SendError, match="bad_media_id"):
        client.media_address(media_id)


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest",
        "https://facebook.com.evil.example/x",
        "http://lookaside.fbsbx.com/x",
        "file:///etc/passwd",
    ],
)
def test_our_token_is_shown_to_nobody_else(url: str, client: WhatsAppClient) -> None:
    with pytest.raises(SendError) as refusal:
        client.download(url, bytes_max=10)
    assert (refusal.value.code, refusal.value.permanent) == ("strange_host", True)


def test_a_redirect_to_a_stranger_is_not_followed(stage: Stage) -> None:
    account = accounts()[REGION]
    transport = httpx.MockTransport(
        lambda request: httpx.Response(302, headers={"location": "https://evil.example/"})
    )
    client = WhatsAppClient(account, httpx.Client(transport=transport))
    with pytest.raises(SendError, match="strange_host"):
        client.download("https://lookaside.fbsbx.com/x", bytes_max=10)


@pytest.mark.parametrize(
    ("status", "body", "permanent", "unsure"),
    [
        (400, {"error": {"code": 131026, "message": "Undeliverable"}}, True, False),
        (401, {"error": {"code": 190, "message": "Token"}}, True, False),
        (400, {"error": {"code": 130429, "message": "Rate"}}, False, False),
        (429, {}, False, False),
        (500, {"error": {"code": 131000}}, False, True),
        (503, ["not an object"], False, True),
        (404, "text", True, False),
        (200, {"messages": []}, False, True),
        (200, {"error": {"code": 131016}}, False, False),
    ],
)
def test_each_refusal_is_for_good_or_passing(
    status: int, body: object, permanent: bool, unsure: bool, stage: Stage
) -> None:
    client = answering(status, body, accounts()[REGION])
    with pytest.raises(SendError) as refusal:
        client.send_text(NUMBER, "Halo")
    assert (refusal.value.permanent, refusal.value.unsure) == (permanent, unsure)


def test_nobody_there_is_a_passing_failure_that_surely_sent_nothing() -> None:
    account = WhatsAppAccount(
        region_id=REGION,
        app_secret=b"s",
        verify_token="v",
        phone_number_id="1",
        access_token="t",
        base_url="http://127.0.0.1:9",
    )
    with pytest.raises(SendError) as refusal:
        WhatsAppClient(account).send_text(NUMBER, "Halo")
    assert (refusal.value.permanent, refusal.value.unsure) == (False, False)


def test_no_answer_in_time_may_have_been_sent(stage: Stage) -> None:
    def hang(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("slow", request=request)

    client = WhatsAppClient(accounts()[REGION], httpx.Client(transport=httpx.MockTransport(hang)))
    with pytest.raises(SendError) as refusal:
        client.send_text(NUMBER, "Halo")
    assert (refusal.value.permanent, refusal.value.unsure) == (False, True)
