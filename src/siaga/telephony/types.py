"""Words and frozen values of the telephone."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Literal, NewType
from uuid import UUID

from siaga.kernel.types import RegionId

CallId = NewType("CallId", UUID)
"""The key of a call's row; Asterisk's own key is the linkedid."""


class CallState(StrEnum):
    """How far a call has come."""

    OFFERED = "offered"
    GREETED = "greeted"
    QUEUED = "queued"
    RINGING = "ringing"
    ANSWERED = "answered"
    ENDED = "ended"


class CallOutcome(StrEnum):
    """How a call ended; each call has exactly one."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"
    OVERFLOWED = "overflowed"
    CLOSED = "closed"
    HELD = "held"
    FAILED = "failed"
    CALLBACK = "callback"


class CommandKind(StrEnum):
    """What the daemon can be asked to do; what each needs is told in services.commands."""

    SEAT_OPEN = "seat_open"
    SEAT_CLOSE = "seat_close"
    READY = "ready"
    PAUSE = "pause"
    WRAP_UP_DONE = "wrap_up_done"
    HANGUP = "hangup"
    CALL_BACK = "call_back"
    CONFERENCE = "conference"
    LEAVE_CONFERENCE = "leave_conference"
    LISTEN = "listen"
    WHISPER = "whisper"
    BARGE = "barge"
    MOVE_UP = "move_up"
    OVERFLOW_CLOSE = "overflow_close"
    OVERFLOW_OPEN = "overflow_open"
    GRADE = "grade"
    UNGRADE = "ungrade"
    NOTICE_ON = "notice_on"
    NOTICE_OFF = "notice_off"


class CommandState(StrEnum):
    """How far the daemon is with it."""

    WAITING = "waiting"
    TAKEN = "taken"
    DONE = "done"
    FAILED = "failed"


class Device(StrEnum):
    """What a position is served with."""

    BROWSER = "browser"
    DESK = "desk"


class SeatEnd(StrEnum):
    """Why a position was left."""

    LEFT = "left"
    MOVED = "moved"
    SILENT = "silent"
    FREED = "freed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A position taken; `secret` is told once, to whoever took it, and kept nowhere."""

    region_id: RegionId
    number: int
    person_id: UUID
    device: Device
    endpoint: str
    username: str
    secret: str = field(repr=False)
    since: datetime
    expires_at: datetime
    command_id: UUID
    """The command that puts the password into Asterisk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandView:
    """A command and what came of it; `problem` is Asterisk's own word or ours."""

    id: UUID
    kind: CommandKind
    state: CommandState
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeting:
    """From this local time on, callers hear these words; the last one runs past midnight."""

    starts: time
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A part of some weekdays (1 is Monday); `closes` at or before `opens` is the next morning."""

    days: tuple[int, ...]
    opens: time
    closes: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When somebody is at the desk between two dates, and what a caller meets otherwise."""

    valid_from: date
    valid_until: date | None
    always: bool
    spans: tuple[Span, ...]
    closed_on_holidays: bool
    behavior: Literal["none", "notice", "notice_then_forward"]
    notice: str
    forward_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Overflow:
    """Who is rung, in this order, when no position answers. `reserve` are SIP addresses."""

    reserve: tuple[str, ...]
    neighbor: str
    mobile: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """Seconds at each step of the ladder."""

    queue: int = 45
    empty_queue: int = 6
    """How long the greeting may play where nobody has joined the queue."""
    ring: int = 15
    reserve: int = 15
    neighbor: int = 20
    mobile: int = 20
    press_one: int = 6
    rounds: int = 3
    """How often a caller goes back to the queue from the foot of the ladder."""
    talk: int = 3600
    """The longest call out of the house."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhonePlan:
    """Everything Asterisk must know of one region."""

    region: RegionId
    did: tuple[str, ...]
    trunk_addresses: tuple[str, ...]
    positions: int
    language: str
    timezone: str
    greetings: tuple[Greeting, ...]
    press_one: str
    """What a held number hears."""
    hours: tuple[Hours, ...]
    holidays: tuple[date, ...]
    overflow: Overflow
    dial_allowed: tuple[str, ...]
    self_test_number: str = ""
    """Dialled by the self-test, it comes back by the trunk; empty where the carrier has no loop."""
    waits: Waits = Waits()
