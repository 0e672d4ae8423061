"""Decisions of messaging. No tables, no clock, no network."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from siaga.kernel.types import Channel
from siaga.messaging.types import DeliveryState, MessageKind, Window

WINDOW = timedelta(hours=24)
# A message is queued, then sent: near its end the window counts as closed.
WINDOW_MARGIN = timedelta(minutes=1)
CHANNELS_WITH_WINDOW = frozenset({Channel.WHATSAPP, Channel.INSTAGRAM})
TEXT_CHARS_MAX = 4096

SEND_ATTEMPTS_MAX = 12
SEND_WAIT_SECONDS_MAX = 600
# After a crash between sending and noting it, the provider's status may still tell us that the
# message went out; only when it stays silent this long is the message sent again.
UNSURE_SECONDS = 30
FETCH_ATTEMPTS_MAX = 8
INBOUND_ATTEMPTS_MAX = 12
INBOUND_WAIT_SECONDS_MAX = 300

_FARTHEST_LAST = (
    DeliveryState.NONE,
    DeliveryState.QUEUED,
    DeliveryState.SENT,
    DeliveryState.FAILED,
    DeliveryState.DELIVERED,
    DeliveryState.READ,
    DeliveryState.PLAYED,
)
_RANK = {state: rank for rank, state in enumerate(_FARTHEST_LAST)}
_missing = set(DeliveryState) - _RANK.keys()
assert not _missing, f"delivery states without a rank: {_missing}"

# What the citizen said or sent; a system notice is the provider's word, not theirs.
OPENS_WINDOW = frozenset(MessageKind) - {MessageKind.SYSTEM}


class Way(StrEnum):
    """How a notice goes out."""

    FREE = "free"
    TEMPLATE = "template"


def farthest(states: Iterable[DeliveryState]) -> DeliveryState:
    """The state that has come farthest, whatever the order they were told in."""
    return max(states, key=_RANK.__getitem__, default=DeliveryState.NONE)


def is_ahead(new: DeliveryState, present: DeliveryState) -> bool:
    """Whether `new` would be a step forward."""
    return _RANK[new] > _RANK[present]


def window(channel: Channel, expires_at: datetime | None, now: datetime) -> Window:
    """Whether free text may be sent now on this channel."""
    if channel not in CHANNELS_WITH_WINDOW:
        return Window(open=True, expires_at=None)
    is_open = expires_at is not None and now < expires_at - WINDOW_MARGIN
    return Window(open=is_open, expires_at=expires_at)


def way_of_notice(present: Window) -> Way:
    """Free words inside the window, else the approved template."""
    return Way.FREE if present.open else Way.TEMPLATE


def back_off_seconds(attempts: int, seconds_max: int) -> int:
    """2, 4, 8 … seconds after the first, second, third attempt."""
    return int(min(2 ** max(attempts, 1), seconds_max))
