"""Reports: what one citizen says happened."""

from datetime import datetime

from django.db import transaction

from siaga.intake import events, rules
from siaga.intake.errors import AlreadyEnded, NotYourContact, ReportAlreadyHandled
from siaga.intake.models import Contact, Report
from siaga.intake.services.drafts import discard_draft
from siaga.intake.services.rows import CLOCKS
from siaga.intake.types import (
    ContactDisposition,
    ContactId,
    ContactState,
    LocationState,
    ReportId,
    ReportState,
    Telling,
)
from siaga.journal import deadlines
from siaga.journal import services as journal
from siaga.journal.types import Actor
from siaga.kernel.errors import NotFound
from siaga.kernel.types import RegionId
from siaga.regions import queries as region_queries

_OPEN_STATES = (ReportState.RECEIVED, ReportState.IN_TRIAGE)
_ENDED_STATES = (ReportState.REFUSED, ReportState.ANSWERED)


def file_web_report(
    contact_id: ContactId,
    telling: Telling,
    *,
    region_id: RegionId,
    tracking_code: str,
    refusal: str | None = None,
    by: Actor,
    now: datetime,
) -> ReportId:
    """A citizen sent the form: the contact that its message opened has its report already.

    With a `refusal`, the region's sentence, it is refused as it comes in and nothing else is told.
    """
    with transaction.atomic():
        contact = Contact.objects.select_for_update().get(id=contact_id, region_id=region_id)
        contact.type_code = telling.type_code
        contact.confidential = _is_confidential(region_id, telling)
        if telling.answers.get("danger"):
            contact.rank = min(contact.rank, rules.RANK_RED_FLAG)
        contact.save(update_fields=["type_code", "confidential", "rank"])
        report = _new(contact, telling, now)
        report.tracking_code = tracking_code
        if refusal is not None:
            report.state, report.refusal = ReportState.REFUSED, refusal[:500]
        _insert(report, by=by, now=now)
        if refusal is not None:
            _end_refused(report, contact, by=by, now=now)
        return ReportId(report.id)


def file_report(
    contact_id: ContactId, telling: Telling, *, region_id: RegionId, by: Actor, now: datetime
) -> ReportId:
    """The call taker writes the report down (or completes it); the contact has become a report."""
    with transaction.atomic():
        contact = (
            Contact.objects.select_for_update().filter(id=contact_id, region_id=region_id).first()
        )
        if contact is None:
            raise NotFound
        if contact.state == ContactState.DISPOSED:
            raise AlreadyEnded
        if contact.claimed_by != by.person_id:
            raise NotYourContact
        report = Report.objects.filter(contact=contact).first()
        if report is None:
            report = _new(contact, telling, now)
            _insert(report, by=by, now=now)
        report_id = ReportId(report.id)
        update_report(report_id, telling, region_id=region_id, by=by, now=now)
        contact.state, contact.waiting_since, contact.unread = ContactState.REPORTED, None, 0
        contact.type_code = telling.type_code
        contact.confidential = contact.confidential or _is_confidential(region_id, telling)
        contact.save()
        discard_draft(contact_id, region_id=region_id)
        deadlines.cancel_deadlines(region_id, contact_id, now=now, names=CLOCKS)
        return report_id


def update_report(
    report_id: ReportId, telling: Telling, *, region_id: RegionId, by: Actor, now: datetime
) -> None:
    """Write down what is known by now; the first moments of place and type are kept."""
    report = _locked(report_id, region_id)
    if report.state in _ENDED_STATES:
        raise ReportAlreadyHandled
    _fill(report, telling, now)
    if report.state == ReportState.RECEIVED and by.person_id is not None:
        report.state = ReportState.IN_TRIAGE
    report.save()
    journal.record(
        events.ReportCompleted(
            report_id=report_id,
            contact_id=report.contact_id,
            type_code=report.type_code,
            location_state=report.location_state,
        ),
        region_id=region_id,
        by=by,
        now=now,
    )


def refuse(
    report_id: ReportId, *, region_id: RegionId, reason: str, by: Actor, now: datetime
) -> None:
    """Refuse with the sentence the citizen gets; the contact ends as refused."""
    with transaction.atomic():
        # The contact first, as everywhere: a message that just came in stands before or after.
        contact = Contact.objects.select_for_update().filter(reports=report_id).first()
        report = _locked(report_id, region_id)
        if contact is None or report.state not in _OPEN_STATES:
            raise ReportAlreadyHandled
        report.state, report.refusal = ReportState.REFUSED, reason[:500]
        report.save(update_fields=["state", "refusal"])
        _end_refused(report, contact, by=by, now=now)


def mark_state(
    report_id: ReportId, state: ReportState, *, region_id: RegionId, now: datetime
) -> None:
    """Triage has attached the report to an incident, or taken it out again.

    Raises ReportAlreadyHandled if somebody refused or answered it at the same moment.
    """
    with transaction.atomic():
        # The contact first, as everywhere.
        contact = Contact.objects.select_for_update().filter(reports=report_id).first()
        rows = Report.objects.filter(id=report_id, region_id=region_id)
        if not rows.exclude(state__in=_ENDED_STATES).update(state=state):
            raise ReportAlreadyHandled
        if state is ReportState.ATTACHED and contact is not None:
            _let_go(contact, now)


def _let_go(contact: Contact, now: datetime) -> None:
    """Its report has an incident: nobody need hold the contact, and a new message waits again."""
    if contact.state not in (ContactState.WAITING, ContactState.CLAIMED):
        return
    contact.state, contact.waiting_since, contact.unread = ContactState.REPORTED, None, 0
    contact.save(update_fields=["state", "waiting_since", "unread"])
    region_id = RegionId(contact.region_id)
    deadlines.cancel_deadlines(region_id, contact.id, now=now, names=CLOCKS)


def mark_answered(report_id: ReportId, *, region_id: RegionId, by: Actor, now: datetime) -> None:
    """The reporter has been told the outcome."""
    report = _locked(report_id, region_id)
    if report.answered_at is not None:
        return
    if report.state != ReportState.REFUSED:
        report.state = ReportState.ANSWERED
    report.answered_at = now
    report.save(update_fields=["state", "answered_at"])
    journal.record(
        events.ReportAnswered(report_id=report_id, contact_id=report.contact_id),
        region_id=region_id,
        by=by,
        now=now,
    )


def mark_reopened(report_id: ReportId, *, region_id: RegionId) -> None:
    """The answer did not hold: the report waits for another one."""
    Report.objects.filter(id=report_id, region_id=region_id, state=ReportState.ANSWERED).update(
        state=ReportState.ATTACHED, answered_at=None
    )


def _new(contact: Contact, telling: Telling, now: datetime) -> Report:
    report = Report(
        region_id=contact.region_id,
        contact=contact,
        channel=contact.channel,
        correspondent_id=contact.correspondent_id,
        received_at=contact.received_at,
        is_test=contact.is_test,
    )
    _fill(report, telling, now)
    return report


def _insert(report: Report, *, by: Actor, now: datetime) -> None:
    report.save(force_insert=True)
    journal.record(
        events.ReportReceived(
            report_id=report.id,
            contact_id=report.contact_id,
            channel=report.channel,
            type_code=report.type_code,
            narrative=rules.preview_of(report.narrative),
            is_test=report.is_test,
        ),
        region_id=RegionId(report.region_id),
        by=by,
        now=now,
    )


def _end_refused(report: Report, contact: Contact, *, by: Actor, now: datetime) -> None:
    region_id = RegionId(report.region_id)
    contact.state, contact.disposition = ContactState.DISPOSED, ContactDisposition.REFUSED
    contact.disposed_at, contact.disposed_by = now, by.person_id
    contact.waiting_since, contact.unread = None, 0
    contact.save()
    deadlines.cancel_deadlines(region_id, contact.id, now=now, names=CLOCKS)
    journal.record(
        events.ReportRefused(report_id=report.id, contact_id=contact.id, reason=report.refusal),
        region_id=region_id,
        by=by,
        now=now,
    )


def _fill(report: Report, telling: Telling, now: datetime) -> None:
    report.language = telling.language
    report.narrative = telling.narrative
    report.type_code = telling.type_code
    report.urgency = telling.urgency or report.urgency
    report.area_code = telling.place.area_code
    report.place_text = telling.place.text[:300]
    report.lat = telling.place.point.lat if telling.place.point else None
    report.lng = telling.place.point.lng if telling.place.point else None
    report.location_state = telling.place.state
    report.anonymous = telling.anonymous
    report.reporter_name = "" if telling.anonymous else telling.reporter_name[:120]
    report.reporter_phone = telling.reporter_phone
    report.confidential = report.confidential or _is_confidential(
        RegionId(report.region_id), telling
    )
    report.answers = telling.answers
    if telling.type_code and report.type_known_at is None:
        report.type_known_at = now
    if telling.place.state == LocationState.KNOWN and report.location_known_at is None:
        report.location_known_at = now


def _is_confidential(region_id: RegionId, telling: Telling) -> bool:
    case = region_queries.profile(region_id).types_by_code.get(telling.type_code)
    return telling.confidential or (case is not None and (case.confidential or case.restricted))


def _locked(report_id: ReportId, region_id: RegionId) -> Report:
    report = Report.objects.select_for_update().filter(id=report_id, region_id=region_id).first()
    if report is None:
        raise NotFound
    return report
