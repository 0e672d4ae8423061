"""Reads of the call-back list: frozen values, always with a limit."""

from collections.abc import Iterable
from uuid import UUID

from siaga.accounts.types import Permission, Viewer
from siaga.kernel.errors import Forbidden, NotFound
from siaga.kernel.types import RegionId
from siaga.telephony import models
from siaga.telephony.callbacks.types import CallbackEnd, CallbackView, CallbackWhy

LIST_MAX = 200


def open_callbacks(viewer: Viewer, *, limit: int = LIST_MAX) -> list[CallbackView]:
    """Everybody who is to be called back, the oldest first; `rules.order` sorts them."""
    if not viewer.may(Permission.CONTACTS_READ):
        raise Forbidden
    rows = models.Callback.objects.filter(region_id=viewer.region_id, closed_at=None)
    return _views(rows.order_by("opened_at").prefetch_related("calls")[: min(limit, LIST_MAX)])


def callback_for(viewer: Viewer, callback_id: UUID) -> CallbackView:
    """The guarded door: NotFound if absent or in another region."""
    if not viewer.may(Permission.CONTACTS_READ):
        raise Forbidden
    rows = models.Callback.objects.filter(region_id=viewer.region_id, id=callback_id)
    found = _views(rows.prefetch_related("calls")[:1])
    if not found:
        raise NotFound
    return found[0]


def callback_of(region_id: RegionId, contact_id: UUID) -> CallbackView | None:
    """The to-do that a call belongs to, open or settled."""
    rows = models.Callback.objects.filter(region_id=region_id, calls__call_id=contact_id)
    found = _views(rows.prefetch_related("calls")[:1])
    return found[0] if found else None


def open_count(region_id: RegionId) -> int:
    """How many are open."""
    return models.Callback.objects.filter(region_id=region_id, closed_at=None).count()


def _views(rows: Iterable[models.Callback]) -> list[CallbackView]:
    return [
        CallbackView(
            id=row.id,
            region_id=RegionId(row.region_id),
            phone=row.phone,
            number=row.number,
            why=CallbackWhy(row.why),
            contacts=tuple(
                call.call_id for call in sorted(row.calls.all(), key=lambda one: one.at)
            ),
            tries=row.tries,
            waited_seconds=row.waited_seconds,
            cannot_speak=row.cannot_speak,
            opened_at=row.opened_at,
            last_at=row.last_at,
            attempts=row.attempts,
            attempted_at=row.attempted_at,
            attempt_answered=row.attempt_answered,
            closed_at=row.closed_at,
            closed_how=CallbackEnd(row.closed_how) if row.closed_how else None,
            closed_by=row.closed_by,
            note=row.note,
            is_test=row.is_test,
        )
        for row in rows
    ]
