"""The taxonomy: what can happen, and which kinds of body answer for it."""

from typing import Literal

from siaga.kernel.types import Urgency
from siaga.regions.types.words import Value, Words


class Mandate(Value, frozen=True, kw_only=True):
    """A kind of body by what it is there for, such as `fire`; agencies hold mandates."""

    code: str
    name: Words


class CaseGroup(Value, frozen=True, kw_only=True):
    """A shelf of the taxonomy."""

    code: str
    name: Words
    icon: str


class CaseType(Value, frozen=True, kw_only=True):
    """One kind of case. `lead` and `support` are mandate codes."""

    code: str
    group: str
    name: Words
    lead: tuple[str, ...]
    support: tuple[str, ...] = ()
    urgency: Urgency
    range: tuple[Urgency, Urgency]
    """Most and least urgent value that makes sense."""
    icon: str
    synonyms: tuple[str, ...] = ()
    apco: tuple[str, ...] = ()
    life_threat: bool = False
    confidential: bool = False
    restricted: bool = False
    complaint_clock: bool = False
    outcome_only: bool = False
    """A way for a contact to end (ghost, prank …), never a report."""
    source: Literal["national", "local"] = "local"


class Taxonomy(Value, frozen=True, kw_only=True):
    """The national types with a region's own on top; the later of two equal codes has won."""

    version: str
    mandates: tuple[Mandate, ...]
    groups: tuple[CaseGroup, ...]
    types: tuple[CaseType, ...]
