"""The facts this room records."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_noop

from siaga.journal.facts import Fact, fact


@fact(
    "regions.profile_applied",
    version=1,
    reads=gettext_noop("Version %(number)s of the profile came into force (%(count)s changes)."),
    subjects=("version_id",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileApplied(Fact):
    """A whole profile is in force from now on. `changed` names paths only, never values."""

    version_id: UUID
    number: int
    source: str
    count: int
    changed: tuple[str, ...]


@fact(
    "regions.boundaries_imported",
    version=1,
    reads=gettext_noop("Boundaries of %(areas)s areas were imported, %(repaired)s repaired."),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class BoundariesImported(Fact):
    """Polygons replace label points for finding an area on the map."""

    areas: int
    repaired: int
    digest: str


@fact(
    "regions.alias_learned",
    version=1,
    reads=gettext_noop("The name “%(name)s” now means %(area_code)s."),
    personal=("name",),
    subjects=("place_id",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class AliasLearned(Fact):
    """A confirmed location taught the place search another name.

    People call places after people ("rumah Bu Siti"), so the name is forgettable.
    """

    place_id: UUID
    name: str
    area_code: str
