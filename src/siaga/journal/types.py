"""Who did something, and what an entry looks like to a reader."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, Self, TypeVar
from uuid import UUID

from siaga.journal.facts import Fact
from siaga.kernel.types import RegionId

F = TypeVar("F", bound=Fact)


class ActorKind(StrEnum):
    """What kind of being acted; never absent."""

    PERSON = "person"
    AGENCY_TOKEN = "agency_token"  # noqa: S105 - a kind, not a secret
    API_TOKEN = "api_token"  # noqa: S105
    CITIZEN = "citizen"
    CHANNEL = "channel"
    JOB = "job"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """A value, so that the journal needs no table of people."""

    kind: ActorKind
    id: str

    @classmethod
    def person(cls, person_id: UUID) -> Self:
        """A signed-in person."""
        return cls(ActorKind.PERSON, str(person_id))

    @classmethod
    def citizen(cls, correspondent: UUID | str) -> Self:
        """A citizen, by the identity of the channel they came by."""
        return cls(ActorKind.CITIZEN, str(correspondent))

    @classmethod
    def channel(cls, name: str) -> Self:
        """A door such as `whatsapp`."""
        return cls(ActorKind.CHANNEL, name)

    @classmethod
    def job(cls, name: str) -> Self:
        """Deferred work."""
        return cls(ActorKind.JOB, name)

    @classmethod
    def system(cls, name: str) -> Self:
        """One of our own daemons."""
        return cls(ActorKind.SYSTEM, name)

    @property
    def person_id(self) -> UUID | None:
        """The person's id, for a program with that person's token too; None for other kinds."""
        holders = (ActorKind.PERSON, ActorKind.API_TOKEN)
        return UUID(self.id) if self.kind in holders else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Generic[F]):
    """A recorded fact, as handed to subscribers."""

    id: UUID
    region_id: RegionId
    fact: F
    at: datetime
    actor: Actor
    cause_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    """An entry as shown on a timeline; `sentence` is in the active language."""

    id: UUID
    name: str
    at: datetime
    actor: Actor
    cause_id: UUID | None
    subjects: tuple[UUID, ...]
    data: dict[str, Any]
    sentence: str
    forgotten: bool
