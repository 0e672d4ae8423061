"""Words and frozen values of recordings."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from siaga.kernel.types import RegionId
from siaga.telephony.types import CallId


class RecordingState(StrEnum):
    """What became of a call's sound."""

    WAITING = "waiting"
    READY = "ready"
    MISSING = "missing"
    """Asterisk left nothing to be heard."""
    BROKEN = "broken"
    """What it left cannot be read; the plain files stay for somebody to look at."""
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingView:
    """A recording as the faces show it; `peaks` are left and right in turn, 0…255."""

    call_id: CallId
    region_id: RegionId
    contact_id: UUID | None
    state: RecordingState
    recorded_at: datetime
    is_outgoing: bool
    kept_at: datetime | None
    name: str
    size: int
    sha256: str
    seconds: float
    sound_seconds: float
    peaks: bytes
    parts: tuple[str, ...]
    held_at: datetime | None
    held_by: UUID | None
    hold_reason: str
    removed_at: datetime | None
    is_noise: bool
    """Its contact ended as a ghost, a prank and the like."""

    @property
    def nothing_heard(self) -> bool:
        """Nothing at all came from the citizen: no voice, no noise."""
        return self.state is RecordingState.READY and self.sound_seconds < SILENT_SECONDS


SILENT_SECONDS = 0.4
