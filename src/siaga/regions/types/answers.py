"""What the room answers when it is asked: small frozen values."""

from datetime import datetime
from typing import Literal

from siaga.kernel.geometry import Point
from siaga.kernel.types import Urgency
from siaga.regions.types.agencies import EscalationAction
from siaga.regions.types.profile import ScopeDecision
from siaga.regions.types.words import Value, Words


class ScopeVerdict(Value, frozen=True, kw_only=True):
    """Whether the centre takes a type on, and the exact sentence the citizen gets."""

    decision: ScopeDecision
    sentence: Words | None
    refer_to: str | None
    """Code of the agency it is referred to, where one is named."""


class RoutedAgency(Value, frozen=True, kw_only=True):
    """One agency proposed for a case, and why."""

    agency_code: str
    role: Literal["lead", "support"]
    reason: Words


class EscalationStep(Value, frozen=True, kw_only=True):
    """A step of a frozen plan. `to` is the agency's code, or `supervisor` for the alarm."""

    after_seconds: int
    action: EscalationAction
    to: str


class AckPlan(Value, frozen=True, kw_only=True):
    """How long an agency has, and what happens if it stays silent; seconds after sending."""

    agency_code: str
    urgency: Urgency
    within_seconds: int
    steps: tuple[EscalationStep, ...]


class ShiftAt(Value, frozen=True, kw_only=True):
    """The shift that is on at a moment."""

    code: str
    name: Words
    starts_at: datetime
    ends_at: datetime
    seats: int


class AreaView(Value, frozen=True, kw_only=True):
    """A kecamatan, desa or kelurahan; `label_point` of a desa may be its kecamatan's."""

    code: str
    name: str
    kind: Literal["kecamatan", "desa", "kelurahan"]
    parent_code: str
    kecamatan: str
    label_point: Point | None
    postcode: str = ""
    has_boundary: bool = False


class AreaNode(Value, frozen=True, kw_only=True):
    """A kecamatan with its desa and kelurahan."""

    area: AreaView
    children: tuple[AreaView, ...]


class PlaceCandidate(Value, frozen=True, kw_only=True):
    """One place a phrase may mean. `score` 0..1; `matched` are words of the phrase that fitted."""

    kind: Literal["kecamatan", "desa", "kelurahan", "landmark"]
    code: str
    """Kemendagri code of the area; for a landmark, of the area it stands in."""
    name: str
    kecamatan: str
    label_point: Point | None
    score: float
    matched: tuple[str, ...]


class PlaceSearch(Value, frozen=True, kw_only=True):
    """At most `limit` candidates, best first; empty when nothing is near enough to be honest."""

    candidates: tuple[PlaceCandidate, ...]
    ambiguous: bool


class CaseTypeHit(Value, frozen=True, kw_only=True):
    """A type found by typing a few letters; `matched` is the name or synonym that fitted."""

    code: str
    name: Words
    group: str
    urgency: Urgency
    icon: str
    confidential: bool
    matched: str
    score: float
