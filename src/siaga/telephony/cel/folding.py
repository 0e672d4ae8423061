"""The events of one linkedid, folded into what is known of the call. Pure.

Every field follows from the lines in their order alone: folding the same lines again from nothing
gives the same call, whatever the size of the pieces they came in.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from siaga.kernel.types import RegionId
from siaga.telephony import names
from siaga.telephony.cel.lines import CelEvent
from siaga.telephony.names import Mark
from siaga.telephony.types import CallOutcome, CallState

# A caller's own words; longer than any number, shorter than a nuisance.
NUMBER_CHARS_MAX = 80
STEP_CHARS_MAX = 20
# Why a leg ends when nobody hung up: no route, out of order, failed, no sound any more.
_LOST_ON_THE_WAY = {3, 27, 38, 41, 42, 44, 47, 102}
_ELSEWHERE = {"reserve", "neighbor", "mobile", "duty"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call as far as it has come; times are Asterisk's own."""

    linked_id: str
    region_id: RegionId | None = None
    number: str = ""
    did: str = ""
    is_test: bool = False
    is_callback: bool = False
    presented_at: datetime | None = None
    greeted_at: datetime | None = None
    queued_at: datetime | None = None
    ringing_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    position: int | None = None
    overflow: str = ""
    held: bool = False
    closed: bool = False
    cannot_speak: bool = False
    positions_lost: int = 0
    notice: str = ""
    """`heard` if a known event was told first, `other` if the caller then pressed 1."""
    contact: str = ""
    """The contact that is called back, as whoever dialled said it."""
    cut_off: bool = False
    """The talk was lost, and nobody of ours has spoken with the caller since."""

    @property
    def state(self) -> CallState:
        """How far it has come."""
        steps = (
            (self.ended_at, CallState.ENDED),
            (self.answered_at, CallState.ANSWERED),
            (self.ringing_at, CallState.RINGING),
            (self.queued_at, CallState.QUEUED),
            (self.greeted_at, CallState.GREETED),
        )
        return next((state for at, state in steps if at is not None), CallState.OFFERED)

    @property
    def sufficed(self) -> bool:
        """The caller heard the notice and hung up before the queue: it was their matter."""
        told = self.notice == "heard" and not self.cannot_speak
        return told and self.ended_at is not None and self.queued_at is None

    @property
    def outcome(self) -> CallOutcome | None:
        """How it ended; None while it lasts. Exactly one for each call that ended."""
        if self.ended_at is None:
            return None
        if self.is_callback:
            return CallOutcome.CALLBACK
        if self.answered_at is not None:
            elsewhere = self.position is None and self.overflow in _ELSEWHERE
            return CallOutcome.OVERFLOWED if elsewhere else CallOutcome.ANSWERED
        if self.held and self.queued_at is None:
            return CallOutcome.HELD
        if self.closed and self.queued_at is None:
            return CallOutcome.CLOSED
        return CallOutcome.ABANDONED


def fold(call: Call, event: CelEvent) -> Call:
    """The call after this event; events of other calls are the caller's mistake."""
    if event.linked_id != call.linked_id:
        raise ValueError(f"{event.linked_id} is not {call.linked_id}")
    if event.mark is not None:
        return _marked(call, event)
    match event.kind:
        case "CHAN_START" if call.queued_at and _position(event.channel) is not None:
            return replace(call, ringing_at=call.ringing_at or event.at)
        case "BRIDGE_ENTER":
            return _bridged(call, event)
        case "HANGUP" if event.is_of_the_caller and event.cause in _LOST_ON_THE_WAY:
            return replace(call, cut_off=call.cut_off or call.answered_at is not None)
        case "LINKEDID_END":
            return replace(call, ended_at=call.ended_at or event.at)
    return call


def _marked(call: Call, event: CelEvent) -> Call:
    said, at = event.details, event.at
    match event.mark:
        case Mark.OFFERED | Mark.CALLBACK:
            return replace(
                call,
                region_id=call.region_id or RegionId(said.get("region", "")),
                number=call.number or said.get("number", "")[:NUMBER_CHARS_MAX],
                did=call.did or said.get("did", "")[:NUMBER_CHARS_MAX],
                is_test=call.is_test or said.get("test") == "1",
                is_callback=call.is_callback or event.mark is Mark.CALLBACK,
                contact=call.contact or said.get("contact", "")[:NUMBER_CHARS_MAX],
                presented_at=call.presented_at or at,
            )
        case Mark.GREETED:
            return replace(call, greeted_at=call.greeted_at or at)
        case Mark.QUEUED:
            return replace(call, queued_at=call.queued_at or at)
        case Mark.CANNOT_SPEAK:
            return replace(call, cannot_speak=True)
        case Mark.POSITION_LOST:
            return replace(call, positions_lost=call.positions_lost + 1, cut_off=True)
        case Mark.OVERFLOW:
            return replace(call, overflow=said.get("step", call.overflow)[:STEP_CHARS_MAX])
        case Mark.CLOSED:
            return replace(call, closed=True)
        case Mark.HELD:
            return replace(call, held=True)
        case Mark.NOTICE:
            return replace(call, notice=said.get("step", call.notice)[:STEP_CHARS_MAX])
    return call


def _bridged(call: Call, event: CelEvent) -> Call:
    """Two legs hear each other. A position is named by its own leg or as the peer of another."""
    position = _position(event.channel)
    if position is None:
        position = _position(event.peer)
    if position is None and not event.is_of_the_caller:
        return call
    return replace(
        call,
        answered_at=call.answered_at or event.at,
        position=position if call.position is None else call.position,
        cut_off=False,
    )


def _position(channel: str) -> int | None:
    return names.position_number(channel)
