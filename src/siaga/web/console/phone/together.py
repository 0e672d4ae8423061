"""The desk and its telephone are one choice: whoever sits down serves both, and rests from both."""

from typing import Any

from siaga.accounts.types import Permission
from siaga.kernel import clock
from siaga.regions import queries as regions
from siaga.telephony import live_queries
from siaga.telephony.live.picture import PositionState
from siaga.telephony.live_queries import SeatView
from siaga.telephony.services import commands, seats
from siaga.telephony.types import CommandKind
from siaga.web.accounts.access import RegionRequest
from siaga.web.console.phone.errors import StillTalking
from siaga.workforce import queries as workforce
from siaga.workforce import services as workforce_services
from siaga.workforce.types import BreakReason, PositionKind, PositionView, Presence

AWAY, BUSY, WRAP_UP = "away", "busy", "wrap-up"
"""Why no calls come, beside the reasons of a break."""
_PAUSED = {Presence.AWAY: AWAY, Presence.BUSY: BUSY, Presence.WRAP_UP: WRAP_UP}
_DOING = {reason: presence for presence, reason in _PAUSED.items()}


def answers_calls(request: RegionRequest) -> bool:
    """Whether there is a telephone for this person at all."""
    has_phone = regions.profile(request.region_id).phone is not None
    return has_phone and request.viewer.may(Permission.CONTACTS_CLAIM)


def number_of(request: RegionRequest, desk: PositionView) -> int | None:
    """The telephone of a desk: `meja-3` has the third. None where calls are not taken."""
    phone = regions.profile(request.region_id).phone
    if phone is None or desk.kind is not PositionKind.CALL_TAKING:
        return None
    digits = desk.code[len(desk.code.rstrip("0123456789")) :]
    number = int(digits or 0)
    return number if 1 <= number <= phone.positions else None


def sit_down(request: RegionRequest) -> int | None:
    """The desk that belongs to the telephone now taken; its number unless it is somebody's.

    Who sits already stays there; where no desk is free, or none is set up, the telephone is
    served without one.
    """
    desks, person = workforce.positions(request.region_id), request.viewer.person_id
    desk = next((one for one in desks if one.person_id == person), None)
    if desk is None:
        desk = next((one for one in desks if _is_free(one)), None)
        if desk is not None:
            workforce_services.take_position(
                position_id=desk.id, person_id=person, by=request.viewer.actor, now=clock.now()
            )
    taken = {one.number: one.person_id for one in live_queries.seats(request.region_id)}
    number = number_of(request, desk) if desk else None
    return number if number and taken.get(number, person) == person else None


def get_up(request: RegionRequest) -> None:
    """The telephone goes with the desk. Raises StillTalking while somebody is on the line."""
    seat = _seat(request)
    if seat is None:
        return
    if _is(request, seat, PositionState.TALKING):
        raise StillTalking
    person = request.viewer.person_id
    seats.leave(request.region_id, person, by=request.viewer.actor, now=clock.now())


def relieve(request: RegionRequest, desk: PositionView) -> None:
    """Whoever sat there is not rung any more; who talks is let talk."""
    if desk.person_id in (None, request.viewer.person_id):
        return
    held = [one for one in live_queries.seats(request.region_id) if one.person_id == desk.person_id]
    for seat in held:
        if not _is(request, seat, PositionState.TALKING):
            seats.free(request.region_id, seat.number, by=request.viewer.actor, now=clock.now())


def tell_telephone(
    request: RegionRequest, presence: Presence, break_reason: BreakReason | None
) -> None:
    """Calls come to whoever is available, and to nobody else."""
    seat = _seat(request)
    if seat is None:
        return
    kind, payload = CommandKind.READY, dict[str, Any](number=seat.number)
    if presence is not Presence.AVAILABLE:
        kind = CommandKind.PAUSE
        payload["reason"] = break_reason.value if break_reason else _PAUSED[presence]
    elif _is(request, seat, PositionState.WRAP_UP):
        kind = CommandKind.WRAP_UP_DONE
    commands.request(kind, request.region_id, payload, by=request.viewer.actor, now=clock.now())


def tell_presence(request: RegionRequest, kind: CommandKind, reason: str) -> None:
    """Who sits at a desk is seen there as they are at the telephone."""
    if workforce.seat_of(request.region_id, request.viewer.person_id) is None:
        return
    presence, known = Presence.AVAILABLE, None
    if kind is CommandKind.PAUSE:
        known = BreakReason(reason) if reason in set(BreakReason) else None
        presence = Presence.BREAK if known else _DOING.get(reason, Presence.AWAY)
    workforce_services.set_presence(
        region_id=request.region_id,
        person_id=request.viewer.person_id,
        presence=presence,
        break_reason=known,
        by=request.viewer.actor,
        now=clock.now(),
    )


def is_reason(said: str) -> bool:
    """Whether a person may give this as the reason why no calls come."""
    return said in (AWAY, BUSY) or said in set(BreakReason)


def _is_free(desk: PositionView) -> bool:
    return desk.active and desk.person_id is None and desk.kind is PositionKind.CALL_TAKING


def _is(request: RegionRequest, seat: SeatView, state: PositionState) -> bool:
    position = live_queries.live(request.viewer).position(seat.number)
    return position is not None and position.state is state


def _seat(request: RegionRequest) -> SeatView | None:
    if regions.profile(request.region_id).phone is None:
        return None
    return live_queries.seat_of(request.region_id, request.viewer.person_id)
