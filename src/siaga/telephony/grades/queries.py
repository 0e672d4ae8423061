"""Reads of graded numbers: frozen values, always with a limit."""

from collections.abc import Iterable
from datetime import datetime

from siaga.accounts.types import Permission, Viewer
from siaga.kernel.errors import Forbidden
from siaga.kernel.types import RegionId
from siaga.telephony import models
from siaga.telephony.grades.types import Grade, GradeEnd, GradeView

LIST_MAX = 200


def standing(region_id: RegionId, phone: str, now: datetime) -> list[GradeView]:
    """What counts for a number now, and what is proposed; empty for nearly everybody."""
    rows = models.NumberGrade.objects.filter(
        region_id=region_id, phone=phone, ended_at=None, until__gt=now
    )
    return _views(rows.order_by("proposed")[:2])


def graded(region_id: RegionId, now: datetime, *, limit: int = LIST_MAX) -> list[GradeView]:
    """Every number that is graded now, for those who decide what lifts it."""
    rows = models.NumberGrade.objects.filter(region_id=region_id, ended_at=None, until__gt=now)
    return _views(rows.order_by("-given_at")[: min(limit, LIST_MAX)])


def graded_for(viewer: Viewer, now: datetime) -> list[GradeView]:
    """The same behind the guarded door. Forbidden without the permission."""
    if not viewer.may(Permission.NUMBERS_BLOCK):
        raise Forbidden
    return graded(viewer.region_id, now)


def _views(rows: Iterable[models.NumberGrade]) -> list[GradeView]:
    return [
        GradeView(
            id=row.id,
            region_id=RegionId(row.region_id),
            phone=row.phone,
            grade=Grade(row.grade),
            proposed=row.proposed,
            by_hand=row.by_hand,
            until=row.until,
            reason=row.reason,
            contact_id=row.contact_id,
            given_at=row.given_at,
            given_by=row.given_by,
            ended_at=row.ended_at,
            ended_why=GradeEnd(row.ended_why) if row.ended_why else None,
        )
        for row in rows
    ]
