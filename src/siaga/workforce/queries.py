"""Who is at which desk: values, never rows, always with a limit."""

from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, Q

from siaga.accounts import queries as accounts
from siaga.kernel.types import RegionId
from siaga.regions import queries as regions
from siaga.regions import rules as region_rules
from siaga.workforce import rules
from siaga.workforce.models import Position, PresenceSpan, Sitting
from siaga.workforce.types import (
    BreakReason,
    Coverage,
    OnDuty,
    PositionId,
    PositionKind,
    PositionView,
    Presence,
    SittingId,
)

POSITIONS_MAX = 200


def positions(region_id: RegionId, limit: int = POSITIONS_MAX) -> list[PositionView]:
    """The desks of the region by code, the closed ones last, with who sits there now."""
    open_spans = Prefetch(
        "sittings",
        queryset=Sitting.objects.filter(left_at=None).prefetch_related(
            Prefetch("spans", queryset=PresenceSpan.objects.filter(until=None))
        ),
        to_attr="now_sitting",
    )
    rows = Position.objects.filter(region_id=region_id).order_by("-active", "code")
    return [_position(row) for row in rows.prefetch_related(open_spans)[:limit]]


def on_duty(region_id: RegionId, at: datetime, limit: int = POSITIONS_MAX) -> list[OnDuty]:
    """Who sat at a desk at that moment, past or present, and what they were doing."""
    spans = (
        PresenceSpan.objects.filter(region_id=region_id, since__lte=at)
        .filter(Q(until=None) | Q(until__gt=at))
        .select_related("sitting__position")
        .order_by("sitting__position__code")[:limit]
    )
    found = list(spans)
    names = accounts.person_names(span.sitting.person_id for span in found)
    return [_on_duty(span, names) for span in found]


def seat_of(region_id: RegionId, person_id: UUID) -> OnDuty | None:
    """Where the person sits now; None if at no desk of this region."""
    span = (
        PresenceSpan.objects.filter(
            region_id=region_id, until=None, sitting__person_id=person_id, sitting__left_at=None
        )
        .select_related("sitting__position")
        .first()
    )
    return _on_duty(span, accounts.person_names([person_id])) if span else None


def coverage(region_id: RegionId, at: datetime) -> Coverage:
    """The seats that the profile's shift asks for at a moment, against who sat there."""
    shift = region_rules.shift_at(regions.profile(region_id), at)
    return rules.coverage(shift, on_duty(region_id, at))


def _position(row: Position) -> PositionView:
    sitting: Sitting | None = next(iter(row.now_sitting), None)  # type: ignore[attr-defined]
    span = sitting.spans.all()[0] if sitting else None
    return PositionView(
        id=PositionId(row.id),
        region_id=RegionId(row.region_id),
        code=row.code,
        name=row.name,
        kind=PositionKind(row.kind),
        active=row.active,
        person_id=sitting.person_id if sitting else None,
        presence=Presence(span.presence) if span else None,
    )


def _on_duty(span: PresenceSpan, names: dict[UUID, str]) -> OnDuty:
    sitting, position = span.sitting, span.sitting.position
    return OnDuty(
        sitting_id=SittingId(sitting.id),
        person_id=sitting.person_id,
        name=names.get(sitting.person_id, ""),
        position_id=PositionId(position.id),
        position_code=position.code,
        position_name=position.name,
        kind=PositionKind(position.kind),
        presence=Presence(span.presence),
        break_reason=BreakReason(span.break_reason) if span.break_reason else None,
        since=span.since,
        taken_at=sitting.taken_at,
    )
