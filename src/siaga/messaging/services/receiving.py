"""A citizen's message comes in, whatever the channel."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from procrastinate.contrib.django import app as jobs

from siaga.journal import services as journal
from siaga.journal.types import Actor
from siaga.kernel.types import RegionId
from siaga.messaging.events import MessageReceived
from siaga.messaging.models import Correspondent, Media, Message
from siaga.messaging.services.correspondents import correspondent_for, join
from siaga.messaging.types import Direction, Incoming, Received

FETCH_TASK = "messaging.fetch_media"
QUEUE = "messaging"
# Both are run for every message that comes in.
_STORED = """
    SELECT id, correspondent_id FROM messaging_message
    WHERE region_id = %s AND channel = %s AND external_id = %s
"""
_ATTACH = """
    UPDATE messaging_message SET contact_id = %s, report_id = COALESCE(%s, report_id),
        incident_id = COALESCE(%s, incident_id)
    WHERE id = ANY(%s::uuid[])
"""


def receive(incoming: Incoming, *, by: Actor, now: datetime) -> Received:
    """Store a citizen's message once and say `messaging.message_received`.

    The same (region, channel, external id) a second time changes nothing and is not told again.
    Uploads named in `media_ids` are joined to the message.
    """
    with transaction.atomic(savepoint=False):
        person = correspondent_for(incoming, by=by, now=now)
        known = _known(incoming)
        if known is None:
            message = _store(incoming, person, by=by, now=now)
            _with_files(message, incoming)
            _tell(message, by=by, now=now)
            return Received(message_id=message.id, correspondent_id=person.id, created=True)
        message_id, writer_id = known
        if writer_id != person.id:
            # One message under two names: both names are the same person.
            person = join({writer_id, person.id}, by=by, now=now) or person
        return Received(message_id=message_id, correspondent_id=person.id, created=False)


def attach(
    message_ids: Iterable[UUID],
    contact_id: UUID,
    *,
    by: Actor,
    now: datetime,
    report_id: UUID | None = None,
    incident_id: UUID | None = None,
) -> int:
    """Put messages under a contact (and, as hints, a report or an incident). Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_ATTACH, [contact_id, report_id, incident_id, list(message_ids)])
        return int(cursor.rowcount)


def _known(incoming: Incoming) -> tuple[UUID, UUID] | None:
    """The message and its writer, if it was stored before."""
    if incoming.external_id is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_STORED, [incoming.region_id, incoming.channel.value, incoming.external_id])
        found: tuple[UUID, UUID] | None = cursor.fetchone()
    return found


def _store(incoming: Incoming, person: Correspondent, *, by: Actor, now: datetime) -> Message:
    point = incoming.point
    return Message.objects.create(
        region_id=incoming.region_id,
        channel=incoming.channel.value,
        external_id=incoming.external_id,
        correspondent=person,
        direction=Direction.IN.value,
        kind=incoming.kind.value,
        text=incoming.text,
        lat=point.lat if point else None,
        lng=point.lng if point else None,
        place_name=incoming.place_name,
        in_reply_to=incoming.in_reply_to,
        payload=incoming.payload,
        at=incoming.sent_at,
        recorded_at=now,
        author_kind=by.kind.value,
        author_id=by.id,
        contact_id=incoming.contact_id,
    )


def _with_files(message: Message, incoming: Incoming) -> None:
    if incoming.media_ids:
        Media.objects.filter(
            region_id=message.region_id, id__in=incoming.media_ids, message__isnull=True
        ).update(message=message)
    if incoming.media is None:
        return
    media = Media.objects.create(
        region_id=message.region_id,
        message=message,
        provider_id=incoming.media.provider_id,
        declared_type=incoming.media.declared_type,
        declared_sha256=incoming.media.sha256,
        original_name=incoming.media.original_name,
    )
    defer_fetch(media)


def defer_fetch(media: Media) -> None:
    """Put the fetching of an announced file in the queue."""
    jobs.configure_task(FETCH_TASK, queue=QUEUE, queueing_lock=f"media:{media.id}").defer(
        region_id=media.region_id, media_id=str(media.id)
    )


def _tell(message: Message, *, by: Actor, now: datetime) -> None:
    journal.record(
        MessageReceived(
            message_id=message.id,
            correspondent_id=message.correspondent_id,
            channel=message.channel,
            kind=message.kind,
            contact_id=message.contact_id,
        ),
        region_id=RegionId(message.region_id),
        by=by,
        now=now,
    )
