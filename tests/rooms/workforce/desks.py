"""A desk to sit at, for the tests of this room."""

from datetime import datetime

from siaga.accounts.types import Viewer
from siaga.journal.models import JournalEntry
from siaga.kernel.types import RegionId
from siaga.workforce import services
from siaga.workforce.types import PositionId, PositionKind, SittingId


def desk(
    by: Viewer, now: datetime, code: str = "meja-1", kind: PositionKind = PositionKind.CALL_TAKING
) -> PositionId:
    """A desk set up by somebody of the region."""
    return services.open_position(
        region_id=by.region_id,
        code=code,
        name=code.replace("-", " ").title(),
        kind=kind,
        by=by.actor,
        now=now,
    )


def sit(who: Viewer, position: PositionId, now: datetime, *, relieve: bool = False) -> SittingId:
    """Take the desk oneself."""
    return services.take_position(
        position_id=position, person_id=who.person_id, relieve=relieve, by=who.actor, now=now
    )


def facts(region_id: RegionId) -> list[str]:
    """What this room has recorded in the region, in order."""
    names = JournalEntry.objects.filter(region_id=region_id, name__startswith="workforce.")
    return list(names.order_by("seq").values_list("name", flat=True))
