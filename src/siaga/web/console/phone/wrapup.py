"""After the call: the outcome ends the wrap-up, and its undo begins it again."""

from django.http import HttpResponse

from siaga.intake.types import ContactView
from siaga.kernel import clock
from siaga.kernel.types import Channel
from siaga.telephony import live_queries
from siaga.telephony.live.picture import LivePosition, PositionState
from siaga.telephony.services import commands
from siaga.telephony.services.calllog import call_id
from siaga.telephony.types import CommandKind
from siaga.web.accounts.access import RegionRequest
from siaga.web.shared.htmx import trigger

REASON = "wrap-up"


def written_up(
    request: RegionRequest, contact: ContactView, response: HttpResponse, *, ended: bool = True
) -> HttpResponse:
    """The call has its outcome: who wrote it up may be rung again.

    The browser is told as well: a contact that has `ended` while the voices go on needs no writing
    afterwards.
    """
    if contact.channel is not Channel.PHONE:
        return response
    position = _own_position(request)
    if position is not None and _wraps_up(position, contact):
        _ask(request, CommandKind.WRAP_UP_DONE, {"number": position.number})
    return trigger(response, "siaga:written-up", {"contact": str(contact.id), "ended": ended})


def taken_back(request: RegionRequest, contact: ContactView) -> None:
    """The outcome was undone: the caller's contact is in hand again, so nobody rings meanwhile."""
    position = _own_position(request) if contact.channel is Channel.PHONE else None
    if position is not None and position.state is PositionState.READY:
        _ask(request, CommandKind.PAUSE, {"number": position.number, "reason": REASON})


def _wraps_up(position: LivePosition, contact: ContactView) -> bool:
    if position.state is not PositionState.WRAP_UP:
        return False
    return not position.call or call_id(position.call) == contact.id


def _own_position(request: RegionRequest) -> LivePosition | None:
    seat = live_queries.seat_of(request.region_id, request.viewer.person_id)
    return live_queries.live(request.viewer).position(seat.number) if seat else None


def _ask(request: RegionRequest, kind: CommandKind, payload: dict[str, object]) -> None:
    commands.request(kind, request.region_id, payload, by=request.viewer.actor, now=clock.now())
