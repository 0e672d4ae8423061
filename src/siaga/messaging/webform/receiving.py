"""The web form as a channel: stored only. The citizen reads the answers on the tracking page."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from siaga.journal.types import Actor
from siaga.kernel.geometry import Point
from siaga.kernel.phones import normalize_phone
from siaga.kernel.types import Channel, RegionId
from siaga.messaging.errors import EmptyMessage, MessageTooLong
from siaga.messaging.models import Media
from siaga.messaging.services.receiving import receive
from siaga.messaging.types import AliasKind, Identity, Incoming, MessageKind, Received

TEXT_CHARS_MAX = 8000
NAME_CHARS_MAX = 120
_KINDS = {
    "image": MessageKind.IMAGE,
    "audio": MessageKind.AUDIO,
    "video": MessageKind.VIDEO,
    "application": MessageKind.DOCUMENT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What a citizen sends from the form or the tracking page.

    `key` is who writes: one unguessable word per report, such as its tracking code.
    `submission_id` is made with the page; the same one twice is one message.
    """

    region_id: RegionId
    key: str
    text: str
    submission_id: UUID | None = None
    name: str = ""
    phone: str = ""
    language: str = "id"
    point: Point | None = None
    place_name: str = ""
    media_ids: tuple[UUID, ...] = ()
    contact_id: UUID | None = None


def receive_submission(submission: Submission, *, by: Actor, now: datetime) -> Received:
    """Store it as a message of the channel `web`. Raises EmptyMessage, MessageTooLong."""
    text = submission.text.replace("\x00", "").strip()
    if not text and not submission.media_ids and submission.point is None:
        raise EmptyMessage()
    if len(text) > TEXT_CHARS_MAX:
        raise MessageTooLong(chars_max=TEXT_CHARS_MAX)
    incoming = Incoming(
        region_id=submission.region_id,
        channel=Channel.WEB,
        external_id=f"web.{submission.submission_id}" if submission.submission_id else None,
        identities=(Identity(kind=AliasKind.WEB, external_id=submission.key),),
        kind=_kind(submission, text),
        sent_at=now,
        text=text,
        profile_name=submission.name.replace("\x00", "").strip()[:NAME_CHARS_MAX],
        phone=normalize_phone(submission.phone),
        language=submission.language,
        point=submission.point,
        place_name=submission.place_name.replace("\x00", "").strip(),
        media_ids=submission.media_ids,
        contact_id=submission.contact_id,
    )
    return receive(incoming, by=by, now=now)


def _kind(submission: Submission, text: str) -> MessageKind:
    if text:
        return MessageKind.TEXT
    first = Media.objects.filter(
        region_id=submission.region_id, id__in=submission.media_ids[:1]
    ).first()
    if first is not None:
        return _KINDS.get(first.content_type.split("/")[0], MessageKind.DOCUMENT)
    return MessageKind.LOCATION if submission.point else MessageKind.TEXT
