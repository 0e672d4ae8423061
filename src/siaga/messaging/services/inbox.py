"""The stored deliveries: read again, or thrown out after their time."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from siaga.journal.types import Actor
from siaga.messaging.models import Inbound
from siaga.messaging.types import InboundState

RETENTION = timedelta(days=30)
_CLEAR_BATCH = 5000


def requeue_inbound(
    inbound_ids: Iterable[int],
    *,
    by: Actor,
    now: datetime,
) -> int:
    """Read failed or quarantined deliveries again, after the cause was mended. Harmless twice."""
    return Inbound.objects.filter(
        id__in=list(inbound_ids), state__in=[InboundState.FAILED, InboundState.QUARANTINED]
    ).update(state=InboundState.NEW.value, attempts=0, retry_at=None, error="")


def clear_inbound(*, now: datetime) -> int:
    """Delete deliveries that were read without trouble and are older than the retention."""
    old = Inbound.objects.filter(
        state=InboundState.DONE, received_at__lt=now - RETENTION
    ).values_list("id", flat=True)[:_CLEAR_BATCH]
    deleted, _ = Inbound.objects.filter(id__in=list(old)).delete()
    return deleted
