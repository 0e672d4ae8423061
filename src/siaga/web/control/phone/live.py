"""The supervisor's page of the telephone, and what may be done from it."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from siaga.accounts import queries as accounts
from siaga.accounts.types import Permission
from siaga.kernel import clock
from siaga.kernel.errors import InvalidField, NotFound
from siaga.regions import queries as regions
from siaga.telephony import live_queries
from siaga.telephony import queries as telephony
from siaga.telephony.errors import NoSuchPosition
from siaga.telephony.services import commands, seats
from siaga.telephony.types import CommandKind, CommandState, CommandView
from siaga.web.accounts.access import RegionRequest, requires
from siaga.web.control.pages import shown
from siaga.web.control.phone import showing, testing
from siaga.web.control.phone.errors import NoSeat, NotThere
from siaga.web.control.phone.wording import JOINED
from siaga.web.shared.htmx import asks_for_fragment, toast, trigger

CALLS_MAX = 200
REASON_LENGTH_MAX = 120
SAID_LENGTH_MAX = 200
LOOK_AGAIN = "siaga:phone"


@require_safe
@requires(Permission.CONTROL_USE, Permission.CALLS_SUPERVISE)
def page(request: RegionRequest, region: str) -> HttpResponse:
    """The whole page; `asked` is a command whose end is still to be told."""
    words = {"tab": "live", "asked": asked_for(request), **gathered(request)}
    return shown(request, "control/phone/live.html", words)


@require_safe
@requires(Permission.CONTROL_USE, Permission.CALLS_SUPERVISE)
def again(request: RegionRequest, region: str) -> HttpResponse:
    """What changes by itself."""
    return shown(request, "control/phone/_now.html", gathered(request))


@require_POST
@requires(Permission.CONTROL_USE, Permission.CALLS_SUPERVISE)
def join(request: RegionRequest, region: str, linked_id: str, mode: str) -> HttpResponse:
    """Listen, whisper or barge: the supervisor's own telephone rings."""
    seat = live_queries.seat_of(request.region_id, request.viewer.person_id)
    if seat is None:
        raise NoSeat
    _must_be_there(request, linked_id)
    return _ask(
        request,
        CommandKind(mode),
        {"call": linked_id, "position": seat.number},
        str(JOINED[mode]),
    )


@require_POST
@requires(Permission.CONTROL_USE, Permission.CALLS_SUPERVISE)
def leave(request: RegionRequest, region: str) -> HttpResponse:
    """No longer listen: the supervisor's own leg ends, the call goes on."""
    seat = live_queries.seat_of(request.region_id, request.viewer.person_id)
    if seat is None:
        raise NoSeat
    return _ask(
        request, CommandKind.HANGUP, {"position": seat.number}, _("You have left the call.")
    )


@require_POST
@requires(Permission.CONTROL_USE, Permission.CALLS_SUPERVISE)
def move_up(request: RegionRequest, region: str, linked_id: str) -> HttpResponse:
    """The waiting call is the next to be answered."""
    _must_be_there(request, linked_id)
    return _ask(
        request, CommandKind.MOVE_UP, {"call": linked_id}, _("It is the next to be answered.")
    )


@require_POST
@requires(Permission.CONTROL_USE, Permission.CALLS_SUPERVISE)
def close_queue(request: RegionRequest, region: str) -> HttpResponse:
    """Callers go down the ladder at once, for a reason that everybody can read."""
    reason = request.POST.get("reason", "").strip()[:REASON_LENGTH_MAX]
    if not reason:
        raise InvalidField(field="reason", message=_("Say why; everybody will read it."))
    said = _("Callers now go to the reserve at once.")
    return _ask(request, CommandKind.OVERFLOW_CLOSE, {"reason": reason}, said)


@require_POST
@requires(Permission.CONTROL_USE, Permission.CALLS_SUPERVISE)
def open_queue(request: RegionRequest, region: str) -> HttpResponse:
    """Callers wait for a position again."""
    return _ask(request, CommandKind.OVERFLOW_OPEN, {}, _("Callers wait for a position again."))


@require_POST
@requires(Permission.CONTROL_USE, Permission.CALLS_SUPERVISE)
def free(request: RegionRequest, region: str, number: int) -> HttpResponse:
    """A seat that somebody forgot is anybody's again; its password is worth nothing any more."""
    if not seats.free(request.region_id, number, by=request.viewer.actor, now=clock.now()):
        raise NoSuchPosition(number=number)
    said = _("Position %(number)s is free.") % {"number": number}
    return trigger(toast(HttpResponse(status=204), said), LOOK_AGAIN)


@require_safe
@requires(Permission.CONTROL_USE, Permission.CALLS_SUPERVISE)
def fate(request: RegionRequest, region: str, command_id: UUID) -> HttpResponse:
    """What came of what was asked for; asks again until it is known."""
    found = live_queries.command(request.region_id, command_id)
    if found.state is CommandState.DONE:
        return trigger(toast(HttpResponse(""), _said(request)), LOOK_AGAIN)
    response = _looked_after(request, found, _said(request))
    return trigger(response, LOOK_AGAIN) if found.state is CommandState.FAILED else response


def gathered(request: RegionRequest) -> dict[str, Any]:
    """The picture at one moment, and who is in it."""
    viewer, now = request.viewer, clock.now()
    region_id = viewer.region_id
    telephone = regions.profile(region_id).phone
    if telephone is None:
        return {"telephone": None}
    picture, taken = live_queries.live(viewer, now=now), live_queries.seats(region_id)
    names = accounts.person_names(showing.people_in(picture, taken))
    mine = next((seat.number for seat in taken if seat.person_id == viewer.person_id), None)
    under_way = telephony.calls_under_way(region_id, limit=CALLS_MAX)
    lost = {call.linked_id: call.positions_lost for call in under_way}
    positions = showing.position_rows(picture, taken, names, mine)
    return {
        "telephone": telephone,
        "picture": picture,
        "calls": showing.call_rows(picture, lost, names, mine),
        "positions": positions,
        "free": telephone.positions - len(taken),
        "ready": sum(one.state == "ready" for one in positions),
        "talking": sum(one.state == "talking" for one in positions),
        "mine": mine,
        "now": now,
        **testing.context(region_id, now),
    }


def _must_be_there(request: RegionRequest, linked_id: str) -> None:
    if live_queries.live(request.viewer).call(linked_id) is None:
        raise NotThere


def _ask(
    request: RegionRequest, kind: CommandKind, payload: dict[str, Any], said: str
) -> HttpResponse:
    """Ask the daemon; the answer looks after the command until its end is known."""
    asked = commands.request(
        kind, request.region_id, payload, by=request.viewer.actor, now=clock.now()
    )
    if not asks_for_fragment(request):
        looked_after = urlencode({"asked": str(asked), "said": said})
        return HttpResponseRedirect(
            f"{reverse('control:phone', args=[request.region_id])}?{looked_after}"
        )
    return _looked_after(request, live_queries.command(request.region_id, asked), said)


def _looked_after(request: RegionRequest, found: CommandView, said: str) -> HttpResponse:
    context = {"region": {"id": request.region_id}, "found": found, "said": said}
    return render(request, "control/phone/_asked.html", context)


def asked_for(request: RegionRequest) -> dict[str, Any] | None:
    """The command that the address speaks of, and what is said once it is done."""
    try:
        found = live_queries.command(request.region_id, UUID(request.GET.get("asked", "")))
    except (ValueError, NotFound):
        return None
    return {"found": found, "said": _said(request)}


def _said(request: RegionRequest) -> str:
    return request.GET.get("said", "")[:SAID_LENGTH_MAX]
