"""Reads of telephony: frozen values, always with a limit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from siaga.accounts.types import Permission, Viewer
from siaga.kernel.errors import Forbidden, NotFound
from siaga.kernel.types import RegionId
from siaga.telephony import models
from siaga.telephony.services.calllog import contact_of
from siaga.telephony.types import CallId, CallOutcome

LIST_MAX = 201  # a page of the API, and one more that tells whether it is the last


@dataclass(frozen=True, slots=True, kw_only=True)
class CallView:
    """One call; times are Asterisk's own, `phone` is E.164 or None."""

    id: CallId
    region_id: RegionId
    linked_id: str
    number: str
    phone: str | None
    is_callback: bool
    presented_at: datetime
    queued_at: datetime | None
    ringing_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    position: int | None
    overflow: str
    cannot_speak: bool
    positions_lost: int
    cut_off: bool
    contact_id: UUID | None
    """A call's contact has its own id; a call back is about the contact it was made for."""
    outcome: CallOutcome | None
    is_test: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReading:
    """How far Asterisk's record has been read, and what could not be."""

    name: str
    bad_lines: int
    last_problem: str
    offset: int
    """In bytes, from the beginning of the present file."""


def calls(
    viewer: Viewer, *, before: tuple[datetime, UUID] | None = None, limit: int = 50
) -> list[CallView]:
    """Calls of the viewer's region, newest first; `before` is (presented_at, id) of the last."""
    if not viewer.may(Permission.CONTACTS_READ):
        raise Forbidden
    rows = models.Call.objects.filter(region_id=viewer.region_id)
    if before is not None:
        at, last = before
        rows = rows.filter(presented_at__lte=at).exclude(presented_at=at, id__gte=last)
    return [_view(row) for row in rows.order_by("-presented_at", "-id")[: min(limit, LIST_MAX)]]


def call_for(viewer: Viewer, call_id: UUID) -> CallView:
    """The guarded door: NotFound if absent or in another region."""
    if not viewer.may(Permission.CONTACTS_READ):
        raise Forbidden
    row = models.Call.objects.filter(region_id=viewer.region_id, id=call_id).first()
    if row is None:
        raise NotFound
    return _view(row)


def could_not_speak(region_id: RegionId, call_ids: Iterable[UUID]) -> set[UUID]:
    """Those of these calls in which 5 5 was pressed."""
    rows = models.Call.objects.filter(region_id=region_id, id__in=list(call_ids), cannot_speak=True)
    return set(rows.values_list("id", flat=True))


def calls_under_way(region_id: RegionId, *, limit: int = 50) -> list[CallView]:
    """Calls that have not ended, the oldest first."""
    rows = models.Call.objects.filter(region_id=region_id, ended_at=None)
    return [_view(row) for row in rows.order_by("presented_at")[: min(limit, LIST_MAX)]]


def record_reading() -> list[RecordReading]:
    """One for each record file that is followed."""
    return [
        RecordReading(
            name=row.name,
            bad_lines=row.bad_lines,
            last_problem=row.last_problem,
            offset=row.offset,
        )
        for row in models.CelCursor.objects.order_by("name")[:LIST_MAX]
    ]


def _view(row: models.Call) -> CallView:
    return CallView(
        id=CallId(row.id),
        region_id=RegionId(row.region_id),
        linked_id=row.linked_id,
        number=row.number,
        phone=row.phone,
        is_callback=row.is_callback,
        presented_at=row.presented_at,
        queued_at=row.queued_at,
        ringing_at=row.ringing_at,
        answered_at=row.answered_at,
        ended_at=row.ended_at,
        position=row.position,
        overflow=row.overflow,
        cannot_speak=row.cannot_speak,
        positions_lost=row.positions_lost,
        cut_off=row.cut_off,
        contact_id=contact_of(row),
        outcome=CallOutcome(row.outcome) if row.outcome else None,
        is_test=row.is_test,
    )
