"""What the core wants of Asterisk. Frozen and pure."""

from __future__ import annotations

from dataclasses import dataclass

from siaga.kernel.types import RegionId
from siaga.telephony import names


@dataclass(frozen=True, slots=True)
class Action:
    """Something to tell Asterisk; it is told once."""

    name: str
    fields: tuple[tuple[str, str], ...]
    may_fail: bool = False


def action(name: str, /, **fields: str) -> Action:
    """An action in few words."""
    return Action(name, tuple(fields.items()))


def lenient(name: str, /, **fields: str) -> Action:
    """An action that may meet what is gone already."""
    return Action(name, tuple(fields.items()), may_fail=True)


def pause(region: RegionId, endpoint: str, reason: str | None) -> Action:
    """Pause a member with a reason; None lets it work again."""
    fields = {
        "Queue": names.queue(region),
        "Interface": names.channel(endpoint),
        "Paused": "false" if reason is None else "true",
        "Reason": reason or "",
    }
    return action("QueuePause", **fields)
