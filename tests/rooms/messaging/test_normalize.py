"""Bad, strange and hostile bodies: never an exception, never a lost neighbour."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siaga.messaging.types import StatusUpdate
from siaga.messaging.whatsapp.normalize import (
    Destination,
    InboundMessage,
    Trouble,
    Unknown,
    clean,
    normalize,
)

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
HERE = Destination(region_id="banyuwangi", phone_number_id="1", received_at=NOW)


def body(**value: Any) -> dict[str, Any]:
    whole = {"metadata": {"phone_number_id": "1"}, **value}
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": "w", "changes": [{"field": "messages", "value": whole}]}],
    }


def text(**changes: Any) -> dict[str, Any]:
    message = {"from": "6281200001112", "id": "wamid.1", "timestamp": "1795230000"}
    return message | {"type": "text", "text": {"body": "halo"}} | changes


def read(value: Any) -> list[Any]:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return list(normalize(raw, HERE))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"{}",
        b'{"object": "page", "entry": []}',
        b'{"object": "whatsapp_business_account"}',
        b"[" * 100_000,
        b'{"object":' + b"[" * 5000 + b"]" * 5000 + b', "entry": []}',
        b'{"object": "whatsapp_business_account", "entry": 7}',
    ],
)
def test_a_body_that_is_none_gives_one_reason(raw: bytes) -> None:
    (event,) = read(raw)
    assert isinstance(event, Unknown)
    assert event.trouble is Trouble.BROKEN
    assert event.reason


def test_an_empty_list_of_entries_is_nothing() -> None:
    assert read({"object": "whatsapp_business_account", "entry": []}) == []


@pytest.mark.parametrize(
    "message",
    [
        text(id=""),
        text(id="w" * 251),
        text(id=None),
        {"id": "wamid.1", "type": "text", "timestamp": "1", "text": {"body": "x"}},
        text(**{"from": "9" * 300}),
        7,
        None,
        [],
    ],
)
def test_a_message_without_an_id_or_a_sender_is_broken(message: Any) -> None:
    events = read(body(messages=[message, text(id="wamid.2")]))
    assert isinstance(events[0], Unknown)
    assert isinstance(events[1], InboundMessage)


def test_a_message_without_a_sender_belongs_to_the_only_contact() -> None:
    message = {"id": "wamid.1", "type": "text", "timestamp": "1", "text": {"body": "x"}}
    contacts = [{"user_id": "ID.123", "profile": {"name": "Warga"}}]
    (event,) = read(body(messages=[message], contacts=contacts))
    assert event.incoming.identities[0].external_id == "ID.123"


@pytest.mark.parametrize(
    "timestamp", ["", "soon", None, str(10**30), "-1e9", str(int(NOW.timestamp()) + 3600)]
)
def test_a_senseless_time_is_replaced_by_ours(timestamp: Any) -> None:
    message = text(timestamp=timestamp)
    if timestamp is None:
        del message["timestamp"]
    (event,) = read(body(messages=[message]))
    assert event.incoming.sent_at == NOW


def test_a_clock_that_is_slightly_ahead_is_believed() -> None:
    ahead = NOW + timedelta(seconds=30)
    (event,) = read(body(messages=[text(timestamp=str(int(ahead.timestamp())))]))
    assert event.incoming.sent_at == ahead


def test_what_postgres_cannot_store_is_taken_out() -> None:
    (event,) = read(body(messages=[text(text={"body": "a\x00b"})]))
    assert event.incoming.text == "ab"
    assert clean({"a\x00": ["\x00", {"b": "\ud800x"}]}) == {"a": ["", {"b": "x"}]}


@pytest.mark.parametrize("lat", [91, -91, "north"])
def test_a_point_outside_the_earth_is_kept_as_unknown(lat: Any) -> None:
    location = {"latitude": lat, "longitude": 0}
    (event,) = read(body(messages=[text(type="location", location=location)]))
    assert event.incoming.kind == "unknown"
    assert event.incoming.payload["location"]["latitude"] == lat


def test_a_very_long_text_is_cut_not_refused() -> None:
    (event,) = read(body(messages=[text(text={"body": "x" * 100_000})]))
    assert len(event.incoming.text) == 65_536


def test_a_status_gives_back_our_own_reference() -> None:
    status = {"id": "wamid.9", "status": "sent", "timestamp": "1", "biz_opaque_callback_data": "r"}
    (event,) = read(body(statuses=[status]))
    assert isinstance(event, StatusUpdate)
    assert event.message_ref == "r"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)
KEYS = ["from", "id", "type", "timestamp", "text", "location", "system", "context", "image"]


@settings(deadline=None)
@given(
    st.lists(st.dictionaries(st.sampled_from(KEYS), json_values), max_size=3),
    json_values,
    json_values,
)
def test_nothing_makes_it_raise(messages: list[Any], contacts: Any, statuses: Any) -> None:
    for value in (
        body(messages=messages),
        body(messages=messages, contacts=contacts),
        body(statuses=statuses),
        {"object": "whatsapp_business_account", "entry": contacts},
    ):
        for event in read(value):
            assert isinstance(event, (InboundMessage, StatusUpdate, Unknown))


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_make_it_raise(raw: bytes) -> None:
    assert all(isinstance(one, Unknown) for one in read(raw))
