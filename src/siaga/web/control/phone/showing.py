"""The live picture as the supervisor's page shows it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from siaga.kernel.phones import normalize_phone
from siaga.telephony.live.picture import LiveCall, LivePicture, LivePosition, PositionState
from siaga.telephony.live_queries import SeatView
from siaga.telephony.types import CallState
from siaga.web.control.phone.wording import CALL_STATES, LADDER, POSITION_STATES, REASONS

KEYS = 9
"""So many rows answer to a number key."""
WAITING = (CallState.QUEUED, CallState.RINGING)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRow:
    """One call under way; `key` chooses it, empty from the tenth on."""

    call: LiveCall
    key: str
    phone: str | None
    words: Any
    since: datetime
    place: int
    """Its place among those who wait, from 1; 0 if it does not."""
    position: int | None
    person: str
    positions_lost: int
    heard_by_me: bool
    may_join: bool
    """Somebody talks, and not at the supervisor's own position."""
    may_move: bool

    @property
    def is_flagged(self) -> bool:
        """Whether there is anything to say beside its state."""
        call = self.call
        said = (call.cannot_speak, call.held, call.is_callback, call.is_test, call.heard_by)
        return any(said) or self.no_voice or self.positions_lost > 0

    @property
    def no_voice(self) -> bool:
        """A hint of the voice detector, while somebody talks with the caller."""
        return self.call.voice is False and self.call.state is CallState.ANSWERED


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionRow:
    """One position that somebody has taken, or that is in the queue all the same."""

    number: int
    person: str
    person_id: UUID | None
    device: str
    state: PositionState
    words: Any
    reason: Any
    since: datetime | None
    seen_at: datetime | None
    phone: str | None
    """Whom it talks with."""
    is_mine: bool


def call_rows(
    picture: LivePicture, lost: Mapping[str, int], names: Mapping[UUID, str], mine: int | None
) -> list[CallRow]:
    """Who waits first, in the order of being answered; then who arrives; then who talks."""
    places = {linked_id: place for place, linked_id in enumerate(picture.waiting, 1)}
    calls = sorted(
        (call for call in picture.calls if call.state is not CallState.ENDED),
        key=lambda call: _order(call, places),
    )
    people = {one.number: one.person_id for one in picture.positions}
    return [
        CallRow(
            call=call,
            key=str(row) if row <= KEYS else "",
            phone=normalize_phone(call.number),
            words=LADDER.get(call.overflow, CALL_STATES[call.state])
            if call.state is not CallState.ANSWERED
            else CALL_STATES[call.state],
            since=_since(call),
            place=places.get(call.linked_id, 0),
            position=call.position,
            person=_name(people.get(call.position) if call.position else None, names),
            positions_lost=lost.get(call.linked_id, 0),
            heard_by_me=mine is not None and mine in call.heard_by,
            may_join=call.state is CallState.ANSWERED and call.position != mine,
            may_move=places.get(call.linked_id, 0) > 1,
        )
        for row, call in enumerate(calls, 1)
    ]


def position_rows(
    picture: LivePicture, seats: Sequence[SeatView], names: Mapping[UUID, str], mine: int | None
) -> list[PositionRow]:
    """Taken positions, and those that serve the queue without being taken here, by number."""
    sitting = {seat.number: seat for seat in seats}
    live = {one.number: one for one in picture.positions}
    shown = sitting.keys() | {
        number for number, one in live.items() if one.state is not PositionState.EMPTY
    }
    calls = {call.linked_id: call for call in picture.calls}
    return [
        _position(
            live.get(number, LivePosition(number=number, state=PositionState.EMPTY)),
            sitting.get(number),
            calls,
            names,
            mine,
        )
        for number in sorted(shown)
    ]


def people_in(picture: LivePicture, seats: Iterable[SeatView]) -> set[UUID]:
    """Everybody whose name the page needs."""
    found = {one.person_id for one in picture.positions if one.person_id is not None}
    return found | {seat.person_id for seat in seats}


def _position(
    live: LivePosition,
    seat: SeatView | None,
    calls: Mapping[str, LiveCall],
    names: Mapping[UUID, str],
    mine: int | None,
) -> PositionRow:
    call = calls.get(live.call) if live.state is PositionState.TALKING else None
    person_id = seat.person_id if seat else None
    return PositionRow(
        number=live.number,
        person=_name(person_id, names),
        person_id=person_id,
        device=seat.device.value if seat else live.device,
        state=live.state,
        words=POSITION_STATES[live.state],
        reason=REASONS.get(live.reason, live.reason) if live.state is PositionState.PAUSED else "",
        since=live.since or (seat.since if seat else None),
        seen_at=seat.seen_at if seat else None,
        phone=normalize_phone(call.number) if call else None,
        is_mine=live.number == mine,
    )


def _order(call: LiveCall, places: Mapping[str, int]) -> tuple[int, int, datetime]:
    if call.linked_id in places:
        return 0, places[call.linked_id], call.presented_at
    return (2 if call.state is CallState.ANSWERED else 1), 0, call.presented_at


def _since(call: LiveCall) -> datetime:
    return call.answered_at or call.queued_at or call.presented_at


def _name(person_id: UUID | None, names: Mapping[UUID, str]) -> str:
    return names.get(person_id, "") if person_id else ""
