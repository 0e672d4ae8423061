"""Every kind of body the provider sends, and what we make of it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from siaga.kernel.geometry import Point
from siaga.messaging.types import (
    AliasKind,
    DeliveryState,
    Identity,
    Incoming,
    MessageKind,
    StatusUpdate,
)
from siaga.messaging.whatsapp.normalize import (
    Destination,
    InboundMessage,
    Trouble,
    Unknown,
    normalize,
)

BODIES = Path(__file__).parent / "bodies"
HERE = Destination(
    region_id="banyuwangi",
    phone_number_id="1000banyuwangi",
    received_at=datetime(2026, 11, 21, 3, 30, tzinfo=UTC),
)
NUMBER = Identity(kind=AliasKind.WA_ID, external_id="6281200001112")
USER = Identity(kind=AliasKind.BSUID, external_id="ID.13491208655302741918")


def events(name: str) -> list[Any]:
    return list(normalize((BODIES / f"{name}.json").read_bytes(), HERE))


def message(name: str) -> Incoming:
    (event,) = events(name)
    assert isinstance(event, InboundMessage)
    return event.incoming


KINDS: list[tuple[str, MessageKind, str]] = [
    ("text", MessageKind.TEXT, "Mas, ono omah kobong nang mburi Pasar Rogojampi. Tolong cepet!"),
    ("image", MessageKind.IMAGE, "Apinya sudah sampai atap"),
    ("audio", MessageKind.AUDIO, ""),
    ("video", MessageKind.VIDEO, "Banjir depan SD"),
    ("document", MessageKind.DOCUMENT, "Surat dari desa"),
    ("sticker", MessageKind.STICKER, ""),
    ("location", MessageKind.LOCATION, ""),
    ("contacts", MessageKind.CONTACTS, "Bu Lurah Gitik +62 812-0000-2223"),
    ("interactive_button", MessageKind.INTERACTIVE, "Sudah selesai"),
    ("interactive_list", MessageKind.INTERACTIVE, "Kebakaran"),
    ("interactive_flow", MessageKind.INTERACTIVE, "Sent"),
    ("button", MessageKind.BUTTON, "Belum teratasi"),
    ("reaction", MessageKind.REACTION, "🙏"),
    ("reaction_removed", MessageKind.REACTION, ""),
    ("unsupported", MessageKind.UNKNOWN, ""),
    ("order", MessageKind.UNKNOWN, ""),
    ("unknown_fields", MessageKind.TEXT, "halo"),
    ("text_shape_changed", MessageKind.UNKNOWN, ""),
]


@pytest.mark.parametrize(("name", "kind", "text"), KINDS, ids=[name for name, *_ in KINDS])
def test_every_kind_becomes_a_message_of_its_sender(
    name: str, kind: MessageKind, text: str
) -> None:
    incoming = message(name)
    assert (incoming.kind, incoming.text) == (kind, text)
    assert incoming.identities == (NUMBER, USER)
    assert incoming.profile_name == "Pak Slamet"
    assert incoming.phone == "+6281200001112"
    assert incoming.sent_at.year == 2026


@pytest.mark.parametrize("name", ["image", "audio", "video", "document", "sticker"])
def test_files_are_announced_with_the_providers_id(name: str) -> None:
    media = message(name).media
    assert media is not None
    assert media.provider_id.isdigit()
    assert "/" in media.declared_type


def test_a_document_keeps_the_name_its_sender_gave() -> None:
    media = message("document").media
    assert media is not None
    assert media.original_name == "surat kehilangan.pdf"


def test_a_location_has_a_point_and_a_name() -> None:
    incoming = message("location")
    assert incoming.point == Point(lat=-8.3085, lng=114.2867)
    assert incoming.place_name == "Pasar Rogojampi, Jl. Diponegoro, Rogojampi"


@pytest.mark.parametrize(
    ("name", "answered"),
    [
        ("text_reply", "wamid.HBgNours0001"),
        ("button", "wamid.HBgNours0002"),
        ("reaction", "wamid.HBgNours0003"),
    ],
)
def test_an_answer_names_what_it_answers(name: str, answered: str) -> None:
    assert message(name).in_reply_to == answered


@pytest.mark.parametrize("name", ["unsupported", "order", "text_shape_changed"])
def test_what_cannot_be_read_is_kept_whole(name: str) -> None:
    assert message(name).payload["id"] == message(name).external_id


def test_a_changed_number_joins_the_former_names_to_the_new_ones() -> None:
    incoming = message("system_number")
    assert incoming.kind is MessageKind.SYSTEM
    current = {one.external_id for one in incoming.identities if one.current}
    former = {one.external_id for one in incoming.identities if not one.current}
    assert current == {"6281300003334", "ID.99887766554433221100"}
    assert former == {NUMBER.external_id, USER.external_id}
    assert incoming.phone == "+6281300003334"


def test_a_changed_user_id_joins_without_any_number() -> None:
    incoming = message("system_user_id")
    assert {one.kind for one in incoming.identities} == {AliasKind.BSUID}
    assert incoming.phone is None


@pytest.mark.parametrize("name", ["bsuid_only", "bsuid_in_from"])
def test_a_sender_without_a_number_is_known_by_the_user_id(name: str) -> None:
    incoming = message(name)
    assert incoming.identities == (
        Identity(kind=AliasKind.BSUID, external_id="ID.55501234567890123456"),
    )
    assert incoming.phone is None


@pytest.mark.parametrize("word", ["sent", "delivered", "read", "played", "failed"])
def test_every_status_is_read(word: str) -> None:
    (event,) = events(f"status_{word}")
    assert isinstance(event, StatusUpdate)
    assert event.status == DeliveryState(word)
    assert event.external_id == "wamid.HBgNours0001"


def test_a_failed_status_tells_why() -> None:
    (event,) = events("status_failed")
    assert (event.error_code, event.error_text) == ("131026", "Message Undeliverable.")


def test_several_events_in_one_body_all_come_through() -> None:
    found = events("several")
    texts = [one.incoming.text for one in found if isinstance(one, InboundMessage)]
    assert texts == ["satu", "dua", "tiga"]
    assert [type(one) for one in found].count(StatusUpdate) == 1


def test_a_broken_piece_does_not_hurt_its_neighbours() -> None:
    found = events("several_one_broken")
    texts = [one.incoming.text for one in found if isinstance(one, InboundMessage)]
    assert texts == ["sebelum", "sesudah"]
    troubles = [one.trouble for one in found if isinstance(one, Unknown)]
    assert troubles == [Trouble.BROKEN, Trouble.BROKEN]


@pytest.mark.parametrize(
    ("name", "trouble"),
    [
        ("foreign_number", Trouble.FOREIGN),
        ("other_field", Trouble.IGNORED),
        ("status_strange", Trouble.IGNORED),
    ],
)
def test_what_is_not_for_us_is_told_apart(name: str, trouble: Trouble) -> None:
    (event,) = events(name)
    assert isinstance(event, Unknown)
    assert event.trouble is trouble


def test_every_body_has_a_test() -> None:
    source = Path(__file__).read_text()
    untested = [
        path.stem
        for path in BODIES.glob("*.json")
        if f'"{path.stem}"' not in source and not path.stem.startswith("status_")
    ]
    assert untested == []
