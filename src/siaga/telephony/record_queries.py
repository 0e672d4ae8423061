"""Reads about Asterisk's own record: whether it can be written, and what it lacks."""

import os
from datetime import datetime, timedelta

from siaga.kernel.types import RegionId
from siaga.telephony import models
from siaga.telephony.asterisk import centre

SCARCE_BYTES = 256 << 20
"""With less than this, somebody has to make room before calls are lost to the record."""
LATELY = timedelta(days=1)


def free_bytes() -> int | None:
    """Room for the record; 0 where it cannot be written at all, None without a telephone."""
    folder = centre.home() / "cel"
    if not folder.exists():
        return None
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize if os.access(folder, os.W_OK) else 0


def is_scarce() -> bool:
    """Whether the disk under the record is nearly full."""
    free = free_bytes()
    return free is not None and free < SCARCE_BYTES


def unrecorded(now: datetime, region_id: RegionId | None = None) -> tuple[int, datetime | None]:
    """How many calls of the last day the record lacks, wholly or in part, and when last."""
    rows = models.UnrecordedCall.objects.filter(noted_at__gte=now - LATELY)
    if region_id is not None:
        rows = rows.filter(region_id=region_id)
    last = rows.order_by("-noted_at").values_list("noted_at", flat=True).first()
    return rows.count(), last
