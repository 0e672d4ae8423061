"""The only reads that others use. Frozen values, guarded by region, always with a limit."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Count, Min, Q

from siaga.kernel.errors import NotFound
from siaga.kernel.geometry import Point
from siaga.kernel.types import Channel, RegionId
from siaga.messaging import rules
from siaga.messaging.media import storage
from siaga.messaging.models import Correspondent, Inbound, Media, Message
from siaga.messaging.types import (
    CorrespondentView,
    DeliveryState,
    Direction,
    InboundState,
    MediaState,
    MediaView,
    MessageKind,
    MessageView,
    Window,
)

LIMIT_MAX = 200
_WORDS = """
    SELECT kind, text, place_name, lat, lng FROM messaging_message
    WHERE region_id = %s AND id = %s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundTrouble:
    """A delivery that could not be read; the raw body stays in the table."""

    id: int
    region_id: str
    door: str
    state: InboundState
    error: str
    attempts: int
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageWords:
    """What a message says, without its files and its way."""

    id: UUID
    kind: MessageKind
    text: str
    place_name: str
    point: Point | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundHealth:
    """How the drain stands: waiting rows, the age of the oldest, and what needs a person."""

    waiting: int
    oldest_waiting_at: datetime | None
    failed: int
    quarantined: int


def conversation(
    region_id: RegionId,
    *,
    correspondent_id: UUID | None = None,
    contact_id: UUID | None = None,
    before: MessageView | None = None,
    limit: int = 50,
) -> list[MessageView]:
    """Messages both ways, the latest `limit` of them, oldest first. Media included.

    Give a correspondent or a contact. `before` is the oldest message already shown.
    """
    rows = Message.objects.filter(region_id=region_id)
    if correspondent_id is not None:
        rows = rows.filter(correspondent_id=_present_id(region_id, correspondent_id))
    if contact_id is not None:
        rows = rows.filter(contact_id=contact_id)
    if correspondent_id is None and contact_id is None:
        return []
    if before is not None:
        rows = rows.filter(Q(at__lt=before.at) | Q(at=before.at, id__lt=before.id))
    found = list(rows.order_by("-at", "-id")[: _bounded(limit)])
    return _message_views(reversed(found))


def message(region_id: RegionId, message_id: UUID) -> MessageView:
    """One message. NotFound."""
    row = Message.objects.filter(region_id=region_id, id=message_id).first()
    if row is None:
        raise NotFound()
    return _message_views([row])[0]


def words(region_id: RegionId, message_id: UUID) -> MessageWords:
    """What one message says, for those who look at each that comes in. NotFound."""
    with connection.cursor() as cursor:
        cursor.execute(_WORDS, [region_id, message_id])
        row = cursor.fetchone()
    if row is None:
        raise NotFound()
    kind, text, place_name, lat, lng = row
    return MessageWords(
        id=message_id,
        kind=MessageKind(kind),
        text=text,
        place_name=place_name,
        point=Point(lat, lng) if lat is not None and lng is not None else None,
    )


def search(
    region_id: RegionId,
    *,
    words: str = "",
    external_id: str | None = None,
    contact_id: UUID | None = None,
    before_id: UUID | None = None,
    limit: int = 50,
) -> list[MessageView]:
    """Messages of the region, latest first; page on with the last one's id.

    `words` finds any part of the text, whatever the case.
    """
    rows = Message.objects.filter(region_id=region_id)
    if external_id is not None:
        rows = rows.filter(external_id=external_id)
    if contact_id is not None:
        rows = rows.filter(contact_id=contact_id)
    if words and (external_id is not None or contact_id is not None):
        rows = rows.filter(text__icontains=words)
    elif words:
        rows = rows.filter(id__in=_ids_with(region_id, words, before_id, _bounded(limit)))
    if before_id is not None:
        rows = rows.filter(id__lt=before_id)
    return _message_views(rows.order_by("-id")[: _bounded(limit)])


def failed_deliveries(
    region_id: RegionId, *, since: datetime, limit: int = 50
) -> list[MessageView]:
    """What could not be delivered to citizens since a moment, latest first."""
    # Ids begin with the millisecond, so the index of the newest bounds the search.
    first = UUID(int=int(since.timestamp() * 1000) << 80)
    rows = Message.objects.filter(
        region_id=region_id, id__gte=first, status=DeliveryState.FAILED.value
    )
    return _message_views(rows.order_by("-id")[: _bounded(limit)])


def window(correspondent_id: UUID, now: datetime) -> Window:
    """Whether free text may be sent now, and until when. NotFound."""
    row = _present(Correspondent.objects.filter(id=correspondent_id).first())
    return rules.window(Channel(row.channel), row.window_expires_at, now)


def correspondent(region_id: RegionId, correspondent_id: UUID) -> CorrespondentView:
    """The person behind a conversation. NotFound."""
    found = Correspondent.objects.filter(region_id=region_id, id=correspondent_id).first()
    return _correspondent_view(_present(found))


def correspondents(
    region_id: RegionId, correspondent_ids: Iterable[UUID]
) -> dict[UUID, CorrespondentView]:
    """Several persons at once, by the id that was asked for; at most 200."""
    wanted = list(correspondent_ids)[:LIMIT_MAX]
    rows = Correspondent.objects.select_related("merged_into").filter(
        region_id=region_id, id__in=wanted
    )
    return {row.id: _correspondent_view(row.merged_into or row) for row in rows}


def correspondents_with_phone(
    region_id: RegionId, phone: str, *, limit: int = 20
) -> list[CorrespondentView]:
    """Everybody known under this E.164 number, whatever the channel, latest first."""
    rows = Correspondent.objects.filter(
        region_id=region_id, phones__contains=[phone], merged_into__isnull=True
    )
    latest = rows.order_by("-last_inbound_at", "-id")[: _bounded(limit)]
    return [_correspondent_view(row) for row in latest]


def media(region_id: RegionId, media_id: UUID) -> MediaView:
    """A file and where it lies, for a guarded door to serve. NotFound."""
    row = Media.objects.filter(region_id=region_id, id=media_id).first()
    if row is None:
        raise NotFound()
    return _media_view(row)


def media_of(region_id: RegionId, media_ids: Iterable[UUID]) -> list[MediaView]:
    """Several files, in no order; at most 200."""
    wanted = list(media_ids)[:LIMIT_MAX]
    return [_media_view(row) for row in Media.objects.filter(region_id=region_id, id__in=wanted)]


def inbound_troubles(region_id: RegionId, *, limit: int = 50) -> list[InboundTrouble]:
    """Deliveries that somebody should look at, latest first."""
    rows = Inbound.objects.filter(
        region_id=region_id, state__in=[InboundState.FAILED, InboundState.QUARANTINED]
    ).defer("body")
    return [
        InboundTrouble(
            id=row.id,
            region_id=row.region_id,
            door=row.door,
            state=InboundState(row.state),
            error=row.error,
            attempts=row.attempts,
            received_at=row.received_at,
        )
        for row in rows.order_by("-id")[: _bounded(limit)]
    ]


def inbound_health() -> InboundHealth:
    """The drain's state over all regions that the present scope may see."""
    waiting = Inbound.objects.filter(state=InboundState.NEW).aggregate(
        count=Count("id"), oldest=Min("received_at")
    )
    troubled = Inbound.objects.filter(
        state__in=[InboundState.FAILED, InboundState.QUARANTINED]
    ).values_list("state")
    counts = dict(troubled.annotate(Count("id")).order_by())
    return InboundHealth(
        waiting=waiting["count"],
        oldest_waiting_at=waiting["oldest"],
        failed=counts.get(InboundState.FAILED.value, 0),
        quarantined=counts.get(InboundState.QUARANTINED.value, 0),
    )


def _ids_with(region_id: str, words: str, before_id: UUID | None, limit: int) -> list[UUID]:
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT messaging_search(%s, %s, %s, %s)",
            [region_id, f"%{escaped}%", before_id, limit],
        )
        return [row[0] for row in cursor.fetchall()]


def _present_id(region_id: str, correspondent_id: UUID) -> UUID:
    found = Correspondent.objects.filter(region_id=region_id, id=correspondent_id).first()
    if found is None:
        return correspondent_id
    return found.merged_into_id or found.id


def _present(row: Correspondent | None) -> Correspondent:
    if row is None:
        raise NotFound()
    return row.merged_into or row


def _bounded(limit: int) -> int:
    return max(1, min(limit, LIMIT_MAX))


def _correspondent_view(row: Correspondent) -> CorrespondentView:
    return CorrespondentView(
        id=row.id,
        region_id=row.region_id,
        channel=Channel(row.channel),
        profile_name=row.profile_name,
        phones=tuple(row.phones),
        language=row.language,
        window_expires_at=row.window_expires_at,
        last_inbound_at=row.last_inbound_at,
    )


def _message_views(rows: Iterable[Message]) -> list[MessageView]:
    listed = list(rows)
    files: defaultdict[UUID | None, list[MediaView]] = defaultdict(list)
    if listed:
        found = Media.objects.filter(
            region_id=listed[0].region_id, message__in=[row.id for row in listed]
        )
        for file in found.order_by("id"):
            files[file.message_id].append(_media_view(file))
    return [_message_view(row, tuple(files[row.id])) for row in listed]


def _message_view(row: Message, files: tuple[MediaView, ...]) -> MessageView:
    point = Point(row.lat, row.lng) if row.lat is not None and row.lng is not None else None
    return MessageView(
        id=row.id,
        region_id=row.region_id,
        correspondent_id=row.correspondent_id,
        contact_id=row.contact_id,
        channel=Channel(row.channel),
        direction=Direction(row.direction),
        kind=MessageKind(row.kind),
        external_id=row.external_id,
        text=row.text,
        point=point,
        place_name=row.place_name,
        in_reply_to=row.in_reply_to,
        status=DeliveryState(row.status),
        error=row.error,
        author_kind=row.author_kind,
        author_id=row.author_id,
        at=row.at,
        recorded_at=row.recorded_at,
        media=files,
    )


def _media_view(row: Media) -> MediaView:
    return MediaView(
        id=row.id,
        region_id=row.region_id,
        message_id=row.message_id,
        state=MediaState(row.state),
        content_type=row.content_type,
        size=row.size,
        sha256=row.sha256,
        original_name=row.original_name,
        reason=row.reason,
        path=storage.locate(row.path) if row.state == MediaState.STORED else None,
        created_at=row.created_at,
    )
