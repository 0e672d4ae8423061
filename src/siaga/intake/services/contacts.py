"""Contacts: opened, written to again, claimed without a race, given back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from siaga.intake import events, rules
from siaga.intake.errors import AlreadyClaimed, AlreadyEnded, NotYourContact
from siaga.intake.models import Contact, Report
from siaga.intake.services.outcomes import take_back
from siaga.intake.services.rows import (
    CLOCKS,
    locked_contact,
    person_of,
    watch,
    watch_hold,
)
from siaga.intake.types import Approach, ContactId, ContactState, ReportState
from siaga.journal import deadlines
from siaga.journal import services as journal
from siaga.journal.types import Actor, Entry
from siaga.kernel.errors import NotFound
from siaga.kernel.ids import new_id
from siaga.kernel.types import Channel, RegionId
from siaga.messaging import queries as messaging_queries
from siaga.messaging import services as messaging
from siaga.messaging.events import CorrespondentsMerged, MessageReceived
from siaga.messaging.types import MessageKind
from siaga.telephony.events import CallOffered

# They say something about a message or an account; by themselves they are no approach.
_SILENT_KINDS = {MessageKind.REACTION, MessageKind.SYSTEM}
_UNFINISHED = {ReportState.RECEIVED, ReportState.IN_TRIAGE, ReportState.ATTACHED}
_OUTCOME = ("state", "disposition", "disposition_note", "disposed_at", "disposed_by", "claimed_by")
_LATEST = """
    SELECT * FROM intake_contact WHERE region_id = %s AND correspondent_id = %s
    ORDER BY received_at DESC LIMIT 1 FOR UPDATE
"""
# The reason of a return that nobody asked for, as the journal keeps it.
SILENT = "screen_silent"
_TOUCHED = ("last_activity_at", "unread", "preview", "lat", "lng", "rank", "waiting_since")


def open_contact(approach: Approach, *, region_id: RegionId, by: Actor, now: datetime) -> ContactId:
    """Somebody approached: a contact waits for a person from the moment they came."""
    came_at = approach.came_at or now
    contact = Contact.objects.create(
        id=approach.contact_id or new_id(),
        region_id=region_id,
        channel=approach.channel,
        correspondent_id=approach.correspondent_id,
        phone=approach.phone,
        display_name=approach.display_name[:120],
        preview=rules.preview_of(approach.preview),
        language=approach.language,
        lat=approach.point.lat if approach.point else None,
        lng=approach.point.lng if approach.point else None,
        rank=rules.rank_of(approach.channel, approach.preview),
        received_at=came_at,
        last_activity_at=came_at,
        waiting_since=came_at,
        unread=1,
        type_code=approach.type_code,
        confidential=approach.confidential,
        # In the demo everything is an exercise; figures leave it out everywhere else.
        is_test=approach.is_test or settings.SIAGA_DEMO,
    )
    journal.record(
        events.ContactOpened(
            contact_id=contact.id,
            correspondent_id=approach.correspondent_id,
            channel=approach.channel,
            is_test=contact.is_test,
        ),
        region_id=region_id,
        by=by,
        now=now,
    )
    watch(contact, now)
    return ContactId(contact.id)


def message_received(entry: Entry[MessageReceived]) -> None:
    """A citizen's message is stored: it opens a contact, or joins the one under way."""
    fact = entry.fact
    message = messaging_queries.words(entry.region_id, fact.message_id)
    contact, report_id = _contact_for(entry)
    if contact is None:
        if message.kind in _SILENT_KINDS:
            return
        person = messaging_queries.correspondent(entry.region_id, fact.correspondent_id)
        contact_id = open_contact(
            Approach(
                channel=Channel(fact.channel),
                correspondent_id=fact.correspondent_id,
                phone=person.phones[0] if person.phones else None,
                display_name=person.profile_name,
                preview=message.text or message.place_name,
                language=person.language or "id",
                point=message.point,
            ),
            region_id=entry.region_id,
            by=entry.actor,
            now=entry.at,
        )
    else:
        contact_id = ContactId(contact.id)
        if message.kind not in _SILENT_KINDS:
            add_message(contact, message, report_id, by=entry.actor, now=entry.at)
    messaging.attach([fact.message_id], contact_id, by=entry.actor, now=entry.at)


def call_offered(entry: Entry[CallOffered]) -> None:
    """The telephone rang for us: however short the call, it is a contact until somebody ends it."""
    call = entry.fact
    if Contact.objects.filter(id=call.call_id).exists():
        return
    open_contact(
        Approach(
            channel=Channel.PHONE,
            phone=call.phone,
            contact_id=call.call_id,
            came_at=call.presented_at,
            is_test=call.is_test,
        ),
        region_id=entry.region_id,
        by=entry.actor,
        now=entry.at,
    )


def correspondents_merged(entry: Entry[CorrespondentsMerged]) -> None:
    """Two channel identities were one person: their contacts belong together."""
    for model in (Contact, Report):
        model.objects.filter(
            region_id=entry.region_id, correspondent_id=entry.fact.merged_id
        ).update(correspondent_id=entry.fact.correspondent_id)


def _contact_for(entry: Entry[MessageReceived]) -> tuple[Contact | None, UUID | None]:
    """The contact this message belongs to, open or its report still unanswered; and that report."""
    if entry.fact.contact_id is not None:
        named = Contact.objects.select_for_update().filter(region_id=entry.region_id)
        contact = named.filter(id=entry.fact.contact_id).first()
    else:
        # Messaging holds the person's row locked, so two messages cannot open two contacts.
        latest = Contact.objects.raw(_LATEST, [entry.region_id, entry.fact.correspondent_id])
        contact = next(iter(latest), None)
    if contact is None:
        return None, None
    # Looked at after the lock: a colleague may just have made the report.
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, state FROM intake_report WHERE contact_id = %s", [contact.id])
        report_id, state = cursor.fetchone() or (None, None)
    wanted = entry.fact.contact_id is not None or rules.is_open(ContactState(contact.state))
    return (contact, report_id) if wanted or state in _UNFINISHED else (None, None)


def add_message(
    contact: Contact, message: Any, report_id: UUID | None, *, by: Actor, now: datetime
) -> None:
    """A further message of the same person; it waits for a person too.

    Whoever writes again after the end was not done: the outcome is taken back.
    """
    touched: tuple[str, ...] = _TOUCHED
    if contact.state == ContactState.DISPOSED:
        take_back(contact, ContactState.WAITING, by=by, now=now)
        contact.claimed_by, touched = None, _TOUCHED + _OUTCOME
    contact.last_activity_at = now
    contact.unread += 1
    contact.preview = rules.preview_of(message.text) or contact.preview
    if message.point is not None:
        contact.lat, contact.lng = message.point.lat, message.point.lng
    is_reply = contact.state == ContactState.REPORTED
    contact.rank = min(contact.rank, rules.rank_of(Channel(contact.channel), message.text))
    if contact.waiting_since is None and contact.state != ContactState.CLAIMED:
        contact.waiting_since = now
        contact.rank = rules.rank_of(Channel(contact.channel), message.text, is_reply=is_reply)
        watch(contact, now)
    contact.save(update_fields=touched)
    journal.record(
        events.ContactMessageAdded(
            contact_id=contact.id, message_id=message.id, report_id=report_id
        ),
        region_id=RegionId(contact.region_id),
        by=by,
        now=now,
    )


def claim(contact_id: ContactId, *, region_id: RegionId, by: Actor, now: datetime) -> None:
    """Take a waiting contact in hand. Of two who try, exactly one succeeds.

    A contact that already became a report keeps its state; claiming it means reading the reply.
    """
    with transaction.atomic():
        waiting = Contact.objects.filter(
            id=contact_id, region_id=region_id, waiting_since__isnull=False
        )
        person_id = person_of(by)
        held = waiting.filter(state=ContactState.WAITING).update(
            state=ContactState.CLAIMED,
            claimed_by=person_id,
            claimed_at=now,
            claim_seen_at=now,
            waiting_since=None,
            unread=0,
        )
        read = waiting.filter(state=ContactState.REPORTED).update(
            claimed_by=person_id, claimed_at=now, waiting_since=None, unread=0
        )
        if not held and not read:
            _raise_why_not(contact_id, region_id, by)
            return
        deadlines.cancel_deadlines(region_id, contact_id, now=now, names=CLOCKS)
        if held:
            watch_hold(contact_id, region_id, now)
        journal.record(
            events.ContactClaimed(contact_id=contact_id, person_id=person_id),
            region_id=region_id,
            by=by,
            now=now,
        )


def take_over(contact_id: ContactId, *, region_id: RegionId, by: Actor, now: datetime) -> None:
    """Take a claimed contact from a colleague, agreed on or because their screen went silent."""
    with transaction.atomic():
        contact = locked_contact(contact_id, region_id)
        if contact.state == ContactState.WAITING:
            claim(contact_id, region_id=region_id, by=by, now=now)
            return
        if contact.state == ContactState.DISPOSED:
            raise AlreadyEnded
        former = contact.claimed_by
        contact.claimed_by, contact.claimed_at, contact.claim_seen_at = person_of(by), now, now
        contact.save(update_fields=["claimed_by", "claimed_at", "claim_seen_at"])
        deadlines.cancel_deadlines(region_id, contact_id, now=now, names=CLOCKS)
        if contact.state == ContactState.CLAIMED:
            watch_hold(contact_id, region_id, now)
        journal.record(
            events.ContactTakenOver(
                contact_id=contact_id, person_id=person_of(by), from_person_id=former
            ),
            region_id=region_id,
            by=by,
            now=now,
        )


def release(
    contact_id: ContactId, *, region_id: RegionId, reason: str, by: Actor, now: datetime
) -> None:
    """Give a claimed contact back to the queue; it waits since it first came."""
    with transaction.atomic():
        contact = locked_contact(contact_id, region_id)
        if contact.state != ContactState.CLAIMED:
            raise NotYourContact
        holder = contact.claimed_by
        contact.state, contact.waiting_since = ContactState.WAITING, contact.received_at
        contact.claimed_by = contact.claimed_at = contact.claim_seen_at = None
        contact.save()
        deadlines.cancel_deadlines(region_id, contact_id, now=now, names=CLOCKS)
        watch(contact, now)
        journal.record(
            events.ContactReleased(contact_id=contact_id, person_id=holder, reason=reason),
            region_id=region_id,
            by=by,
            now=now,
        )


def return_from_silence(contact_id: UUID, *, region_id: RegionId, now: datetime) -> None:
    """The deadline came: a contact in hands that have long been silent waits for others again."""
    with transaction.atomic():
        contact = locked_contact(ContactId(contact_id), region_id)
        if contact.state != ContactState.CLAIMED:
            return
        seen_at = contact.claim_seen_at or contact.claimed_at or contact.received_at
        if now < rules.claim_returns_at(seen_at):
            watch_hold(contact_id, region_id, seen_at)
            return
        release(
            ContactId(contact_id),
            region_id=region_id,
            reason=SILENT,
            by=Actor.system("clock"),
            now=now,
        )


def mark_seen(contact_id: ContactId, *, region_id: RegionId, by: Actor, now: datetime) -> bool:
    """The holder's screen is alive; False tells it that somebody else holds the contact now."""
    return (
        Contact.objects.filter(
            id=contact_id,
            region_id=region_id,
            claimed_by=person_of(by),
            state__in=(ContactState.CLAIMED, ContactState.REPORTED),
        ).update(claim_seen_at=now, unread=0)
        == 1
    )


def waited_too_long(contact_id: UUID, *, region_id: RegionId, now: datetime) -> None:
    """The deadline came and nobody has taken the contact: the supervisor must know."""
    contact = Contact.objects.filter(id=contact_id, region_id=region_id).first()
    if contact is None or contact.waiting_since is None:
        return
    journal.record(
        events.ContactWaitsLong(
            contact_id=contact_id, seconds=int((now - contact.waiting_since).total_seconds())
        ),
        region_id=region_id,
        by=Actor.system("clock"),
        now=now,
    )
    watch(contact, now)


def _raise_why_not(contact_id: ContactId, region_id: RegionId, by: Actor) -> None:
    contact = Contact.objects.filter(id=contact_id, region_id=region_id).first()
    if contact is None:
        raise NotFound
    if contact.state == ContactState.DISPOSED:
        raise AlreadyEnded
    if contact.claimed_by != by.person_id:
        raise AlreadyClaimed(contact_id=contact_id)
