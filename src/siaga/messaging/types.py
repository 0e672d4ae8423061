"""Words and frozen values of messaging. Knows nobody."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

from siaga.kernel.geometry import Point
from siaga.kernel.types import Channel


class InboundState(StrEnum):
    NEW = "new"
    DONE = "done"
    FAILED = "failed"
    QUARANTINED = "quarantined"


class AliasKind(StrEnum):
    WA_ID = "wa_id"
    BSUID = "bsuid"
    WEB = "web"
    HANDLE = "handle"


class Direction(StrEnum):
    IN = "in"
    OUT = "out"


class MessageKind(StrEnum):
    TEXT = "text"
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    DOCUMENT = "document"
    STICKER = "sticker"
    LOCATION = "location"
    CONTACTS = "contacts"
    INTERACTIVE = "interactive"
    BUTTON = "button"
    REACTION = "reaction"
    SYSTEM = "system"
    TEMPLATE = "template"
    LOCATION_REQUEST = "location_request"
    UNKNOWN = "unknown"


class DeliveryState(StrEnum):
    """How far an outgoing message has come. Incoming messages have none."""

    NONE = ""
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    DELIVERED = "delivered"
    READ = "read"
    PLAYED = "played"


class MediaState(StrEnum):
    PENDING = "pending"
    STORED = "stored"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """One name a person goes by on a channel: (channel, external id), never a number alone."""

    kind: AliasKind
    external_id: str
    # False for a former name (an old number): it leads to the person, but is not written to.
    current: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingMedia:
    """A file announced by a provider and not fetched yet."""

    provider_id: str
    declared_type: str = ""
    original_name: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One message from a citizen, whatever the channel. `sent_at` is the sender's time."""

    region_id: str
    channel: Channel
    external_id: str | None
    identities: tuple[Identity, ...]
    kind: MessageKind
    sent_at: datetime
    text: str = ""
    profile_name: str = ""
    phone: str | None = None
    language: str = ""
    point: Point | None = None
    place_name: str = ""
    in_reply_to: str = ""
    media: IncomingMedia | None = None
    media_ids: tuple[UUID, ...] = ()
    payload: dict[str, Any] = field(default_factory=dict)
    contact_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What `receive` did. `created` is False when the message was known already."""

    message_id: UUID
    correspondent_id: UUID
    created: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusUpdate:
    """What a provider says about a message of ours; `message_ref` is our own id of it, given
    back to us."""

    external_id: str
    status: DeliveryState
    at: datetime
    error_code: str = ""
    error_text: str = ""
    message_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A message the house owes a citizen: words for an open conversation, and the name and
    values of the approved template that says the same when the conversation has closed."""

    text: str
    template: str
    values: tuple[str, ...] = ()
    language: str = "id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Whether free text may be sent now, and until when. Channels without a window are open
    with no end."""

    open: bool
    expires_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaView:
    id: UUID
    region_id: str
    message_id: UUID | None
    state: MediaState
    content_type: str
    size: int
    sha256: str
    original_name: str
    reason: str
    path: Path | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    id: UUID
    region_id: str
    correspondent_id: UUID
    contact_id: UUID | None
    channel: Channel
    direction: Direction
    kind: MessageKind
    external_id: str | None
    text: str
    point: Point | None
    place_name: str
    in_reply_to: str
    status: DeliveryState
    error: str
    author_kind: str
    author_id: str
    at: datetime
    recorded_at: datetime
    media: tuple[MediaView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrespondentView:
    id: UUID
    region_id: str
    channel: Channel
    profile_name: str
    phones: tuple[str, ...]
    language: str
    window_expires_at: datetime | None
    last_inbound_at: datetime | None
