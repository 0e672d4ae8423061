"""Recordings on the desk: drawn, heard in any part, kept beyond their time."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from siaga.accounts import queries as accounts
from siaga.accounts.types import Permission
from siaga.intake import queries as intake
from siaga.kernel import clock
from siaga.kernel.errors import InvalidField, NotFound
from siaga.regions import queries as regions
from siaga.telephony import queries as telephony
from siaga.telephony.recordings import queries, rules, services
from siaga.telephony.recordings.types import RecordingView
from siaga.triage.types import Truth
from siaga.web.accounts.access import RegionRequest, requires
from siaga.web.console import standing, verifying
from siaga.web.console.pages import part
from siaga.web.shared import sound as shared_sound
from siaga.web.shared import times
from siaga.web.shared.htmx import toast

WAVE_HEIGHT = 32
"""Of one voice, in the drawing's own units; its width is its number of steps."""


@require_GET
@requires(Permission.CONSOLE_USE, Permission.RECORDINGS_READ)
def of_contact(request: RegionRequest, region: str, contact_id: UUID) -> HttpResponse:
    """What was recorded of a contact: its own call, and the calls back."""
    contact = intake.contact_for(request.viewer, contact_id)
    shown = {**context(request, contact.id), **standing.context(request, contact)}
    return part(request, "console/_phone_record.html", shown)


@require_safe
@requires(Permission.CONSOLE_USE, Permission.RECORDINGS_READ)
def sound(request: RegionRequest, region: str, call_id: UUID) -> HttpResponseBase:
    """The sound, whole or in the part that was asked for; the listening is written down."""
    recording = _guarded(request, call_id)
    by, now = request.viewer.actor, clock.now()
    return shared_sound.answer(
        request,
        recording,
        lambda: services.heard(call_id, region_id=request.region_id, by=by, now=now),
    )


@require_POST
@requires(Permission.CONSOLE_USE, Permission.RECORDINGS_READ, Permission.RECORDINGS_HOLD)
def hold(request: RegionRequest, region: str, call_id: UUID) -> HttpResponse:
    """Keep it beyond its time, with a reason; or let it go again, with a reason."""
    recording = _guarded(request, call_id)
    act = services.let_go if recording.held_at else services.hold
    act(
        call_id,
        region_id=request.region_id,
        reason=request.POST.get("reason", ""),
        by=request.viewer.actor,
        now=clock.now(),
    )
    shown = part(request, "console/_recordings.html", context(request, recording.contact_id))
    said = _("Its days count again.") if recording.held_at else _("Kept until you let it go.")
    return toast(shown, said)


@require_POST
@requires(Permission.CONSOLE_USE, Permission.RECORDINGS_READ, Permission.REPORTS_VERIFY)
def verified(request: RegionRequest, region: str, call_id: UUID) -> HttpResponse:
    """What the reporter said when they were called back: evidence, once for each call."""
    recording = _guarded(request, call_id)
    call = telephony.call_for(request.viewer, call_id)
    said = request.POST.get("confirms", "")
    if recording.contact_id is None or not verifying.asks(request, call):
        raise NotFound
    if said not in (verifying.CONFIRMS, verifying.DENIES):
        raise InvalidField(field="confirms", message=_("Say what they said."))
    truth = verifying.write(request, recording.contact_id, said, call)
    shown = part(request, "console/_recordings.html", context(request, recording.contact_id))
    told = _("Recorded. It counts as A1.") if truth is Truth.A1 else _("Recorded.")
    return toast(shown, told, also=("siaga:resync",))


def context(request: RegionRequest, contact_id: UUID | None) -> dict[str, Any]:
    """The recordings of a contact as the screen draws them."""
    found = queries.about(request.viewer, contact_id) if contact_id else []
    kept = regions.profile(request.region_id).retention
    names = accounts.person_names({item.held_by for item in found if item.held_by})
    return {
        "recordings": [
            {
                "view": item,
                "left": wave(item.peaks[::2]),
                "right": wave(item.peaks[1::2]),
                "steps": max(len(item.peaks) // 2, 1),
                "length": times.span(item.seconds),
                "until": rules.expires_at(
                    item.recorded_at,
                    rules.days_kept(item.is_noise, kept.recordings_days, kept.noise_days),
                ),
                "asks": item.is_outgoing and _asks(request, item),
                "holder": names.get(item.held_by, "") if item.held_by else "",
            }
            for item in found
        ],
        "recordings_of": contact_id,
    }


def _asks(request: RegionRequest, item: RecordingView) -> bool:
    try:
        return verifying.asks(request, telephony.call_for(request.viewer, item.call_id))
    except NotFound:
        return False


def wave(peaks: bytes) -> str:
    """One voice as an SVG path: a stroke up and down from the middle at each step."""
    middle = WAVE_HEIGHT / 2
    strokes = []
    for at, peak in enumerate(peaks):
        # The root brings a low voice up to where it can be seen beside a loud one.
        reach = max((peak / 255) ** 0.5 * (middle - 1), 0.5)
        strokes.append(f"M{at + 0.5} {middle - reach:.1f}v{2 * reach:.1f}")
    return "".join(strokes)


def _guarded(request: RegionRequest, call_id: UUID) -> RecordingView:
    """Both doors: the recording's own and, where it is about a contact, the contact's."""
    recording = queries.recording_for(request.viewer, call_id)
    if recording.contact_id is not None:
        intake.contact_for(request.viewer, recording.contact_id)
    return recording
