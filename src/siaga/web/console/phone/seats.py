"""Taking the telephone of a position, keeping it, asking it for something, seeing how it stands."""

import os
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_POST

from siaga.accounts.types import Permission
from siaga.kernel import clock
from siaga.kernel.errors import NotFound
from siaga.kernel.phones import normalize_phone
from siaga.telephony import live_queries
from siaga.telephony.asterisk.site import LOOPBACK, Ports
from siaga.telephony.live.picture import LivePicture, LivePosition, PositionState
from siaga.telephony.services import commands, seats
from siaga.telephony.types import CommandKind, Device
from siaga.web.accounts.access import RegionRequest, requires
from siaga.web.console.phone import together
from siaga.web.console.phone.answers import in_json
from siaga.web.console.phone.errors import NoSuchDeed, NotSeated

SIP_DOMAIN = "siaga"
NUMBER_CHARACTERS_MAX = 20
# Words of Asterisk's side, as the bar has them.
_MODES = {
    PositionState.EMPTY: "away",
    PositionState.UNREACHABLE: "unreachable",
    PositionState.READY: "ready",
    PositionState.PAUSED: "paused",
    PositionState.RINGING: "ringing",
    PositionState.TALKING: "talking",
    PositionState.WRAP_UP: "wrap-up",
}


@require_POST
@requires(Permission.CONSOLE_USE, Permission.CONTACTS_CLAIM)
@in_json
def take(request: RegionRequest, region: str) -> HttpResponse:
    """A position by telephone, and the desk that belongs to it; with the password of the day."""
    device = Device.DESK if request.POST.get("device") == Device.DESK else Device.BROWSER
    said = request.POST.get("number", "")
    taken = seats.take(
        request.region_id,
        request.viewer.person_id,
        by=request.viewer.actor,
        now=clock.now(),
        number=int(said) if said.isdigit() else together.sit_down(request),
        device=device,
    )
    answer = {
        "number": taken.number,
        "device": taken.device.value,
        "username": taken.username,
        "secret": taken.secret,
        "socket": settings.PHONE_SOCKET,
        "domain": SIP_DOMAIN,
        "command": str(taken.command_id),
        "server": _server(),
    }
    response = JsonResponse(answer)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@requires(Permission.CONSOLE_USE)
@in_json
def leave(request: RegionRequest, region: str) -> HttpResponse:
    """The password is worth nothing any more."""
    person = request.viewer.person_id
    seats.leave(request.region_id, person, by=request.viewer.actor, now=clock.now())
    return HttpResponse(status=204)


@require_GET
@requires(Permission.CONSOLE_USE)
@in_json
def keep(request: RegionRequest, region: str) -> HttpResponse:
    """The screen is alive. A reading request on purpose: it must not keep an idle desk open."""
    if not seats.keep(request.region_id, request.viewer.person_id, now=clock.now()):
        raise NotSeated
    return HttpResponse(status=204)


@require_GET
@requires(Permission.CONSOLE_USE)
@in_json
def state(request: RegionRequest, region: str) -> HttpResponse:
    """The person's own position in the picture; with `command`, what came of it."""
    now = clock.now()
    picture = live_queries.live(request.viewer, now=now)
    seat = live_queries.seat_of(request.region_id, request.viewer.person_id)
    position = picture.position(seat.number) if seat else None
    answer: dict[str, Any] = {
        "at": picture.at.timestamp() * 1000 if picture.at else 0,
        "now": now.timestamp() * 1000,
        "connected": picture.connected,
        "waiting": len(picture.waiting),
        "position": _position(picture, position) if position else None,
        "seated": seat is not None,
    }
    if asked := request.GET.get("command"):
        answer |= _came_of(request, asked)
    return JsonResponse(answer)


@require_POST
@requires(Permission.CONSOLE_USE)
@in_json
def command(request: RegionRequest, region: str) -> HttpResponse:
    """Ask the daemon; the answer names the command, whose fate `state` tells."""
    seat = live_queries.seat_of(request.region_id, request.viewer.person_id)
    if seat is None:
        raise NotSeated
    kind = _kind(request.POST.get("command", ""))
    payload = _payload(request, kind, seat.number)
    now = clock.now()
    asked = commands.request(kind, request.region_id, payload, by=request.viewer.actor, now=now)
    if kind in (CommandKind.READY, CommandKind.PAUSE):
        together.tell_presence(request, kind, str(payload.get("reason", "")))
    return JsonResponse({"command": str(asked)}, status=202)


def _server() -> str:
    """What a desk telephone is told to register with."""
    base = os.environ.get("SIAGA_PHONE_PORT_BASE")
    ports = Ports.from_base(int(base)) if base else Ports()
    return f"{os.environ.get('SIAGA_PHONE_ADDRESS', LOOPBACK)}:{ports.sip}"


def _position(picture: LivePicture, position: LivePosition) -> dict[str, Any]:
    call = picture.call(position.call)
    mode = _MODES[position.state]
    if mode == "talking" and call is not None and call.on_hold:
        mode = "held"
    return {
        "number": position.number,
        "mode": mode,
        "reason": position.reason,
        "since": position.since.timestamp() * 1000 if position.since else 0,
        "linked": position.call,
        "caller": call.number if call else "",
        "cannotSpeak": call.cannot_speak if call else False,
        "spoken": call.has_spoken if call else False,
        "voice": call.voice if call else None,
        "conference": call.in_conference if call else False,
    }


def _came_of(request: RegionRequest, asked: str) -> dict[str, str]:
    try:
        found = live_queries.command(request.region_id, UUID(asked))
    except (ValueError, NotFound):
        return {"command": "failed", "problem": ""}
    return {"command": found.state.value, "problem": found.problem}


_OFFERED = frozenset({
    CommandKind.READY, CommandKind.PAUSE, CommandKind.WRAP_UP_DONE, CommandKind.HANGUP,
    CommandKind.CALL_BACK, CommandKind.CONFERENCE, CommandKind.LEAVE_CONFERENCE,
})  # fmt: skip


def _kind(said: str) -> CommandKind:
    if said not in {one.value for one in _OFFERED}:
        raise NoSuchDeed
    return CommandKind(said)


def _payload(request: RegionRequest, kind: CommandKind, number: int) -> dict[str, Any]:
    given = request.POST
    match kind:
        case CommandKind.PAUSE:
            reason = given.get("reason", "")
            known = reason if together.is_reason(reason) else together.AWAY
            return {"number": number, "reason": known}
        case CommandKind.HANGUP:
            return {"position": number}
        case CommandKind.CALL_BACK:
            return {
                "position": number,
                "number": _number(given.get("number", "")),
                "contact": _id(given.get("contact", "")),
            }
        case CommandKind.CONFERENCE:
            return {"call": _own_call(request, number), "phone": _number(given.get("number", ""))}
        case CommandKind.LEAVE_CONFERENCE:
            return {"call": _own_call(request, number), "position": number}
    return {"number": number}


def _own_call(request: RegionRequest, number: int) -> str:
    """Only the call that this very position talks in, by Asterisk's word and not the browser's."""
    position = live_queries.live(request.viewer).position(number)
    if position is None or not position.call:
        raise NoSuchDeed
    return position.call


def _number(said: str) -> str:
    """E.164, or a short number of the country such as 113."""
    found = normalize_phone(said) or "".join(one for one in said if one in "+0123456789")
    if not found or len(found) > NUMBER_CHARACTERS_MAX:
        raise NoSuchDeed
    return found


def _id(said: str) -> str:
    try:
        return str(UUID(said))
    except ValueError:
        return ""
