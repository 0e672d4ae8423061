"""Who is writing: found by any of their names, joined when two turn out to be one."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from siaga.journal import services as journal
from siaga.journal.types import Actor
from siaga.kernel.errors import Conflict, NotFound
from siaga.kernel.types import RegionId
from siaga.messaging import rules
from siaga.messaging.events import CorrespondentsMerged
from siaga.messaging.models import Alias, Correspondent, Message
from siaga.messaging.types import Incoming

_TRIES_MAX = 5
_OWN = (
    "phones",
    "profile_name",
    "profile_name_at",
    "language",
    "last_inbound_at",
    "window_expires_at",
)

# Read for every message, so one look takes the names and their persons, locked, elder first.
_NAMED = """
    SELECT person.*, alias.id AS alias_id, alias.external_id AS known_as,
        alias.last_seen_at AS known_as_at
    FROM messaging_alias alias JOIN messaging_correspondent person
        ON person.id = alias.correspondent_id
    WHERE alias.region_id = %s AND alias.channel = %s AND alias.external_id = ANY(%s)
    ORDER BY person.id
    FOR UPDATE OF person
"""


def lock_names(region_id: str, channel: str, names: Iterable[str]) -> None:
    """Hold these external ids until the transaction ends, in one order for everybody."""
    keys = sorted(_lock_key(f"{region_id}\n{channel}\n{name}") for name in names)
    with connection.cursor() as cursor:
        for key in keys:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def _lock_key(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big", signed=True)


def locked(correspondent_id: UUID) -> Correspondent:
    """The person's present row, locked; follows a merge. NotFound when there is none."""
    wanted = correspondent_id
    for _ in range(_TRIES_MAX):
        row = Correspondent.objects.select_for_update().filter(id=wanted).first()
        if row is None:
            raise NotFound()
        if row.merged_into_id is None:
            return row
        wanted = row.merged_into_id
    raise Conflict()


def correspondent_for(incoming: Incoming, *, by: Actor, now: datetime) -> Correspondent:
    """The sender's row, locked and brought up to date; made when nobody is known by the names."""
    names = [one.external_id for one in incoming.identities]
    lock_names(incoming.region_id, incoming.channel, names)
    for _ in range(_TRIES_MAX):
        known = _named(incoming, names)
        person = _one_of(known, by=by, now=now) if known else None
        # While we waited for the lock, another transaction may have merged the person away.
        if known and person is None:
            continue
        if person is None:
            person = Correspondent(region_id=incoming.region_id, channel=incoming.channel.value)
        _freshen(person, incoming)
        _add_names(person, known, incoming)
        return person
    raise Conflict()


def join(ids: set[UUID], *, by: Actor, now: datetime) -> Correspondent | None:
    """Make these one person: the eldest row stays, locked, and takes what the others had.

    None when one of them was merged into somebody meanwhile: look again.
    """
    rows = Correspondent.objects.select_for_update().filter(id__in=ids).order_by("id")
    return _one_of(list(rows), by=by, now=now)


def _one_of(rows: list[Correspondent], *, by: Actor, now: datetime) -> Correspondent | None:
    """`join` of rows that are locked already, elder first; the same one may come twice."""
    if not rows or any(row.merged_into_id for row in rows):
        return None
    elder, *younger = {row.id: row for row in rows}.values()
    for one in younger:
        _merge(elder, one, by=by, now=now)
    if younger:
        elder.save()
    return elder


def _named(incoming: Incoming, names: list[str]) -> list[Correspondent]:
    """Who is known by these names, locked; a row for each name, which is its `known_as`."""
    values = [incoming.region_id, incoming.channel.value, names]
    return list(Correspondent.objects.raw(_NAMED, values))


def _merge(elder: Correspondent, younger: Correspondent, *, by: Actor, now: datetime) -> None:
    Message.objects.filter(region_id=elder.region_id, correspondent=younger).update(
        correspondent=elder
    )
    Alias.objects.filter(region_id=elder.region_id, correspondent=younger).update(
        correspondent=elder
    )
    Correspondent.objects.filter(merged_into=younger).update(merged_into=elder)
    elder.phones = sorted({*elder.phones, *younger.phones})
    elder.last_inbound_at = _later(elder.last_inbound_at, younger.last_inbound_at)
    elder.window_expires_at = _later(elder.window_expires_at, younger.window_expires_at)
    elder.language = elder.language or younger.language
    _take_name(elder, younger.profile_name, younger.profile_name_at)
    younger.merged_into = elder
    younger.save(update_fields=["merged_into"])
    journal.record(
        CorrespondentsMerged(correspondent_id=elder.id, merged_id=younger.id),
        region_id=RegionId(elder.region_id),
        by=by,
        now=now,
    )


def _add_names(person: Correspondent, known: Iterable[Any], incoming: Incoming) -> None:
    seen_before = {row.known_as: row for row in known}
    for one in incoming.identities:
        seen_at = incoming.sent_at if one.current else None
        row = seen_before.get(one.external_id)
        if row is None:
            Alias.objects.create(
                region_id=incoming.region_id,
                channel=incoming.channel.value,
                kind=one.kind.value,
                external_id=one.external_id,
                correspondent=person,
                last_seen_at=seen_at,
            )
        elif (latest := _later(row.known_as_at, seen_at)) != row.known_as_at:
            Alias.objects.filter(id=row.alias_id).update(last_seen_at=latest)


def _freshen(person: Correspondent, incoming: Incoming) -> None:
    before = {name: getattr(person, name) for name in _OWN}
    if incoming.phone and incoming.phone not in person.phones:
        person.phones = sorted({*person.phones, incoming.phone})
    if incoming.language:
        person.language = incoming.language
    _take_name(person, incoming.profile_name, incoming.sent_at)
    if incoming.kind in rules.OPENS_WINDOW:
        person.last_inbound_at = _later(person.last_inbound_at, incoming.sent_at)
        if incoming.channel in rules.CHANNELS_WITH_WINDOW:
            ends = incoming.sent_at + rules.WINDOW
            person.window_expires_at = _later(person.window_expires_at, ends)
    if person._state.adding:
        person.save()
    elif changed := [name for name, value in before.items() if getattr(person, name) != value]:
        person.save(update_fields=changed)


def _take_name(person: Correspondent, name: str, at: datetime | None) -> None:
    """The latest name wins; of two from the same second, the same one whatever the order."""
    if not name or at is None:
        return
    present = (
        person.profile_name_at or datetime.min.replace(tzinfo=at.tzinfo),
        person.profile_name,
    )
    if (at, name) > present:
        person.profile_name, person.profile_name_at = name, at


def _later(a: datetime | None, b: datetime | None) -> datetime | None:
    return max((one for one in (a, b) if one is not None), default=None)
