"""Reads of self-tests."""

from siaga.kernel.types import RegionId
from siaga.telephony import models
from siaga.telephony.selftest.types import Check, SelfTestView, Way
from siaga.telephony.types import CallOutcome

RECENT_MAX = 60


def latest(region_id: RegionId) -> SelfTestView | None:
    """The one that began last, perhaps still running."""
    return next(iter(recent(region_id, limit=1)), None)


def recent(region_id: RegionId, *, limit: int = 14) -> list[SelfTestView]:
    """The latest tests, newest first."""
    rows = models.SelfTest.objects.filter(region_id=region_id).order_by("-started_at")
    return [_view(row) for row in rows[: min(limit, RECENT_MAX)]]


def _view(row: models.SelfTest) -> SelfTestView:
    known = {check.value for check in Check}
    return SelfTestView(
        id=row.id,
        region_id=RegionId(row.region_id),
        asked_by=row.asked_by,
        started_at=row.started_at,
        ended_at=row.ended_at,
        failed=tuple(Check(one) for one in row.failed if one in known),
        note=row.note,
        outcome=CallOutcome(row.outcome) if row.outcome else None,
        rang_position=row.rang_position,
        path=Way(row.path),
    )
