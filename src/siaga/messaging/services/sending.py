"""The centre writes to a citizen."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app as jobs

from siaga.journal.types import Actor
from siaga.kernel.types import Channel
from siaga.messaging import channels, rules
from siaga.messaging.errors import ChannelUnavailable, EmptyMessage, MessageTooLong, WindowClosed
from siaga.messaging.models import Correspondent, Message
from siaga.messaging.services import delivery
from siaga.messaging.services.correspondents import locked
from siaga.messaging.services.queueing import QUEUE, TEMPLATE, defer_send, store_outgoing
from siaga.messaging.types import DeliveryState, Direction, MessageKind, Notice

MARK_READ_TASK = "messaging.mark_read"


def send_text(
    correspondent_id: UUID,
    text: str,
    *,
    by: Actor,
    now: datetime,
    contact_id: UUID | None = None,
    in_reply_to: str = "",
) -> UUID:
    """Queue free words; returns the message's id.

    Raises EmptyMessage, MessageTooLong, WindowClosed (24 hours after the citizen's last message),
    ChannelUnavailable, NotFound.
    """
    words = _checked(text)
    with transaction.atomic():
        person = locked(correspondent_id)
        _ensure_open(person, now)
        _ensure_account(person)
        values = {"text": words, "contact_id": contact_id, "in_reply_to": in_reply_to}
        return _hand_over(person, MessageKind.TEXT, values, by=by, now=now)


def send_notice(
    correspondent_id: UUID,
    notice: Notice,
    *,
    by: Actor,
    now: datetime,
    contact_id: UUID | None = None,
) -> UUID:
    """Tell the citizen something, as free words inside the 24 hours, else as the template.

    Never raises for the state of the channel: where nothing can be sent, the message is stored
    as failed and `messaging.delivery_failed` makes it a person's business.
    """
    words = _checked(notice.text)
    template = {
        "name": notice.template,
        "values": list(notice.values),
        "language": notice.language,
    }
    with transaction.atomic():
        person = locked(correspondent_id)
        present = rules.window(Channel(person.channel), person.window_expires_at, now)
        free = rules.way_of_notice(present) is rules.Way.FREE
        kind = MessageKind.TEXT if free else MessageKind.TEMPLATE
        values = {"text": words, "contact_id": contact_id, "payload": {TEMPLATE: template}}
        return _hand_over(person, kind, values, by=by, now=now)


def request_location(
    correspondent_id: UUID,
    text: str,
    *,
    by: Actor,
    now: datetime,
    contact_id: UUID | None = None,
) -> UUID:
    """Ask for the position with a button in the citizen's chat. Raises as `send_text` does."""
    words = _checked(text)
    with transaction.atomic():
        person = locked(correspondent_id)
        _ensure_open(person, now)
        _ensure_account(person)
        values = {"text": words, "contact_id": contact_id}
        return _hand_over(person, MessageKind.LOCATION_REQUEST, values, by=by, now=now)


def mark_read(correspondent_id: UUID, *, by: Actor, now: datetime) -> None:
    """Show the citizen that a person has read their messages, where the channel can."""
    with transaction.atomic():
        person = locked(correspondent_id)
        newest = (
            Message.objects.filter(
                region_id=person.region_id,
                correspondent=person,
                direction=Direction.IN,
                external_id__isnull=False,
            )
            .order_by("-at", "-id")
            .first()
        )
        if newest is None or person.channel != Channel.WHATSAPP:
            return
        jobs.configure_task(MARK_READ_TASK, queue=QUEUE).defer(
            region_id=person.region_id, external_id=newest.external_id
        )


def _hand_over(
    person: Correspondent,
    kind: MessageKind,
    values: Mapping[str, object],
    *,
    by: Actor,
    now: datetime,
) -> UUID:
    message = store_outgoing(person, kind, values, by=by, now=now)
    if person.channel == Channel.WEB:
        # The tracking page reads the table: written is shown.
        message.status = DeliveryState.SENT.value
        message.save(update_fields=["status"])
        delivery.tell_sent(message, by=by, now=now)
    elif _has_account(person):
        defer_send(message)
    else:
        delivery.mark_failed(message.id, ChannelUnavailable.code, by=by, now=now)
    return message.id


def _checked(text: str) -> str:
    words = text.replace("\x00", "").strip()
    if not words:
        raise EmptyMessage()
    if len(words) > rules.TEXT_CHARS_MAX:
        raise MessageTooLong(chars_max=rules.TEXT_CHARS_MAX)
    return words


def _ensure_open(person: Correspondent, now: datetime) -> None:
    present = rules.window(Channel(person.channel), person.window_expires_at, now)
    if not present.open:
        raise WindowClosed(correspondent_id=person.id)


def _ensure_account(person: Correspondent) -> None:
    if not _has_account(person):
        raise ChannelUnavailable(channel=person.channel)


def _has_account(person: Correspondent) -> bool:
    return channels.can_send(Channel(person.channel), person.region_id)
