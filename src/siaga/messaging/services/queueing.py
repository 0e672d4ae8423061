"""An outgoing message is stored first; a stored, queued row is the order to send it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from procrastinate.contrib.django import app as jobs

from siaga.journal import services as journal
from siaga.journal.types import Actor
from siaga.kernel.types import Channel, RegionId
from siaga.messaging.events import MessageQueued
from siaga.messaging.models import Correspondent, Message
from siaga.messaging.types import DeliveryState, Direction, MessageKind

SEND_TASK = "messaging.send"
QUEUE = "messaging"
TEMPLATE = "template"


def store_outgoing(
    person: Correspondent,
    kind: MessageKind,
    values: Mapping[str, Any],
    *,
    by: Actor,
    now: datetime,
) -> Message:
    """Write the row and say so; `values` are further columns."""
    message = Message.objects.create(
        region_id=person.region_id,
        channel=person.channel,
        correspondent=person,
        direction=Direction.OUT.value,
        kind=kind.value,
        status=DeliveryState.QUEUED.value,
        at=now,
        recorded_at=now,
        author_kind=by.kind.value,
        author_id=by.id,
        **values,
    )
    journal.record(
        MessageQueued(
            message_id=message.id,
            correspondent_id=person.id,
            channel=message.channel,
            kind=message.kind,
            contact_id=message.contact_id,
        ),
        region_id=RegionId(message.region_id),
        by=by,
        now=now,
    )
    return message


def defer_send(message: Message) -> None:
    """Put the sending in the queue, after earlier messages to the same person."""
    if message.channel == Channel.WEB:
        return
    jobs.configure_task(
        SEND_TASK,
        queue=QUEUE,
        lock=f"send:{message.correspondent_id}",
        queueing_lock=f"send:{message.id}",
    ).defer(region_id=message.region_id, message_id=str(message.id))


def queue_copy(message: Message, kind: MessageKind, *, by: Actor, now: datetime) -> Message:
    """Send what failed once more, as a new message."""
    values = {
        "text": message.text,
        "in_reply_to": message.in_reply_to,
        "payload": message.payload,
        "contact_id": message.contact_id,
        "report_id": message.report_id,
        "incident_id": message.incident_id,
    }
    copy = store_outgoing(message.correspondent, kind, values, by=by, now=now)
    defer_send(copy)
    return copy
