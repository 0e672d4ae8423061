"""Reads of notices, with how many callers heard them."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q

from siaga.kernel.types import RegionId
from siaga.telephony import models
from siaga.telephony.notices.types import NoticeView, Tally

RECENT_MAX = 50
_HEARD = ~Q(notice="")
_OTHER = Q(notice="other")
# As `cel.folding.Call.sufficed` has it.
_SUFFICED = Q(notice="heard", cannot_speak=False, queued_at=None, ended_at__isnull=False)


def current(region_id: RegionId) -> NoticeView | None:
    """The notice that is given now."""
    row = models.Notice.objects.filter(region_id=region_id, ended_at=None).first()
    return _view(row) if row else None


def recent(region_id: RegionId, *, limit: int = 10) -> list[NoticeView]:
    """The latest notices, the present one first."""
    rows = models.Notice.objects.filter(region_id=region_id).order_by("-given_at")
    return [_view(row) for row in rows[: min(limit, RECENT_MAX)]]


def about(region_id: RegionId, incident_id: UUID, *, limit: int = 10) -> list[NoticeView]:
    """Every notice about an incident, the latest first."""
    rows = models.Notice.objects.filter(region_id=region_id, incident_id=incident_id)
    return [_view(row) for row in rows.order_by("-given_at")[: min(limit, RECENT_MAX)]]


def incident_at(region_id: RegionId, at: datetime) -> UUID | None:
    """What the notice that a caller of that moment heard was about."""
    rows = models.Notice.objects.filter(region_id=region_id, given_at__lte=at)
    row = rows.filter(Q(ended_at=None) | Q(ended_at__gt=at)).order_by("-given_at").first()
    return row.incident_id if row else None


def _view(row: models.Notice) -> NoticeView:
    return NoticeView(
        id=row.id,
        region_id=RegionId(row.region_id),
        text=row.text,
        incident_id=row.incident_id,
        given_by=row.given_by,
        given_at=row.given_at,
        ended_at=row.ended_at,
        tally=_tally(row),
    )


def _tally(row: models.Notice) -> Tally:
    calls = models.Call.objects.filter(
        _HEARD, region_id=row.region_id, presented_at__gte=row.given_at
    )
    if row.ended_at is not None:
        calls = calls.filter(presented_at__lt=row.ended_at)
    if not settings.SIAGA_DEMO:
        calls = calls.filter(is_test=False)
    found = calls.aggregate(
        heard=Count("id"),
        sufficed=Count("id", filter=_SUFFICED),
        other=Count("id", filter=_OTHER),
    )
    return Tally(**found)
