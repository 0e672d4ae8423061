"""Every name that the dialplan and Python share; nothing else in Siaga spells one out.

A region's slug follows a `-`: slugs hold no dots or slashes, so a name is safe everywhere.
"""

from enum import StrEnum

from siaga.kernel.types import RegionId


class Mark(StrEnum):
    """User events in the CEL file, and the same over AMI as `UserEvent: Siaga`."""

    OFFERED = "SIAGA_OFFERED"
    GREETED = "SIAGA_GREETED"
    QUEUED = "SIAGA_QUEUED"
    CANNOT_SPEAK = "SIAGA_CANNOT_SPEAK"
    POSITION_LOST = "SIAGA_POSITION_LOST"
    OVERFLOW = "SIAGA_OVERFLOW"
    CLOSED = "SIAGA_CLOSED"
    HELD = "SIAGA_HELD"
    CALLBACK = "SIAGA_CALLBACK"
    CONFERENCE = "SIAGA_CONFERENCE"
    NOTICE = "SIAGA_NOTICE"
    ENDED = "SIAGA_ENDED"


class Variable(StrEnum):
    """Channel variables. The first three are inherited by the legs of a call."""

    REGION = "SIAGA_REGION"
    NUMBER = "SIAGA_NUMBER"
    TEST = "SIAGA_TEST"
    SELF_TEST = "SIAGA_SELF_TEST"
    """1 on the call by which we test ourselves; it goes down no ladder."""
    DID = "SIAGA_DID"
    KEY = "SIAGA_KEY"
    """The caller's number in E.164, by which AstDB is asked."""
    REASON = "SIAGA_REASON"
    GRADE = "SIAGA_GRADE"
    HELD = "SIAGA_HELD_AS"
    ROUND = "SIAGA_ROUND"
    PART = "SIAGA_PART"
    SECOND = "SIAGA_SECOND"
    WHERE = "SIAGA_WHERE"
    WAIT = "SIAGA_WAIT"
    CALLER = "SIAGA_CALLER"
    """The caller's channel, known to the legs that ring for it."""
    CAUSE = "SIAGA_CAUSE"
    """Why a position's leg ended; shared with the caller's channel."""
    NOW = "SIAGA_NOW"
    DAY = "SIAGA_DAY"
    BEFORE = "SIAGA_BEFORE"
    GREETED_UNTIL = "SIAGA_GREETED_UNTIL"
    CONTACT = "SIAGA_CONTACT"
    """Set by whoever originates a call-back."""
    POSITION = "SIAGA_POSITION"
    CANNOT_SPEAK = "SIAGA_CANNOT_SPEAK"
    """1 once the caller pressed 5 5 before anybody answered; inherited by the legs that ring."""
    TARGET = "SIAGA_TARGET"
    """The unique id of the channel a supervisor listens to."""
    VOICE = "SIAGA_VOICE"
    """On the caller's channel: what VOICE_MARK said last."""


USER_EVENT = "Siaga"
"""AMI's UserEvent of every mark, with the headers Mark and Details."""
VOICE_MARK = "SIAGA_VOICE"
"""No dialplan makes it: `siaga voice` tells over AMI whether a caller's voice was heard, as
`heard=yes` or `heard=no`. Only a hint."""
TEST_HEADER = "X-Siaga-Test"
"""A call from the trunk with this SIP header set to 1 is a self-test or a demonstration."""

LINKED_HEADER = "X-Siaga-Linked"
NUMBER_HEADER = "X-Siaga-Number"
CANNOT_SPEAK_HEADER = "X-Siaga-Cannot-Speak"
"""What a position's phone is told of the call it rings for."""
PURPOSE_HEADER = "X-Siaga-Purpose"
"""`callback`, `listen`, `whisper` or `barge`: its own person has asked for this ringing."""

CONTEXTS = (
    "trunk", "greeting", "hours", "notice", "queue", "keys", "overflow", "closed", "held",
    "position", "room", "callback", "listen",
)  # fmt: skip
"""Each region has one of each, `<context>-<region>`."""

LISTEN_MODES = {"listen": "quES", "whisper": "quESw", "barge": "quESB", "voice": "qouES"}
"""Extensions of `listen-<region>` and what ChanSpy is told; `voice` is the caller alone."""

SEATS = ("p", "d", "s")
"""A position served with a browser, with a desk phone, with the spare page."""
SEAT_STORE = "siaga-seat"
"""Where PJSIP looks for passwords besides its file."""
REALM = "siaga"
"""Of every position's password; its digest is all that Asterisk keeps."""

JOIN_QUEUE, LEAVE_QUEUE = "*11", "*10"
"""What a position may dial to serve its queue, with no Python alive."""


def context(name: str, region: RegionId) -> str:
    """`queue-<region>`; KeyError for a context that nobody renders."""
    if name not in CONTEXTS:
        raise KeyError(name)
    return f"{name}-{region}"


def queue(region: RegionId) -> str:
    """The queue of a region."""
    return f"112-{region}"


def position(region: RegionId, number: int) -> str:
    """The endpoint of a position; it is also its user name."""
    return f"{region}-p{number}"


def desk(region: RegionId, number: int) -> str:
    """The endpoint of a position that is served with an ordinary SIP telephone."""
    return f"{region}-d{number}"


def spare(region: RegionId, number: int) -> str:
    """A position's endpoint for the day when every process of ours is dead; its password stays."""
    return f"{region}-s{number}"


def seat(region: RegionId, number: int, device: str) -> str:
    """The endpoint of a position as it is served now."""
    return desk(region, number) if device == "desk" else position(region, number)


def reserve(region: RegionId, number: int) -> str:
    """The endpoint of a desk phone that rings when no position answers."""
    return f"{region}-r{number}"


def trunk(region: RegionId) -> str:
    """The endpoint of a region's trunk."""
    return f"trunk-{region}"


def held_family(region: RegionId) -> str:
    """AstDB: E.164 number -> `later:EPOCH`, `ask:EPOCH`; past that moment it means nothing."""
    return f"held-{region}"


def switch_family(region: RegionId) -> str:
    """AstDB: `overflow` -> why the queue is closed to overflow by a supervisor; `notice` -> the
    prompt that callers hear first, `notice-text` -> its words."""
    return f"switch-{region}"


SELF_TEST_KEY = "self-test"
"""In the switches: until this moment a call from one of our own numbers is our own test."""


def seat_family() -> str:
    """AstDB: endpoint -> the digest of the password it is served with today."""
    return f"{SEAT_STORE}/auth"


def music(region: RegionId, part: str = "") -> str:
    """The music class of those who wait; with a part of the day it begins with the greeting."""
    return f"greeting-{region}-{part}" if part else f"waiting-{region}"


def channel(endpoint: str) -> str:
    """An endpoint as Asterisk's queues and Dial name it."""
    return f"PJSIP/{endpoint}"


def position_number(endpoint: str) -> int | None:
    """3 for `<region>-p3`, `PJSIP/<region>-d3` and `PJSIP/<region>-s3-0000001a`; else None."""
    words = endpoint.removeprefix("PJSIP/").split("-")
    for word in reversed(words[1:]):
        if word[:1] in SEATS and word[1:].isdigit():
            return int(word[1:])
    return None


def details(text: str) -> dict[str, str]:
    """The `key=value;key=value` of a mark."""
    pairs = (part.partition("=") for part in text.split(";") if "=" in part)
    return {key: value for key, _, value in pairs}
