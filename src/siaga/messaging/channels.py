"""Which channels can send in which region. Each channel's folder says so for itself, at start."""

from collections.abc import Callable

from siaga.kernel.types import Channel

CanSend = Callable[[str], bool]
_senders: dict[Channel, CanSend] = {}


def register(channel: Channel, can_send: CanSend) -> None:
    """Answer for a channel; `can_send` takes the region's id."""
    _senders[channel] = can_send


def can_send(channel: Channel, region_id: str) -> bool:
    """Whether a message of this region can go out by the channel now."""
    sender = _senders.get(channel)
    return sender is not None and sender(region_id)
