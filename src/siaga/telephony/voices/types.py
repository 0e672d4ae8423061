"""Frozen values of prompts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A recording of the centre's own; `words` is what was to be said when it was made."""

    id: str
    words: str
    person_id: UUID | None
    at: datetime
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptView:
    """A sentence that callers or positions hear."""

    name: str
    text: str
    """In the language in which callers are greeted."""
    words: Mapping[str, str]
    """In every language there is."""
    pause: float
    current: Version | None
    """What is heard now; None for our own spoken voice."""
    draft: Version | None
    versions: tuple[Version, ...]
    """Everything that was ever published, the latest first."""
    spoken_seconds: float

    @property
    def is_for_other_words(self) -> bool:
        """The words have changed since the recording that is heard now."""
        return self.current is not None and self.current.words != self.text
