"""From how likely each moment is speech to what may be said of the caller. Pure."""

from dataclasses import dataclass, replace
from enum import StrEnum

WINDOW_MS = 32
"""What the detector judges at once."""
LIKELY = 0.5
SPAN_WINDOWS = 32
"""About a second slides over the sound."""
VOICED_WINDOWS = 7
"""So much of that second must be speech: a fifth of a second, a short "halo"."""
PATIENCE_SECONDS = 6.0
"""After so long without a voice it is worth a hint."""
LISTEN_SECONDS = 20.0

_SPAN = (1 << SPAN_WINDOWS) - 1


class Verdict(StrEnum):
    """What is told; `yes` is final."""

    HEARD = "yes"
    UNHEARD = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Of one listening that began at `since` on a clock that only goes forward."""

    since: float
    heard: bool = False
    span: int = 0
    """The last windows, one bit each: 1 is speech."""

    def after(self, likelihood: float) -> "Judgement":
        """One more window was judged; a likelihood that is no number is none."""
        span = ((self.span << 1) | (likelihood >= LIKELY)) & _SPAN
        return replace(self, span=span, heard=self.heard or span.bit_count() >= VOICED_WINDOWS)

    def verdict(self, now: float) -> Verdict | None:
        """What may be said now. No sound at all is no voice either: time decides, not windows."""
        if self.heard:
            return Verdict.HEARD
        return Verdict.UNHEARD if now - self.since >= PATIENCE_SECONDS else None

    def is_over(self, now: float) -> bool:
        """Whether more listening would tell nothing more, or costs too much."""
        return self.heard or now - self.since >= LISTEN_SECONDS
