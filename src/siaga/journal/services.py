"""The only writes of the journal: record a fact, forget a person."""

import hashlib
import json
import secrets
from contextvars import ContextVar
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from procrastinate.contrib.django import app as jobs
from psycopg.types.json import Jsonb

from siaga.journal import waking
from siaga.journal.facts import Fact, declaration_of, split, subjects_of
from siaga.journal.models import JournalEntry, PersonalData
from siaga.journal.subscribing import all_subscriptions
from siaga.journal.types import Actor, Entry
from siaga.kernel.ids import new_id
from siaga.kernel.observability import request_id
from siaga.kernel.types import RegionId

DELIVER_TASK = "journal.deliver"
_SALT_BYTES = 16

# Every action of the house writes here; composing this anew took twice as long as carrying it out.
_INSERT = """
    INSERT INTO journal_entry (id, region_id, name, version, at, actor_kind, actor_id, cause_id,
        request_id, subjects, data, personal_digest)
    VALUES (%(id)s, %(region_id)s, %(name)s, %(version)s, %(at)s, %(actor_kind)s, %(actor_id)s,
        %(cause_id)s, %(request_id)s, %(subjects)s, %(data)s, %(personal_digest)s)
"""

# The entry being handled: facts recorded by a subscriber name it as their cause by themselves.
_present_cause: ContextVar[UUID | None] = ContextVar("siaga_cause", default=None)


def record(
    one: Fact, *, region_id: RegionId, by: Actor, now: datetime, cause: UUID | None = None
) -> Entry[Any]:
    """Write a fact in the running transaction, run and defer its subscribers.

    Raises RuntimeError outside a transaction, because a fact without its state would be a lie.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a fact is recorded in the transaction that changes the state")
    entry = Entry(
        id=new_id(),
        region_id=region_id,
        fact=one,
        at=now,
        actor=by,
        cause_id=cause or _present_cause.get(),
    )
    _write(entry)
    transaction.on_commit(waking.wake)
    _tell(entry)
    return entry


def personal_digest(salt: bytes, personal: dict[str, Any]) -> bytes:
    """What the chain keeps of personal data: enough to prove, too little to know."""
    canonical = json.dumps(personal, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(salt + canonical.encode()).digest()


def _write(entry: Entry[Any]) -> None:
    declared = declaration_of(entry.fact)
    data, personal = split(entry.fact)
    salt = secrets.token_bytes(_SALT_BYTES)
    columns: dict[str, Any] = {
        "id": entry.id,
        "region_id": entry.region_id,
        "name": declared.name,
        "version": declared.version,
        "at": entry.at,
        "actor_kind": entry.actor.kind.value,
        "actor_id": entry.actor.id,
        "cause_id": entry.cause_id,
        "request_id": request_id.get() or "",
        "subjects": subjects_of(entry.fact),
        "data": Jsonb(data),
        "personal_digest": personal_digest(salt, personal) if personal else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, columns)
    if personal:
        PersonalData.objects.create(
            entry_id=entry.id, region_id=entry.region_id, salt=salt, data=personal
        )


def _tell(entry: Entry[Any]) -> None:
    for subscription in all_subscriptions().get(declaration_of(entry.fact).name, ()):
        if subscription.deferred:
            jobs.configure_task(DELIVER_TASK, queue="journal").defer(
                entry_id=str(entry.id),
                region_id=entry.region_id,
                handler=subscription.path,
                request=request_id.get(),
            )
        else:
            handle(subscription.handler, entry)


def handle(handler: Any, entry: Entry[Any]) -> None:
    """Run a subscriber so that the facts it records name this entry as their cause."""
    token = _present_cause.set(entry.id)
    try:
        handler(entry)
    finally:
        _present_cause.reset(token)


def forget(subject_id: UUID, *, region_id: RegionId) -> int:
    """Destroy the personal part of every entry about this subject; returns how many.

    The chain stays whole: it holds salted digests only, and the salt goes with the data.
    """
    entries = JournalEntry.objects.filter(region_id=region_id, subjects__contains=[subject_id])
    ids = list(entries.values_list("id", flat=True))
    deleted, _ = PersonalData.objects.filter(region_id=region_id, entry_id__in=ids).delete()
    return deleted
