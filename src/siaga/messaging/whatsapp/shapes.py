"""The provider's JSON, only the fields we read. Whatever else comes is ignored, not refused.

Lists hold raw pieces, so that one broken message does not take its neighbours with it.
"""

from functools import cache
from typing import Any

import msgspec


class Metadata(msgspec.Struct):
    phone_number_id: str = ""
    display_phone_number: str = ""


class Value(msgspec.Struct):
    metadata: Metadata
    contacts: list[msgspec.Raw] = []
    messages: list[msgspec.Raw] = []
    statuses: list[msgspec.Raw] = []


class Change(msgspec.Struct):
    value: msgspec.Raw
    field: str = ""


class Entry(msgspec.Struct):
    id: str = ""
    changes: list[msgspec.Raw] = []


class Envelope(msgspec.Struct):
    object: str
    entry: list[msgspec.Raw]


class Profile(msgspec.Struct):
    name: str | None = None
    username: str | None = None


class Contact(msgspec.Struct):
    wa_id: str | None = None
    user_id: str | None = None
    profile: Profile | None = None


class Context(msgspec.Struct):
    id: str | None = None


class Message(msgspec.Struct):
    """What every message has, whatever its type."""

    id: str
    timestamp: str | int = ""
    type: str = "unknown"
    sender: str | None = msgspec.field(default=None, name="from")
    from_user_id: str | None = None
    context: Context | None = None


class Text(msgspec.Struct):
    body: str


class File(msgspec.Struct):
    id: str
    mime_type: str = ""
    sha256: str = ""
    caption: str | None = None
    filename: str | None = None


class Location(msgspec.Struct):
    latitude: float
    longitude: float
    name: str | None = None
    address: str | None = None


class Reaction(msgspec.Struct):
    message_id: str
    emoji: str = ""


class Button(msgspec.Struct):
    text: str = ""
    payload: str = ""


class Reply(msgspec.Struct):
    id: str = ""
    title: str = ""
    description: str | None = None


class FlowReply(msgspec.Struct):
    body: str = ""


class Interactive(msgspec.Struct):
    type: str = ""
    button_reply: Reply | None = None
    list_reply: Reply | None = None
    nfm_reply: FlowReply | None = None


class System(msgspec.Struct):
    body: str = ""
    type: str = ""
    wa_id: str | None = None
    new_wa_id: str | None = None
    user_id: str | None = None
    previous_user_id: str | None = None


class CardName(msgspec.Struct):
    formatted_name: str = ""


class CardPhone(msgspec.Struct):
    phone: str | None = None
    wa_id: str | None = None


class Card(msgspec.Struct):
    name: CardName | None = None
    phones: list[CardPhone] = []


class ErrorData(msgspec.Struct):
    details: str = ""


class Error(msgspec.Struct):
    code: int | str = ""
    title: str = ""
    message: str = ""
    error_data: ErrorData | None = None


class Status(msgspec.Struct):
    id: str
    status: str
    timestamp: str | int = ""
    recipient_id: str | None = None
    recipient_user_id: str | None = None
    errors: list[Error] = []
    biz_opaque_callback_data: str | None = None


@cache
def _holder(name: str, shape: Any) -> type[msgspec.Struct]:
    return msgspec.defstruct("Holder", [(name, shape)])


def body_of(raw: msgspec.Raw, name: str, shape: Any) -> Any:
    """The part of a message that its type announces; ValidationError if it is not there."""
    return getattr(msgspec.json.decode(raw, type=_holder(name, shape)), name)
