"""Reads of recordings: frozen values, behind guarded doors."""

from collections.abc import Iterable
from uuid import UUID

import structlog

from siaga.accounts.types import Permission, Viewer
from siaga.kernel.errors import Forbidden, NotFound
from siaga.kernel.types import RegionId
from siaga.telephony import models
from siaga.telephony.recordings import store
from siaga.telephony.recordings.types import RecordingState, RecordingView
from siaga.telephony.recordings.vault import Damaged, Sealed
from siaga.telephony.types import CallId

ABOUT_MAX = 20
_log = structlog.get_logger(__name__)


def recording_for(viewer: Viewer, call_id: UUID) -> RecordingView:
    """The guarded door: Forbidden without the permission, NotFound if absent or elsewhere.

    Whoever shows it asks intake for its contact first: who may not see that may not hear this.
    A call out of the house that is about no contact is for those who may hold recordings.
    """
    if not viewer.may(Permission.RECORDINGS_READ):
        raise Forbidden
    row = models.Recording.objects.filter(region_id=viewer.region_id, call_id=call_id).first()
    if row is None or (row.contact_id is None and not viewer.may(Permission.RECORDINGS_HOLD)):
        raise NotFound
    return _view(row)


def about(viewer: Viewer, contact_id: UUID) -> list[RecordingView]:
    """The recordings of a contact's own call and of the calls back, the oldest first.

    Empty without the permission: a page shows nothing then.
    """
    if not viewer.may(Permission.RECORDINGS_READ):
        return []
    rows = models.Recording.objects.filter(region_id=viewer.region_id, contact_id=contact_id)
    return [_view(row) for row in rows.order_by("recorded_at")[:ABOUT_MAX]]


def states(region_id: RegionId, call_ids: Iterable[UUID]) -> dict[UUID, RecordingView]:
    """What became of the sound of these calls; as many as the asker names."""
    rows = models.Recording.objects.filter(region_id=region_id, call_id__in=list(call_ids))
    return {row.call_id: _view(row) for row in rows}


def sound_of(recording: RecordingView) -> Sealed:
    """The sound itself, to be read in parts. NotFound if there is none (any more), or damaged."""
    if recording.state is not RecordingState.READY:
        raise NotFound
    sealed = store.sealed(recording.name, call_id=recording.call_id)
    try:
        whole = sealed.length() == recording.size
    except (Damaged, OSError) as problem:
        _log.error("telephony.recording_damaged", call=str(recording.call_id), problem=str(problem))
        raise NotFound from problem
    if not whole:
        raise NotFound
    return sealed


def _view(row: models.Recording) -> RecordingView:
    return RecordingView(
        call_id=CallId(row.call_id),
        region_id=RegionId(row.region_id),
        contact_id=row.contact_id,
        state=RecordingState(row.state),
        recorded_at=row.recorded_at,
        is_outgoing=row.is_outgoing,
        kept_at=row.kept_at,
        name=row.name,
        size=row.size,
        sha256=row.sha256,
        seconds=row.seconds,
        sound_seconds=row.sound_seconds,
        peaks=bytes(row.peaks),
        parts=tuple(filter(None, row.parts.split(","))),
        held_at=row.held_at,
        held_by=row.held_by,
        hold_reason=row.hold_reason,
        removed_at=row.removed_at,
        is_noise=row.is_noise,
    )
