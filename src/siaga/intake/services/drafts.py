"""What is typed and not yet filed."""

from datetime import datetime
from typing import Any

from siaga.intake.errors import NotYourContact
from siaga.intake.models import Contact, Draft
from siaga.intake.types import ContactId
from siaga.journal.types import Actor
from siaga.kernel.types import RegionId


def save_draft(
    contact_id: ContactId, data: dict[str, Any], *, region_id: RegionId, by: Actor, now: datetime
) -> None:
    """Keep what the holder of the contact has typed so far."""
    person_id = by.person_id
    if person_id is None:
        raise NotYourContact
    held = Contact.objects.filter(id=contact_id, region_id=region_id, claimed_by=person_id)
    if not held.exists():
        raise NotYourContact
    Draft.objects.update_or_create(
        contact_id=contact_id,
        defaults={
            "region_id": region_id,
            "person_id": person_id,
            "data": data,
            "saved_at": now,
        },
    )


def discard_draft(contact_id: ContactId, *, region_id: RegionId) -> None:
    """The draft has become a report, or is not wanted."""
    Draft.objects.filter(contact_id=contact_id, region_id=region_id).delete()
