"""Contacts that nobody need look at: our own test call, and who was told all by the notice."""

from datetime import datetime
from uuid import UUID

from siaga.intake.models import Contact
from siaga.intake.services.outcomes import dispose
from siaga.intake.types import ContactDisposition, ContactId, ContactState
from siaga.journal.types import Actor, Entry
from siaga.kernel.types import RegionId
from siaga.telephony.events import NoticeSufficed, SelfTested

NOTICE = Actor.system("notice")
SELF_TEST = Actor.system("self-test")


def notice_sufficed(entry: Entry[NoticeSufficed]) -> None:
    """Heard the notice and hung up: one more caller about what is known, unless a person took it.

    Anybody may undo it, as every outcome.
    """
    known = entry.fact.incident_id is not None
    outcome = ContactDisposition.DUPLICATE if known else ContactDisposition.INFORMATION
    _dispose(entry.fact.call_id, entry.region_id, outcome, NOTICE, entry.at)


def self_tested(entry: Entry[SelfTested]) -> None:
    """The nightly call was no citizen."""
    if entry.fact.call_id is not None:
        outcome = ContactDisposition.TEST
        _dispose(entry.fact.call_id, entry.region_id, outcome, SELF_TEST, entry.at)


def _dispose(
    contact_id: UUID, region_id: RegionId, outcome: ContactDisposition, by: Actor, now: datetime
) -> None:
    waits = Contact.objects.filter(
        id=contact_id, region_id=region_id, state=ContactState.WAITING, claimed_by=None
    )
    found = waits.select_for_update().first()
    if found is not None:
        dispose(ContactId(found.id), outcome, region_id=region_id, by=by, now=now)
