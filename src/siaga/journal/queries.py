"""The only reads of the journal that other rooms use. Every list has a limit."""

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from siaga.journal import facts
from siaga.journal.models import Deadline, Heartbeat, JournalEntry, PersonalData
from siaga.journal.types import Actor, ActorKind, Entry, EntryView
from siaga.kernel.types import RegionId

TIMELINE_MAX = 200
_CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def timeline(
    region_id: RegionId, subject_id: UUID, *, limit: int = TIMELINE_MAX
) -> list[EntryView]:
    """What happened to one subject, oldest first, told in the active language."""
    rows = JournalEntry.objects.filter(region_id=region_id, subjects__contains=[subject_id])
    return _views(list(rows.order_by("-at", "-seq")[:limit]))[::-1]


def entries(
    region_id: RegionId,
    *,
    before: tuple[datetime, UUID] | None = None,
    names: tuple[str, ...] = (),
    limit: int = TIMELINE_MAX,
) -> list[EntryView]:
    """The journal of a region, newest first; `before` is the (at, id) of the last one seen."""
    rows = JournalEntry.objects.filter(region_id=region_id)
    if names:
        rows = rows.filter(name__in=names)
    if before is not None:
        at, entry_id = before
        rows = rows.filter(at__lte=at).exclude(at=at, id__gte=entry_id)
    return _views(list(rows.order_by("-at", "-id")[:limit]))


def entry(entry_id: UUID) -> Entry[Any] | None:
    """One entry with its fact, or None if absent here or no longer readable."""
    row = JournalEntry.objects.filter(id=entry_id).first()
    if row is None:
        return None
    data = {**row.data, **_personal_of([row]).get(row.id, _absent(row.name))}
    rebuilt = facts.rebuild(row.name, data)
    if rebuilt is None:
        return None
    return Entry(
        id=row.id,
        region_id=RegionId(row.region_id),
        fact=rebuilt,
        at=row.at,
        actor=Actor(ActorKind(row.actor_kind), row.actor_id),
        cause_id=row.cause_id,
    )


def entry_view(region_id: RegionId, entry_id: UUID) -> EntryView | None:
    """One entry as shown on a timeline; None if absent or of another region."""
    found = _views(list(JournalEntry.objects.filter(region_id=region_id, id=entry_id)[:1]))
    return found[0] if found else None


def causes(entry_id: UUID, *, limit: int = 20) -> list[EntryView]:
    """The walk up the parents: what led to this entry, nearest first."""
    found: list[JournalEntry] = []
    row = JournalEntry.objects.filter(id=entry_id).first()
    while row is not None and row.cause_id is not None and len(found) < limit:
        row = JournalEntry.objects.filter(id=row.cause_id).first()
        if row is not None:
            found.append(row)
    return _views(found)


def heartbeats() -> dict[str, datetime]:
    """When each of our own processes was last alive."""
    return dict(Heartbeat.objects.values_list("process", "at"))


def overdue_deadlines(now: datetime, *, limit: int = 100) -> list[tuple[str, UUID, datetime]]:
    """Deadlines past due and still unserved: (name, subject, due_at), oldest first."""
    rows = Deadline.objects.filter(finished_at=None, due_at__lt=now).order_by("due_at")
    return [(row.name, row.subject_id, row.due_at) for row in rows[:limit]]


def _views(rows: list[JournalEntry]) -> list[EntryView]:
    personal = _personal_of(rows)
    return [_view(row, personal.get(row.id)) for row in rows]


def _view(row: JournalEntry, personal: dict[str, Any] | None) -> EntryView:
    forgotten = row.personal_digest is not None and personal is None
    data = {**row.data, **(personal if personal is not None else _absent(row.name))}
    return EntryView(
        id=row.id,
        name=row.name,
        at=row.at,
        actor=Actor(ActorKind(row.actor_kind), row.actor_id),
        cause_id=row.cause_id,
        subjects=tuple(row.subjects),
        data=data,
        sentence=_sentence(row.name, data),
        forgotten=forgotten,
    )


def _absent(name: str) -> dict[str, Any]:
    declared = facts.declared(name)
    return dict.fromkeys(declared.personal, "") if declared else {}


def _sentence(name: str, data: dict[str, Any]) -> str:
    declared = facts.declared(name)
    if declared is None:
        return name
    shown = {key: _said(value) for key, value in data.items()}
    try:
        return _(declared.reads) % shown
    except (KeyError, ValueError):
        return _(declared.reads)


def _said(value: Any) -> Any:
    """A stored code in plain words of the active language; anything else as it is."""
    if value is None:
        return "–"
    if not isinstance(value, str) or not _CODE.fullmatch(value):
        return value
    words = pgettext("code", value)
    return value.replace("_", " ") if words == value else words


def _personal_of(rows: list[JournalEntry]) -> dict[UUID, dict[str, Any]]:
    ids = [row.id for row in rows if row.personal_digest is not None]
    if not ids:
        return {}
    return dict(PersonalData.objects.filter(entry_id__in=ids).values_list("entry_id", "data"))
