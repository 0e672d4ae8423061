"""How a contact ends with one key, and how that is taken back."""

from datetime import datetime

from django.db import transaction

from siaga.intake import events, rules
from siaga.intake.errors import AlreadyEnded, NotYourContact, UndoTooLate
from siaga.intake.models import Contact, Draft, Report
from siaga.intake.services.rows import (
    CLOCKS,
    locked_contact,
    person_of,
    watch_hold,
)
from siaga.intake.types import ContactDisposition, ContactId, ContactState, ReportState
from siaga.journal import deadlines
from siaga.journal import services as journal
from siaga.journal.types import Actor
from siaga.kernel.types import RegionId


def dispose(
    contact_id: ContactId,
    disposition: ContactDisposition,
    *,
    region_id: RegionId,
    note: str = "",
    by: Actor,
    now: datetime,
) -> None:
    """End a contact with one key. A report filed on the web with it is refused along with it."""
    with transaction.atomic():
        contact = locked_contact(contact_id, region_id)
        if contact.state == ContactState.DISPOSED:
            raise AlreadyEnded
        report = Report.objects.select_for_update().filter(contact=contact).first()
        if contact.state == ContactState.REPORTED or (
            report is not None and report.state == ReportState.ATTACHED
        ):
            raise AlreadyEnded
        contact.state, contact.disposition = ContactState.DISPOSED, disposition
        contact.disposition_note, contact.disposed_at = note[:500], now
        contact.disposed_by = by.person_id
        contact.waiting_since, contact.unread = None, 0
        contact.save()
        if report is not None:
            report.state = ReportState.REFUSED
            # The citizen reads it; of a prank they read nothing.
            report.refusal = note[:500] if disposition in rules.REFUSALS else ""
            report.save(update_fields=["state", "refusal"])
        Draft.objects.filter(contact=contact).delete()
        deadlines.cancel_deadlines(region_id, contact_id, now=now, names=CLOCKS)
        journal.record(
            events.ContactDisposed(
                contact_id=contact_id,
                report_id=report.id if report else None,
                disposition=disposition,
                note=note,
            ),
            region_id=region_id,
            by=by,
            now=now,
        )


def undo_disposition(
    contact_id: ContactId, *, region_id: RegionId, by: Actor, now: datetime, late: bool = False
) -> None:
    """Take an outcome back: the contact is in the hands of whoever undid it.

    Within ten minutes, or at any time if `late` (for whoever may reopen). Raises UndoTooLate.
    """
    with transaction.atomic():
        contact = locked_contact(contact_id, region_id)
        if contact.state != ContactState.DISPOSED or contact.disposed_at is None:
            raise NotYourContact
        if not late and not rules.may_undo(contact.disposed_at, now):
            raise UndoTooLate
        take_back(contact, ContactState.CLAIMED, by=by, now=now)
        contact.claimed_by, contact.claimed_at, contact.claim_seen_at = person_of(by), now, now
        contact.save()
        watch_hold(contact_id, region_id, now)


def take_back(contact: Contact, state: ContactState, *, by: Actor, now: datetime) -> None:
    """The contact has no outcome any more, nor has its report; the caller saves the contact."""
    former = contact.disposition
    contact.state, contact.disposition, contact.disposition_note = state, "", ""
    contact.disposed_at = contact.disposed_by = None
    Report.objects.filter(contact=contact, state=ReportState.REFUSED).update(
        state=ReportState.RECEIVED, refusal="", answered_at=None
    )
    journal.record(
        events.DispositionUndone(contact_id=contact.id, disposition=former),
        region_id=RegionId(contact.region_id),
        by=by,
        now=now,
    )
