"""How far our messages have come. States only move forward, in whatever order they are told."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from siaga.journal import services as journal
from siaga.journal.types import Actor
from siaga.kernel.ids import new_id
from siaga.kernel.types import Channel, RegionId
from siaga.messaging import rules
from siaga.messaging.events import DeliveryChanged, DeliveryFailed, MessageSent
from siaga.messaging.models import Message, MessageStatus
from siaga.messaging.services.correspondents import lock_names
from siaga.messaging.services.queueing import TEMPLATE, queue_copy
from siaga.messaging.types import DeliveryState, Direction, MessageKind, StatusUpdate

# The provider's word for "the 24 hours are over"; it may come long after we handed it over.
WINDOW_CLOSED_CODE = "131047"

_UPSERT = """
    INSERT INTO messaging_message_status
        (id, region_id, channel, external_id, status, at, error)
    VALUES (%s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (region_id, channel, external_id, status) DO UPDATE SET
        at = LEAST(messaging_message_status.at, EXCLUDED.at),
        error = GREATEST(messaging_message_status.error, EXCLUDED.error)
"""


def record_status(
    region_id: RegionId, channel: Channel, update: StatusUpdate, *, by: Actor, now: datetime
) -> None:
    """Note what the provider said; the message follows if that is a step forward.

    A status may come before we have noted the provider's id of the message: it is kept and
    applied then.
    """
    error = " ".join(part for part in (update.error_code, update.error_text) if part)
    with transaction.atomic():
        lock_names(region_id, channel, [update.external_id])
        with connection.cursor() as cursor:
            cursor.execute(
                _UPSERT,
                [
                    *(new_id(), region_id, channel.value, update.external_id),
                    *(update.status.value, update.at, error),
                ],
            )
        message = _message_of(region_id, channel, update)
        if message is not None:
            _follow(message, by=by, now=now)


def mark_sent(message_id: UUID, external_id: str, *, by: Actor, now: datetime) -> None:
    """The provider took the message and gave it an id."""
    with transaction.atomic():
        message = Message.objects.get(id=message_id)
        # The same order as in `record_status`: first the name, then the row.
        lock_names(message.region_id, message.channel, [external_id])
        message = Message.objects.select_for_update().get(id=message_id)
        if message.external_id is None:
            message.external_id = external_id
        _sent(message, by=by, now=now)
        _follow(message, by=by, now=now)


def mark_failed(message_id: UUID, reason: str, *, by: Actor, now: datetime) -> None:
    """Given up; a person must see it. Does nothing when the message did go out after all."""
    with transaction.atomic():
        message = Message.objects.select_for_update().get(id=message_id)
        if rules.is_ahead(DeliveryState.FAILED, DeliveryState(message.status)):
            _fail(message, reason, by=by, now=now)


def resend(message_id: UUID, *, by: Actor, now: datetime) -> UUID | None:
    """Queue a failed message once more, as a new one. None when it did not fail."""
    with transaction.atomic():
        message = Message.objects.select_for_update().get(id=message_id)
        if message.status != DeliveryState.FAILED:
            return None
        return queue_copy(message, MessageKind(message.kind), by=by, now=now).id


def _message_of(region_id: str, channel: str, update: StatusUpdate) -> Message | None:
    outgoing = Message.objects.select_for_update().filter(
        region_id=region_id, channel=channel, direction=Direction.OUT
    )
    found = outgoing.filter(external_id=update.external_id).first()
    if found is not None:
        return found
    # The worker died between handing the message over and noting its id.
    try:
        own_id = UUID(update.message_ref)
    except ValueError:
        return None
    found = outgoing.filter(id=own_id, external_id__isnull=True).first()
    if found is not None:
        found.external_id = update.external_id
    return found


def _follow(message: Message, *, by: Actor, now: datetime) -> None:
    told = {
        DeliveryState(row.status): row
        for row in MessageStatus.objects.filter(
            region_id=message.region_id,
            channel=message.channel,
            external_id=message.external_id,
        )
    }
    target = rules.farthest(told)
    if not rules.is_ahead(target, DeliveryState(message.status)):
        message.save(update_fields=["external_id"])
        return
    if target is DeliveryState.FAILED:
        _fail(message, told[target].error or "failed", by=by, now=now)
        return
    message.status, message.error, message.sending_since = target.value, "", None
    message.save(update_fields=["external_id", "status", "error", "sending_since"])
    journal.record(
        DeliveryChanged(
            message_id=message.id,
            correspondent_id=message.correspondent_id,
            status=target.value,
            contact_id=message.contact_id,
        ),
        region_id=RegionId(message.region_id),
        by=by,
        now=now,
    )


def _sent(message: Message, *, by: Actor, now: datetime) -> None:
    if not rules.is_ahead(DeliveryState.SENT, DeliveryState(message.status)):
        message.save(update_fields=["external_id"])
        return
    message.status, message.sending_since = DeliveryState.SENT.value, None
    message.save(update_fields=["external_id", "status", "sending_since"])
    tell_sent(message, by=by, now=now)


def tell_sent(message: Message, *, by: Actor, now: datetime) -> None:
    """Record `messaging.message_sent`."""
    journal.record(
        MessageSent(
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


def _fail(message: Message, reason: str, *, by: Actor, now: datetime) -> None:
    message.status, message.error, message.sending_since = "failed", reason[:300], None
    message.save(update_fields=["external_id", "status", "error", "sending_since"])
    code = reason.split(" ", 1)[0]
    journal.record(
        DeliveryFailed(
            message_id=message.id,
            correspondent_id=message.correspondent_id,
            reason=code[:40],
            contact_id=message.contact_id,
        ),
        region_id=RegionId(message.region_id),
        by=by,
        now=now,
    )
    is_late = code == WINDOW_CLOSED_CODE and message.kind == MessageKind.TEXT
    if is_late and TEMPLATE in message.payload:
        # A notice whose free words came too late goes out once more as its template.
        queue_copy(message, MessageKind.TEMPLATE, by=by, now=now)
