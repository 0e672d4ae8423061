"""Raw webhook body -> events. Pure: no tables, no clock, no network; never raises for bad input."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec

from siaga.kernel.geometry import Point
from siaga.kernel.phones import normalize_phone
from siaga.kernel.types import Channel
from siaga.messaging.types import (
    AliasKind,
    DeliveryState,
    Identity,
    Incoming,
    IncomingMedia,
    MessageKind,
    StatusUpdate,
)
from siaga.messaging.whatsapp import shapes

OBJECT = "whatsapp_business_account"
FIELD = "messages"
EXTERNAL_ID_CHARS_MAX = 250
IDENTITY_CHARS_MAX = 200
NAME_CHARS_MAX = 200
TEXT_CHARS_MAX = 65_536
CARDS_MAX = 20
CLOCK_SKEW_MAX = timedelta(minutes=5)

_BSUID = re.compile(r"[A-Z]{2}(?:\.[A-Z]+)?\.[A-Za-z0-9]{1,160}")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_FILES = {
    MessageKind.IMAGE,
    MessageKind.AUDIO,
    MessageKind.VIDEO,
    MessageKind.DOCUMENT,
    MessageKind.STICKER,
}
_REPORTED = {
    DeliveryState.SENT,
    DeliveryState.DELIVERED,
    DeliveryState.READ,
    DeliveryState.FAILED,
    DeliveryState.PLAYED,
}
_BAD_JSON = (msgspec.DecodeError, RecursionError, UnicodeDecodeError)


class Trouble(StrEnum):
    """Why a piece of a body gave no event."""

    BROKEN = "broken"
    FOREIGN = "foreign"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Whose account the body came to, and when."""

    region_id: str
    phone_number_id: str
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundMessage:
    incoming: Incoming


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A piece that gave no event; the raw body keeps it."""

    trouble: Trouble
    reason: str


Event = InboundMessage | StatusUpdate | Unknown


def normalize(raw: bytes, to: Destination) -> list[Event]:
    """Every event in the body, in its order. Each broken piece becomes one Unknown."""
    try:
        envelope = msgspec.json.decode(raw, type=shapes.Envelope)
    except _BAD_JSON as wrong:
        return [_broken("body", wrong)]
    if envelope.object != OBJECT:
        return [Unknown(trouble=Trouble.BROKEN, reason=f"object is not {OBJECT}")]
    events: list[Event] = []
    for piece in envelope.entry:
        try:
            changes = msgspec.json.decode(piece, type=shapes.Entry).changes
        except _BAD_JSON as wrong:
            events.append(_broken("entry", wrong))
            continue
        for change in changes:
            events.extend(_from_change(change, to))
    return events


def clean(value: Any) -> Any:
    """The same JSON value without what PostgreSQL cannot store."""
    if isinstance(value, str):
        return _UNSTORABLE.sub("", value)
    if isinstance(value, list):
        return [clean(item) for item in value]
    if isinstance(value, dict):
        return {clean(key): clean(item) for key, item in value.items()}
    return value


def _from_change(raw: msgspec.Raw, to: Destination) -> Iterator[Event]:
    try:
        change = msgspec.json.decode(raw, type=shapes.Change)
        if change.field != FIELD:
            yield Unknown(trouble=Trouble.IGNORED, reason=f"field {change.field[:40]!r}")
            return
        value = msgspec.json.decode(change.value, type=shapes.Value)
    except _BAD_JSON as wrong:
        yield _broken("change", wrong)
        return
    if value.metadata.phone_number_id != to.phone_number_id:
        yield Unknown(trouble=Trouble.FOREIGN, reason="phone_number_id is not this region's")
        return
    contacts = list(_contacts(value.contacts))
    for piece in value.messages:
        yield _guarded("message", piece, lambda one: _message(one, contacts, to))
    for piece in value.statuses:
        yield _guarded("status", piece, lambda one: _status(one, to))


def _guarded(what: str, piece: msgspec.Raw, read: Any) -> Event:
    try:
        event: Event = read(piece)
    except (*_BAD_JSON, ValueError) as wrong:
        return _broken(what, wrong)
    return event


def _broken(what: str, wrong: Exception) -> Unknown:
    # The decoder's sentences name fields and types, never values.
    reason = _UNSTORABLE.sub("", str(wrong))[:200] or type(wrong).__name__
    return Unknown(trouble=Trouble.BROKEN, reason=f"{what}: {reason}")


def _contacts(pieces: list[msgspec.Raw]) -> Iterator[shapes.Contact]:
    for piece in pieces:
        try:
            yield msgspec.json.decode(piece, type=shapes.Contact)
        except _BAD_JSON:
            continue


def _message(raw: msgspec.Raw, contacts: list[shapes.Contact], to: Destination) -> InboundMessage:
    head = msgspec.json.decode(raw, type=shapes.Message)
    contact = _contact_of(head, contacts)
    kind, details = _details(head.type, raw)
    identities = details.pop("identities", ()) or _identities(head, contact)
    if not identities:
        raise ValueError("no sender: neither a number nor a user id")
    if not head.id or len(head.id) > EXTERNAL_ID_CHARS_MAX:
        raise ValueError("no usable message id")
    numbers = [one for one in identities if one.kind is AliasKind.WA_ID and one.current]
    answered = details.pop("in_reply_to", "") or (head.context.id if head.context else "") or ""
    return InboundMessage(
        incoming=Incoming(
            region_id=to.region_id,
            channel=Channel.WHATSAPP,
            external_id=clean(head.id),
            identities=identities,
            kind=kind,
            sent_at=_moment(head.timestamp, to.received_at),
            profile_name=_profile_name(contact),
            phone=normalize_phone(f"+{numbers[0].external_id}") if numbers else None,
            in_reply_to=clean(answered)[:EXTERNAL_ID_CHARS_MAX],
            **details,
        )
    )


def _details(type_name: str, raw: msgspec.Raw) -> tuple[MessageKind, dict[str, Any]]:
    """What the message says, by its type; whatever cannot be read is kept whole and unknown."""
    read = _READERS.get(type_name)
    if read is not None:
        try:
            return MessageKind(type_name), read(raw)
        except (*_BAD_JSON, ValueError):
            pass
    return MessageKind.UNKNOWN, {"payload": clean(msgspec.json.decode(raw))}


def _text(raw: msgspec.Raw) -> dict[str, Any]:
    return {"text": _words(shapes.body_of(raw, "text", shapes.Text).body)}


def _location(raw: msgspec.Raw) -> dict[str, Any]:
    place = shapes.body_of(raw, "location", shapes.Location)
    named = ", ".join(part for part in (place.name, place.address) if part)
    return {
        "point": Point(lat=place.latitude, lng=place.longitude),
        "place_name": clean(named)[: NAME_CHARS_MAX * 2],
    }


def _reaction(raw: msgspec.Raw) -> dict[str, Any]:
    reaction = shapes.body_of(raw, "reaction", shapes.Reaction)
    return {"text": _words(reaction.emoji), "in_reply_to": reaction.message_id}


def _button(raw: msgspec.Raw) -> dict[str, Any]:
    button = shapes.body_of(raw, "button", shapes.Button)
    return {"text": _words(button.text), "payload": {"payload": clean(button.payload)}}


def _interactive(raw: msgspec.Raw) -> dict[str, Any]:
    given = shapes.body_of(raw, "interactive", shapes.Interactive)
    reply = given.button_reply or given.list_reply
    text = reply.title if reply else given.nfm_reply.body if given.nfm_reply else ""
    whole = shapes.body_of(raw, "interactive", dict[str, Any])
    return {"text": _words(text), "payload": clean(whole)}


def _cards(raw: msgspec.Raw) -> dict[str, Any]:
    lines = []
    for card in shapes.body_of(raw, "contacts", list[shapes.Card])[:CARDS_MAX]:
        numbers = [one.phone or one.wa_id or "" for one in card.phones]
        lines.append(" ".join([card.name.formatted_name if card.name else "", *numbers]).strip())
    whole = shapes.body_of(raw, "contacts", list[Any])
    return {"text": _words("\n".join(lines)), "payload": {"contacts": clean(whole[:CARDS_MAX])}}


def _system(raw: msgspec.Raw) -> dict[str, Any]:
    """A changed number: the former name and the new one are the same person."""
    head = msgspec.json.decode(raw, type=shapes.Message)
    given = shapes.body_of(raw, "system", shapes.System)
    fresh = [given.wa_id or given.new_wa_id, given.user_id]
    former = [head.sender, head.from_user_id, given.previous_user_id]
    if not any(fresh):
        return {"text": _words(given.body)}
    identities = [_identity(name) for name in fresh if name]
    known = {one.external_id for one in identities}
    identities += [
        _identity(name, current=False)
        for name in dict.fromkeys(former)
        if name and name not in known
    ]
    return {"text": _words(given.body), "identities": tuple(identities)}


def _file(name: str) -> Any:
    def read(raw: msgspec.Raw) -> dict[str, Any]:
        file = shapes.body_of(raw, name, shapes.File)
        if not file.id or len(file.id) > IDENTITY_CHARS_MAX:
            raise ValueError("no usable media id")
        media = IncomingMedia(
            provider_id=clean(file.id),
            declared_type=clean(file.mime_type)[:NAME_CHARS_MAX],
            original_name=clean(file.filename or "")[:NAME_CHARS_MAX],
            sha256=clean(file.sha256)[:100],
        )
        return {"text": _words(file.caption or ""), "media": media}

    return read


_READERS: dict[str, Any] = {
    "text": _text,
    "location": _location,
    "contacts": _cards,
    "interactive": _interactive,
    "button": _button,
    "reaction": _reaction,
    "system": _system,
    **{kind.value: _file(kind.value) for kind in _FILES},
}


def _status(raw: msgspec.Raw, to: Destination) -> StatusUpdate | Unknown:
    given = msgspec.json.decode(raw, type=shapes.Status)
    if not given.id or len(given.id) > EXTERNAL_ID_CHARS_MAX:
        raise ValueError("no usable message id")
    if given.status not in _REPORTED:
        return Unknown(trouble=Trouble.IGNORED, reason=f"status {given.status[:40]!r}")
    error = given.errors[0] if given.errors else None
    details = error.error_data.details if error and error.error_data else ""
    text = (details or error.message or error.title) if error else ""
    return StatusUpdate(
        external_id=clean(given.id),
        status=DeliveryState(given.status),
        at=_moment(given.timestamp, to.received_at),
        error_code=clean(str(error.code))[:40] if error else "",
        error_text=clean(text)[:NAME_CHARS_MAX],
        message_ref=clean(given.biz_opaque_callback_data or ""),
    )


def _contact_of(head: shapes.Message, contacts: list[shapes.Contact]) -> shapes.Contact | None:
    names = {name for name in (head.sender, head.from_user_id) if name}
    for contact in contacts:
        if names & {contact.wa_id, contact.user_id}:
            return contact
    return contacts[0] if not names and len(contacts) == 1 else None


def _identities(head: shapes.Message, contact: shapes.Contact | None) -> tuple[Identity, ...]:
    names = [head.sender, head.from_user_id]
    if contact is not None:
        names += [contact.wa_id, contact.user_id]
    return tuple(_identity(name) for name in dict.fromkeys(names) if name)


def _identity(name: str, *, current: bool = True) -> Identity:
    if len(name) > IDENTITY_CHARS_MAX:
        raise ValueError("the sender's id is too long")
    kind = AliasKind.BSUID if _BSUID.fullmatch(name) else AliasKind.WA_ID
    return Identity(kind=kind, external_id=clean(name), current=current)


def _profile_name(contact: shapes.Contact | None) -> str:
    name = contact.profile.name if contact and contact.profile else ""
    return str(clean(name or ""))[:NAME_CHARS_MAX]


def _words(text: str) -> str:
    return str(clean(text))[:TEXT_CHARS_MAX]


def _moment(timestamp: str | int, received_at: datetime) -> datetime:
    """The sender's time; ours, when theirs is missing, senseless or ahead of us."""
    try:
        moment = datetime.fromtimestamp(int(timestamp), UTC)
    except (ValueError, OverflowError, OSError):
        return received_at
    return moment if moment <= received_at + CLOCK_SKEW_MAX else received_at
