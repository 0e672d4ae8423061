"""Deferred work of messaging: sending, fetching files, and the sweeps that find what was left.

Every job may run twice: the row in the table says whether there is still something to do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job

from siaga.journal.types import Actor
from siaga.kernel import clock
from siaga.kernel.tenancy import ALL_REGIONS, acting_in
from siaga.kernel.types import Channel
from siaga.messaging import rules
from siaga.messaging.media import kinds, storage
from siaga.messaging.models import Alias, Media, Message
from siaga.messaging.services import delivery, inbox, uploads
from siaga.messaging.services.queueing import QUEUE, SEND_TASK, TEMPLATE, defer_send
from siaga.messaging.services.receiving import FETCH_TASK, defer_fetch
from siaga.messaging.services.sending import MARK_READ_TASK
from siaga.messaging.types import AliasKind, DeliveryState, Identity, MediaState, MessageKind
from siaga.messaging.whatsapp.account import account
from siaga.messaging.whatsapp.client import SendError, WhatsAppClient

log = structlog.get_logger(__name__)

# A job that is not there although the row waits: its worker died, or its retries ran out.
SWEEP_AFTER = timedelta(minutes=2)
SWEEP_BATCH = 200
ORPHAN_AFTER = timedelta(days=1)
_CRASH_ATTEMPTS_MAX = 8


class TryLater(Exception):
    """The job is to run again in some seconds; not a fault."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"again in {seconds} s")
        self.seconds = seconds


class Patience(BaseRetryStrategy):
    """As long as the job itself asks for; a few times with growing waits after a crash."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to run again, or None for the sweep to pick the row up later."""
        if isinstance(exception, TryLater):
            return RetryDecision(retry_in={"seconds": exception.seconds})
        if job.attempts >= _CRASH_ATTEMPTS_MAX:
            return None
        seconds = rules.back_off_seconds(job.attempts, rules.SEND_WAIT_SECONDS_MAX)
        return RetryDecision(retry_in={"seconds": seconds})


@dataclass(frozen=True, slots=True)
class _Order:
    """What is to be sent, read in one transaction and carried out outside of it."""

    message_id: UUID
    kind: MessageKind
    text: str
    template: dict[str, Any] | None
    in_reply_to: str
    to: Identity
    attempts: int


@app.task(name=SEND_TASK, queue=QUEUE, retry=Patience())
def send(region_id: str, message_id: str) -> None:
    """Hand one queued message to the provider, once. A permanent refusal is made visible."""
    order = _claim(region_id, UUID(message_id))
    if order is None:
        return
    known = account(region_id)
    by = Actor.job(SEND_TASK)
    if known is None:
        with acting_in(region_id):
            reason = "messaging.channel_unavailable"
            delivery.mark_failed(order.message_id, reason, by=by, now=clock.now())
        return
    try:
        external_id = _carry_out(WhatsAppClient(known), order)
    except SendError as failure:
        _after_refusal(region_id, order, failure)
        return
    with acting_in(region_id):
        delivery.mark_sent(order.message_id, external_id, by=by, now=clock.now())


def _claim(region_id: str, message_id: UUID) -> _Order | None:
    now = clock.now()
    with acting_in(region_id):
        message = Message.objects.select_for_update().filter(id=message_id).first()
        if message is None or message.status != DeliveryState.QUEUED:
            return None
        if message.sending_since is not None:
            silent = int((now - message.sending_since).total_seconds())
            if silent < rules.UNSURE_SECONDS:
                raise TryLater(rules.UNSURE_SECONDS - silent)
        to = _freshest_name(message)
        if to is None:
            delivery.mark_failed(message_id, "no_address", by=Actor.job(SEND_TASK), now=now)
            return None
        message.sending_since = now
        message.attempts += 1
        message.save(update_fields=["sending_since", "attempts"])
        person = message.correspondent
        window = rules.window(Channel(message.channel), person.window_expires_at, now)
        kind = MessageKind(message.kind)
        template = message.payload.get(TEMPLATE)
        if kind is MessageKind.TEXT and template and not window.open:
            kind = MessageKind.TEMPLATE  # it waited in the queue until the window had closed
        return _Order(
            message_id=message.id,
            kind=kind,
            text=message.text,
            template=template,
            in_reply_to=message.in_reply_to,
            to=to,
            attempts=message.attempts,
        )


def _freshest_name(message: Message) -> Identity | None:
    """The name the person last wrote under; a number before a user id, as the provider advises."""
    aliases = Alias.objects.filter(
        region_id=message.region_id, correspondent_id=message.correspondent_id
    )
    known = [one for one in aliases if one.last_seen_at is not None]
    if not known:
        return None
    best = max(known, key=lambda one: (one.last_seen_at, one.kind == AliasKind.WA_ID, one.id))
    return Identity(kind=AliasKind(best.kind), external_id=best.external_id)


def _carry_out(client: WhatsAppClient, order: _Order) -> str:
    reference = str(order.message_id)
    if order.kind is MessageKind.LOCATION_REQUEST:
        return client.send_location_request(order.to, order.text, reference=reference)
    if order.kind is MessageKind.TEMPLATE and order.template:
        return client.send_template(
            order.to,
            order.template["name"],
            order.template["values"],
            language=order.template["language"],
            reference=reference,
        )
    return client.send_text(
        order.to, order.text, reference=reference, in_reply_to=order.in_reply_to
    )


def _after_refusal(region_id: str, order: _Order, failure: SendError) -> None:
    log.warning("messaging.not_sent", message=str(order.message_id), code=failure.code)
    now = clock.now()
    with acting_in(region_id):
        if failure.permanent or order.attempts >= rules.SEND_ATTEMPTS_MAX:
            reason = str(failure) if failure.permanent else f"gave_up {failure}"
            delivery.mark_failed(order.message_id, reason, by=Actor.job(SEND_TASK), now=now)
            return
        if not failure.unsure:
            Message.objects.filter(id=order.message_id).update(sending_since=None)
    seconds = rules.back_off_seconds(order.attempts, rules.SEND_WAIT_SECONDS_MAX)
    raise TryLater(max(seconds, rules.UNSURE_SECONDS) if failure.unsure else seconds)


@app.task(name=MARK_READ_TASK, queue=QUEUE)
def mark_read(region_id: str, external_id: str) -> None:
    """Blue ticks. A courtesy: what fails here is only logged."""
    known = account(region_id)
    if known is None:
        return
    try:
        WhatsAppClient(known).mark_read(external_id)
    except SendError as failure:
        log.info("messaging.not_marked_read", code=failure.code)


@app.task(name=FETCH_TASK, queue=QUEUE, retry=Patience())
def fetch_media(region_id: str, media_id: str) -> None:
    """Fetch an announced file, check it, store it or note why not."""
    with acting_in(region_id):
        media = Media.objects.filter(id=media_id, state=MediaState.PENDING).first()
        if media is None:
            return
        media.attempts += 1
        media.save(update_fields=["attempts"])
    known = account(region_id)
    if known is None:
        _refuse(region_id, media, SendError("no_account", permanent=False))
        return
    try:
        client = WhatsAppClient(known)
        address = client.media_address(media.provider_id)
        if address.size > kinds.ANY_BYTES_MAX:
            raise SendError("too_large", permanent=True)
        data = client.download(address.url, bytes_max=kinds.ANY_BYTES_MAX)
    except SendError as failure:
        _refuse(region_id, media, failure)
        return
    with acting_in(region_id):
        uploads.settle_media(media.id, data, by=Actor.job(FETCH_TASK), now=clock.now())


def _refuse(region_id: str, media: Media, failure: SendError) -> None:
    log.warning("messaging.not_fetched", media=str(media.id), code=failure.code)
    if not failure.permanent and media.attempts < rules.FETCH_ATTEMPTS_MAX:
        raise TryLater(rules.back_off_seconds(media.attempts, rules.SEND_WAIT_SECONDS_MAX))
    if failure.code == "too_large":
        reason = "too_large"
    else:
        reason = "gone" if failure.permanent else "unfetchable"
    with acting_in(region_id):
        uploads.reject_media(media.id, reason, by=Actor.job(FETCH_TASK), now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="messaging.sweep", queue=QUEUE, queueing_lock="messaging.sweep")
def sweep(timestamp: int) -> None:
    """Put waiting messages and files whose job is gone back into the queue."""
    before = clock.now() - SWEEP_AFTER
    with acting_in(ALL_REGIONS):
        unsent = Message.objects.filter(status=DeliveryState.QUEUED, recorded_at__lt=before)
        for message in unsent.order_by("id")[:SWEEP_BATCH]:
            _again(partial(defer_send, message))
        unfetched = Media.objects.filter(
            state=MediaState.PENDING, created_at__lt=before, message__isnull=False
        )
        for media in unfetched.order_by("id")[:SWEEP_BATCH]:
            _again(partial(defer_fetch, media))


def _again(defer: Callable[[], None]) -> None:
    try:
        with transaction.atomic():
            defer()
    except AlreadyEnqueued:
        pass  # its job is waiting for its turn


@app.periodic(cron="17 2 * * *")
@app.task(name="messaging.tidy", queue=QUEUE, queueing_lock="messaging.tidy")
def tidy(timestamp: int) -> None:
    """Throw out old read deliveries, and files that no row points to."""
    now = clock.now()
    with acting_in(ALL_REGIONS):
        inbox.clear_inbound(now=now)
        for relative in storage.older_than(now - ORPHAN_AFTER):
            if not Media.objects.filter(path=relative).exists():
                storage.discard(relative)
