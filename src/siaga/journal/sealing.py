"""The hash chain: sealed after commit by one process, verified by anyone.

Sealing inside the writing transaction would make every writer queue for the chain's head; one
sealer that follows behind costs nothing. Each region has a chain of its own, so that a region can
take its journal along and prove it.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Literal
from uuid import UUID

from django.db import connection

from siaga.journal.models import JournalEntry, PersonalData, Seal
from siaga.journal.services import personal_digest
from siaga.kernel.tenancy import ALL_REGIONS, acting_in

SEAL_BATCH_MAX = 2_000
VERIFY_BATCH = 2_000
_LOCK = 11_201  # advisory lock: one sealer at a time, whoever leads
GENESIS = hashlib.sha256(b"siaga journal").digest()

_UNSEALED = """
SELECT e.id FROM journal_entry e
WHERE e.xid < pg_snapshot_xmin(pg_current_snapshot())
  AND NOT EXISTS (SELECT 1 FROM journal_seal s WHERE s.entry_id = e.id)
  AND (e.xid, e.seq) > (%s::text::xid8, %s)
ORDER BY e.xid, e.seq
LIMIT %s
"""
_SEALED_UP_TO = """
SELECT e.xid::text, e.seq FROM journal_seal s JOIN journal_entry e ON e.id = s.entry_id
ORDER BY s.id DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """Where a region's chain does not hold."""

    region_id: str
    position: int
    entry_id: UUID | None
    kind: Literal["changed", "missing", "reordered", "personal_changed"]


def entry_hash(previous: bytes, entry: JournalEntry) -> bytes:
    """The link for one entry: everything that must never change, after what stood before."""
    body: dict[str, Any] = {
        "id": str(entry.id),
        "region": entry.region_id,
        "seq": entry.seq,
        "name": entry.name,
        "version": entry.version,
        "at": entry.at.isoformat(),
        "actor": [entry.actor_kind, entry.actor_id],
        "cause": str(entry.cause_id) if entry.cause_id else None,
        "request": entry.request_id,
        "subjects": [str(item) for item in entry.subjects],
        "data": entry.data,
        "personal": bytes(entry.personal_digest).hex() if entry.personal_digest else None,
    }
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(previous + canonical.encode()).digest()


def seal(now: datetime) -> int:
    """Link what has been committed since the last time; returns how many entries were sealed.

    Returns 0 at once when another process is sealing.
    """
    with acting_in(ALL_REGIONS), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_SEALED_UP_TO)
        xid, seq = cursor.fetchone() or ("0", -1)
        cursor.execute(_UNSEALED, [xid, seq, SEAL_BATCH_MAX])
        ids = [row[0] for row in cursor.fetchall()]
        _link(ids, now)
        return len(ids)


def _link(ids: list[UUID], now: datetime) -> None:
    rows = JournalEntry.objects.in_bulk(ids)
    heads: dict[str, tuple[int, bytes]] = {}
    seals = []
    for entry in (rows[entry_id] for entry_id in ids):
        position, previous = heads.get(entry.region_id) or _head(entry.region_id)
        link = entry_hash(previous, entry)
        heads[entry.region_id] = (position + 1, link)
        seals.append(
            Seal(
                region_id=entry.region_id,
                position=position + 1,
                entry_id=entry.id,
                previous_hash=previous,
                hash=link,
                sealed_at=now,
            )
        )
    Seal.objects.bulk_create(seals)


def _head(region_id: str) -> tuple[int, bytes]:
    last = Seal.objects.filter(region_id=region_id).order_by("-position").first()
    return (last.position, bytes(last.hash)) if last else (0, GENESIS)


def head(region_id: str) -> tuple[int, str]:
    """The chain's length and the hex hash of its last link: what one publishes elsewhere."""
    position, last = _head(region_id)
    return position, last.hex()


def verify(region_id: str, *, last: int | None = None) -> Iterator[Flaw]:
    """Walk a region's chain from the start; yield every place where it does not hold.

    With `last` only that many of the newest links: a look in passing, not a proof.
    """
    links = Seal.objects.filter(region_id=region_id)
    expected, previous = 1, GENESIS
    if last is not None:
        expected, previous = _link_before(region_id, last)
        links = links.filter(position__gte=expected)
    walk = links.order_by("position").iterator(VERIFY_BATCH)
    while batch := list(islice(walk, VERIFY_BATCH)):
        entries = JournalEntry.objects.in_bulk([link.entry_id for link in batch])
        personal = PersonalData.objects.in_bulk(list(entries))
        for link in batch:
            if link.position != expected:
                yield Flaw(region_id=region_id, position=expected, entry_id=None, kind="missing")
                expected = link.position
            entry, kept = entries.get(link.entry_id), personal.get(link.entry_id)
            yield from _flaws(link, entry, kept, previous)
            expected, previous = expected + 1, bytes(link.hash)


def _link_before(region_id: str, last: int) -> tuple[int, bytes]:
    """Where the newest `last` links begin, and the hash of the link before them."""
    length, _ = _head(region_id)
    before = Seal.objects.filter(region_id=region_id, position=length - last).first()
    return (before.position + 1, bytes(before.hash)) if before else (1, GENESIS)


def _flaws(
    link: Seal, entry: JournalEntry | None, kept: PersonalData | None, previous: bytes
) -> Iterator[Flaw]:
    def flaw(kind: Literal["changed", "missing", "reordered", "personal_changed"]) -> Flaw:
        return Flaw(
            region_id=link.region_id, position=link.position, entry_id=link.entry_id, kind=kind
        )

    if entry is None:
        yield flaw("missing")
        return
    if bytes(link.previous_hash) != previous:
        yield flaw("reordered")
    if entry_hash(bytes(link.previous_hash), entry) != bytes(link.hash):
        yield flaw("changed")
    if kept and personal_digest(bytes(kept.salt), kept.data) != bytes(entry.personal_digest or b""):
        yield flaw("personal_changed")
