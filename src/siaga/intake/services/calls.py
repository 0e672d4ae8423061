"""What becomes of a contact that is a call, told to the telephone's call-back list."""

from siaga.intake.events import ContactDisposed, DispositionUndone, ReportReceived
from siaga.intake.types import ContactDisposition
from siaga.journal.types import Entry
from siaga.telephony.callbacks import services as callbacks
from siaga.telephony.callbacks.types import CallbackEnd


def contact_disposed(entry: Entry[ContactDisposed]) -> None:
    """Cut off means to call back; every other outcome means that nobody need."""
    contact_id, region_id = entry.fact.contact_id, entry.region_id
    if entry.fact.disposition == ContactDisposition.CUT_OFF:
        callbacks.cut_off(contact_id, region_id=region_id, by=entry.actor, now=entry.at)
        return
    callbacks.contact_settled(
        contact_id, CallbackEnd.CONTACT_ENDED, region_id=region_id, by=entry.actor, now=entry.at
    )


def disposition_undone(entry: Entry[DispositionUndone]) -> None:
    """The contact is in hand again, and so is what its outcome had settled."""
    callbacks.contact_reopened(
        entry.fact.contact_id, region_id=entry.region_id, by=entry.actor, now=entry.at
    )


def report_received(entry: Entry[ReportReceived]) -> None:
    """A call that became a report was heard."""
    callbacks.contact_settled(
        entry.fact.contact_id,
        CallbackEnd.REPORTED,
        region_id=entry.region_id,
        by=entry.actor,
        now=entry.at,
    )
