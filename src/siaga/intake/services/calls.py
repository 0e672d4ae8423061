"""What becomes of a contact that is a call: the call-back list and its number's grade follow."""

from siaga.intake import reputation, rules
from siaga.intake.events import ContactDisposed, DispositionUndone, ReportReceived
from siaga.intake.models import Contact
from siaga.intake.services import nuisance
from siaga.intake.types import ContactDisposition
from siaga.journal.types import Entry
from siaga.kernel.types import Channel
from siaga.telephony.callbacks import services as callbacks
from siaga.telephony.callbacks.types import CallbackEnd
from siaga.telephony.events import RecordingReady
from siaga.telephony.recordings import services as recordings


def contact_disposed(entry: Entry[ContactDisposed]) -> None:
    """Cut off means to call back; every other outcome means that nobody need."""
    contact_id, region_id = entry.fact.contact_id, entry.region_id
    _weigh(entry)
    is_noise = entry.fact.disposition in rules.NOISE
    recordings.judge(contact_id, region_id=region_id, is_noise=is_noise)
    if entry.fact.disposition == ContactDisposition.CUT_OFF:
        callbacks.cut_off(contact_id, region_id=region_id, by=entry.actor, now=entry.at)
        return
    callbacks.contact_settled(
        contact_id, CallbackEnd.CONTACT_ENDED, region_id=region_id, by=entry.actor, now=entry.at
    )


def disposition_undone(entry: Entry[DispositionUndone]) -> None:
    """The contact is in hand again, and so is what its outcome had settled."""
    _weigh(entry)
    recordings.judge(entry.fact.contact_id, region_id=entry.region_id, is_noise=False)
    callbacks.contact_reopened(
        entry.fact.contact_id, region_id=entry.region_id, by=entry.actor, now=entry.at
    )


def report_received(entry: Entry[ReportReceived]) -> None:
    """A call that became a report was heard, and its number begins anew."""
    contact = _contact(entry)
    if contact is not None and contact.phone:
        nuisance.reported(contact.phone, region_id=entry.region_id, by=entry.actor, now=entry.at)
    recordings.judge(entry.fact.contact_id, region_id=entry.region_id, is_noise=False)
    callbacks.contact_settled(
        entry.fact.contact_id,
        CallbackEnd.REPORTED,
        region_id=entry.region_id,
        by=entry.actor,
        now=entry.at,
    )


def recording_ready(entry: Entry[RecordingReady]) -> None:
    """The outcome may be known before the recording is."""
    if entry.fact.contact_id is None:
        return
    rows = Contact.objects.filter(region_id=entry.region_id, id=entry.fact.contact_id)
    contact = rows.first()
    if contact is not None and contact.disposition in rules.NOISE:
        recordings.judge(contact.id, region_id=entry.region_id, is_noise=True)


def _weigh(entry: Entry[ContactDisposed] | Entry[DispositionUndone]) -> None:
    contact = _contact(entry)
    if contact is None or not contact.phone or contact.channel != Channel.PHONE:
        return
    if entry.fact.disposition in reputation.WEIGHTS:
        nuisance.weigh(
            contact.phone,
            region_id=entry.region_id,
            contact_id=contact.id,
            without=contact.id if isinstance(entry.fact, DispositionUndone) else None,
            by=entry.actor,
            now=entry.at,
        )


def _contact(
    entry: Entry[ContactDisposed] | Entry[DispositionUndone] | Entry[ReportReceived],
) -> Contact | None:
    rows = Contact.objects.filter(region_id=entry.region_id, id=entry.fact.contact_id)
    return rows.first()
