"""Everything that can change the picture, as plain values. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from siaga.kernel.types import RegionId
from siaga.telephony.live.state import Leg, Member, Switch


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something at a moment."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LegBegan(Happening):
    """A channel came into being: a caller, a ringing phone, a helper."""

    unique_id: str
    linked_id: str
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LegEnded(Happening):
    unique_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridged(Happening):
    """A leg hears others from now on."""

    unique_id: str
    linked_id: str
    bridge: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unbridged(Happening):
    unique_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked(Happening):
    """The dialplan reached one of its marks."""

    unique_id: str
    linked_id: str
    mark: str
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldSwitched(Happening):
    unique_id: str
    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoke(Happening):
    """Something is heard from this leg."""

    unique_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyed(Happening):
    """A key was pressed on this leg."""

    unique_id: str
    digit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpyBegan(Happening):
    spy: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpyEnded(Happening):
    spy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberSeen(Happening):
    """A phone is in a region's queue, paused or not."""

    region: RegionId
    member: Member


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberGone(Happening):
    region: RegionId
    endpoint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceSeen(Happening):
    """A phone can be reached, or cannot."""

    endpoint: str
    reachable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Switched(Happening):
    """Our own entries in AstDB; None leaves that one as it was."""

    region: RegionId
    overflow: str | None = None
    notice: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatKnown(Happening):
    """With which endpoint a position is served; none, once it is left."""

    region: RegionId
    number: int
    endpoint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prioritized(Happening):
    linked_id: str
    priority: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited(Happening):
    """A leg that we are about to originate, whom it rings, and into which call."""

    unique_id: str
    who: str
    linked_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSeen(Happening):
    """Whoever serves the console answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineLost(Happening):
    """Asterisk cannot be heard any more; what was true last stays on the screens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick(Happening):
    """Time has passed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFound(Happening):
    """What Asterisk's channel variables tell of a call that was under way before we listened."""

    linked_id: str
    region: RegionId
    number: str
    priority: int = 0
    is_callback: bool = False
    contact: str = ""
    cannot_speak: bool = False
    voice: bool | None = None
    is_test: bool = False
    context: str = ""
    room: str = ""
    seconds: float = 0.0
    place: int | None = None
    """In the queue, from the head; None for a call that does not wait there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt(Happening):
    """All of Asterisk at one moment, after we came or came back."""

    legs: tuple[Leg, ...]
    calls: tuple[CallFound, ...]
    members: tuple[tuple[RegionId, Member], ...]
    reachable: frozenset[str]
    switches: Mapping[RegionId, Switch]
    invited: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Of legs that we have originated into conferences: whom they ring, and for which call."""
