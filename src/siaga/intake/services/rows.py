"""Finding and locking the room's own rows; the clock of what waits."""

from datetime import datetime
from uuid import UUID

from siaga.intake import rules
from siaga.intake.models import Contact
from siaga.intake.types import ContactId
from siaga.journal import deadlines
from siaga.journal.types import Actor
from siaga.kernel.errors import InvalidField, NotFound
from siaga.kernel.types import Channel, RegionId

WAITING_ALARM = "intake.waiting_too_long"
SILENT_HOLD = "intake.hold_went_silent"
CLOCKS = (WAITING_ALARM, SILENT_HOLD)


def watch(contact: Contact, now: datetime) -> None:
    """Whatever waits has a clock; it is set anew until a person has taken the contact."""
    deadlines.set_deadline(
        RegionId(contact.region_id),
        name=WAITING_ALARM,
        subject_id=contact.id,
        due_at=rules.waiting_alarm_at(Channel(contact.channel), contact.rank, now),
    )


def watch_hold(contact_id: UUID, region_id: RegionId, seen_at: datetime) -> None:
    """Whoever holds a contact is looked after too: their machine may die, or they may leave."""
    deadlines.set_deadline(
        region_id,
        name=SILENT_HOLD,
        subject_id=contact_id,
        due_at=rules.claim_returns_at(seen_at),
    )


def locked_contact(contact_id: ContactId, region_id: RegionId) -> Contact:
    """The row, locked; NotFound if absent or in another region."""
    contact = Contact.objects.select_for_update().filter(id=contact_id, region_id=region_id).first()
    if contact is None:
        raise NotFound
    return contact


def person_of(by: Actor) -> UUID:
    """Who acts; only a person can hold a contact."""
    person_id = by.person_id
    if person_id is None:
        raise InvalidField(field="by", message="only a person can hold a contact")
    return person_id
