"""Who is writing: found by any of their names, joined when two turn out to be one."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
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
    lock_names(
        incoming.region_id, incoming.channel, [one.external_id for one in incoming.identities]
    )
    for _ in range(_TRIES_MAX):
        known = _aliases(incoming)
        person = join({one.correspondent_id for one in known}, by=by, now=now) if known else None
        # While we waited for the lock, another transaction may have merged the person away.
        if known and person is None:
            continue
        if person is None:
            person = Correspondent.objects.create(
                region_id=incoming.region_id, channel=incoming.channel.value
            )
        _add_names(person, known, incoming)
        _freshen(person, incoming)
        return person
    raise Conflict()


def join(ids: set[UUID], *, by: Actor, now: datetime) -> Correspondent | None:
    """Make these one person: the eldest row stays, locked, and takes what the others had.

    None when one of them was merged into somebody meanwhile: look again.
    """
    rows = list(Correspondent.objects.select_for_update().filter(id__in=ids).order_by("id"))
    if not rows or any(row.merged_into_id for row in rows):
        return None
    elder, *younger = rows
    for one in younger:
        _merge(elder, one, by=by, now=now)
    if younger:
        elder.save()
    return elder


def _aliases(incoming: Incoming) -> list[Alias]:
    return list(
        Alias.objects.filter(
            region_id=incoming.region_id,
            channel=incoming.channel,
            external_id__in=[one.external_id for one in incoming.identities],
        )
    )


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


def _add_names(person: Correspondent, aliases: Iterable[Alias], incoming: Incoming) -> None:
    known = {alias.external_id: alias for alias in aliases}
    for one in incoming.identities:
        seen_at = incoming.sent_at if one.current else None
        alias = known.get(one.external_id)
        if alias is None:
            Alias.objects.create(
                region_id=incoming.region_id,
                channel=incoming.channel.value,
                kind=one.kind.value,
                external_id=one.external_id,
                correspondent=person,
                last_seen_at=seen_at,
            )
        elif (latest := _later(alias.last_seen_at, seen_at)) != alias.last_seen_at:
            alias.last_seen_at = latest
            alias.save(update_fields=["last_seen_at"])


def _freshen(person: Correspondent, incoming: Incoming) -> None:
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
    person.save()


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
