"""Calls: read only; what may be done with one is done with its contact."""

from typing import Any
from uuid import UUID

from django.http.response import HttpResponseBase
from django.urls import reverse
from ninja import Router

from siaga.accounts.types import Permission
from siaga.intake import queries as intake_queries
from siaga.kernel import clock
from siaga.kernel.errors import NotFound
from siaga.telephony import queries
from siaga.telephony.queries import CallView
from siaga.telephony.recordings import queries as recordings
from siaga.telephony.recordings import services as listening
from siaga.telephony.recordings.types import RecordingState, RecordingView
from siaga.web.api.guard import ApiRequest, operation, viewer_of
from siaga.web.api.pages import LIMIT_DEFAULT, Page, bounded, page, read_cursor
from siaga.web.api.schemas import CallOut, RecordingDetailOut
from siaga.web.shared import sound as shared_sound

router = Router(tags=["calls"])
_STEPS = ("presented", "queued", "ringing", "answered", "ended")
_SAME = (
    "id", "number", "phone", "is_callback", "position", "overflow", "cannot_speak", "cut_off",
    "outcome", "is_test",
)  # fmt: skip


@router.get("calls", response=Page[CallOut])
@operation(Permission.CONTACTS_READ)
def calls(request: ApiRequest, cursor: str = "", limit: int = LIMIT_DEFAULT) -> Any:
    """Every offered call, newest first; a call's contact has the call's own id."""
    viewer = viewer_of(request)
    found = queries.calls(viewer, before=read_cursor(cursor), limit=bounded(limit) + 1)
    answer = page(request, found, limit, at="presented_at")
    return answer | {"items": _shown(request, answer["items"])}


@router.get("calls/{uuid:call_id}", response=CallOut)
@operation(Permission.CONTACTS_READ)
def call(request: ApiRequest, call_id: UUID) -> Any:
    """One call."""
    shown = _shown(request, [queries.call_for(viewer_of(request), call_id)])
    if not shown:
        raise NotFound
    return shown[0]


@router.get("calls/{uuid:call_id}/recording", response=RecordingDetailOut)
@operation(Permission.CONTACTS_READ)
def recording(request: ApiRequest, call_id: UUID) -> Any:
    """What became of the sound of one call; to hear it needs another scope."""
    call(request, call_id)
    found = recordings.states(viewer_of(request).region_id, [call_id]).get(call_id)
    if found is None:
        raise NotFound
    path = reverse("api-1:recording_sound", kwargs={"call_id": call_id})
    ready = found.state is RecordingState.READY
    return {
        **_recording(found, request),
        "recorded": found.recorded_at,
        "kept": found.kept_at,
        "removed": found.removed_at,
        "is_outgoing": found.is_outgoing,
        "size": found.size,
        "held": found.held_at is not None,
        "sound": request.build_absolute_uri(path) if ready else None,
    }


@router.api_operation(
    ["GET", "HEAD"],
    "calls/{uuid:call_id}/recording/sound",
    url_name="recording_sound",
    openapi_extra={
        "responses": {
            200: {"description": "FLAC, the citizen on the left", "content": {"audio/flac": {}}},
            206: {"description": "The part asked for by Range", "content": {"audio/flac": {}}},
            416: {"description": "There is no such part"},
        }
    },
)
@operation(Permission.RECORDINGS_READ)
def recording_sound(request: ApiRequest, call_id: UUID) -> HttpResponseBase:
    """The sound, whole or by Range. The listening is journalled under the token's holder."""
    viewer = viewer_of(request)
    found = recordings.recording_for(viewer, call_id)
    if found.contact_id is not None:
        intake_queries.contact_for(viewer, found.contact_id)
    by, now = viewer.actor, clock.now()
    return shared_sound.answer(
        request,
        found,
        lambda: listening.heard(call_id, region_id=viewer.region_id, by=by, now=now),
    )


def _shown(request: ApiRequest, found: list[CallView]) -> list[dict[str, Any]]:
    """Who called about what only some may see is as confidential as the contact itself."""
    viewer = viewer_of(request)
    about = [call.contact_id for call in found if call.contact_id is not None]
    hidden = intake_queries.hidden_ids(viewer, about)
    recorded = recordings.states(viewer.region_id, [call.id for call in found])
    return [
        _call(call, recorded.get(call.id), request)
        for call in found
        if call.contact_id not in hidden
    ]


def _call(call: CallView, recording: RecordingView | None, request: ApiRequest) -> dict[str, Any]:
    return {
        **{name: getattr(call, name) for name in _SAME},
        **{name: getattr(call, f"{name}_at") for name in _STEPS},
        "linkedid": call.linked_id,
        "contact": call.contact_id,
        "recording": _recording(recording, request) if recording else None,
    }


def _recording(recording: RecordingView, request: ApiRequest) -> dict[str, Any]:
    path = f"/{recording.region_id}/console/recordings/{recording.call_id}/sound/"
    ready = recording.state is RecordingState.READY
    return {
        "state": recording.state,
        "seconds": round(recording.seconds, 2),
        "sha256": recording.sha256,
        "url": request.build_absolute_uri(path) if ready else None,
    }
