"""From the form to a report, to an incident, to the agencies: as far as the key said."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from siaga.accounts.types import Permission
from siaga.dispatch import services as dispatch
from siaga.dispatch.errors import NotCleared, UnknownAgency
from siaga.dispatch.services.sending import Order
from siaga.intake import queries as intake
from siaga.intake import services
from siaga.intake.types import ContactView, LocationState, ReportId
from siaga.kernel import clock
from siaga.kernel.errors import Forbidden
from siaga.kernel.types import Urgency
from siaga.triage import queries as triage
from siaga.triage import services as triage_services
from siaga.triage.errors import NeedsA1, PlaceUnknown, UrgencyMayOnlyRise
from siaga.triage.types import EvidenceKind, IncidentId, Verdict
from siaga.web.accounts.access import RegionRequest, requires
from siaga.web.console import contacts, guiding, incidents
from siaga.web.console.forms import ReportForm, Written
from siaga.web.console.guiding import Standing
from siaga.web.console.pages import opened, refused
from siaga.web.console.phone import wrapup
from siaga.web.shared.htmx import toast, trigger

SUMMARY_CHARACTERS_MAX = 500


class Then(StrEnum):
    """How far to go with what has been written."""

    REPORT = "report"
    OPEN = "open"
    SEND = "send"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The filled form with what it amounts to."""

    contact: ContactView
    written: Written
    standing: Standing
    now: datetime


@require_POST
@requires(Permission.CONSOLE_USE, Permission.REPORTS_WRITE)
def file(request: RegionRequest, region: str, contact_id: UUID) -> HttpResponse:
    """File the report; open the incident and send it if the key said so."""
    then = _then(request)
    sheet = _sheet(request, contact_id)
    refusal = _not_yet(sheet, then)
    if refusal is not None:
        return refusal
    with transaction.atomic():
        report_id = _file(request, sheet)
        if then is Then.REPORT:
            return _filed(request, sheet.contact, report_id)
        incident_id = _open(request, sheet, report_id)
    trouble = _send(request, sheet, incident_id) if then is Then.SEND else ""
    incident = triage.incident_for(request.viewer, incident_id)
    shown = incidents.work(request, incident, contact_id=sheet.contact.id)
    said = trouble or _opened_words(incident.code, then)
    response = trigger(opened(request, shown), "siaga:draft-done")
    return toast(wrapup.written_up(request, sheet.contact, response, ended=False), said)


@require_POST
@requires(Permission.CONSOLE_USE, Permission.REPORTS_WRITE, Permission.INCIDENTS_JOIN)
def join(request: RegionRequest, region: str, contact_id: UUID, incident_id: UUID) -> HttpResponse:
    """File the report and let it speak of an incident that is already open."""
    sheet = _sheet(request, contact_id)
    incident = triage.incident_for(request.viewer, incident_id)
    with transaction.atomic():
        report_id = _file(request, sheet)
        triage_services.join(
            report_id,
            incident.id,
            region_id=request.region_id,
            by=request.viewer.actor,
            now=sheet.now,
        )
        _raise_if_more_urgent(request, sheet, incident.id, incident.urgency)
        if intake.report_for(request.viewer, report_id).confidential:
            # The incident becomes confidential with it; who joined them stays among those named.
            triage_services.name_person(
                incident.id, request.viewer.person_id, region_id=request.region_id
            )
    after = triage.incident_for(request.viewer, incident.id)
    shown = incidents.work(request, after, contact_id=sheet.contact.id)
    response = trigger(opened(request, shown), "siaga:draft-done")
    wrapup.written_up(request, sheet.contact, response, ended=False)
    return toast(response, _("Joined to %(code)s.") % {"code": after.code})


def _then(request: RegionRequest) -> Then:
    said = request.POST.get("then", "")
    then = Then(said) if said in set(Then) else Then.REPORT
    needed = {Then.OPEN: Permission.INCIDENTS_OPEN, Then.SEND: Permission.INCIDENTS_DISPATCH}
    if then in needed and not request.viewer.may(needed[then]):
        raise Forbidden
    return then


def _sheet(request: RegionRequest, contact_id: UUID) -> Sheet:
    contact = intake.contact_for(request.viewer, contact_id)
    written = ReportForm(request.POST).written(request.region_id)
    now = clock.now()
    return Sheet(contact, written, guiding.standing(request.region_id, written, now), now)


def _not_yet(sheet: Sheet, then: Then) -> HttpResponse | None:
    """What is still missing, with the cursor where it can be given. Never the narrative."""
    standing = sheet.standing
    if then is Then.REPORT:
        if not sheet.written.narrative and standing.case is None:
            return refused(_("Write what happened, or choose the type."), focus="id_narrative")
        return None
    if standing.case is None or standing.effective is None:
        return refused(_("Choose the type first; a few letters are enough."), focus="type-input")
    if standing.refused:
        return refused(
            _("This region does not take this type. Refuse it with its sentence (key X)."),
            focus="type-input",
        )
    if standing.lifted and standing.floor is not None:
        raise UrgencyMayOnlyRise(urgency=standing.floor.value)
    if then is Then.SEND and not sheet.written.place.is_plausible:
        return refused(str(PlaceUnknown.sentence), focus="place-input")
    if then is Then.SEND and not any(tick.chosen for tick in standing.agencies):
        return refused(_("Tick at least one agency."), focus="agencies")
    return None


def _file(request: RegionRequest, sheet: Sheet) -> ReportId:
    report_id = services.file_report(
        sheet.contact.id,
        sheet.written.telling(sheet.contact.language),
        region_id=request.region_id,
        by=request.viewer.actor,
        now=sheet.now,
    )
    if sheet.standing.coherent and not _is_recorded(request, report_id):
        asked = [question.ask for question in sheet.standing.guide.consistency]
        triage_services.add_evidence(
            EvidenceKind.CONSISTENCY_QUESTIONS,
            region_id=request.region_id,
            report_id=report_id,
            note=" / ".join(asked)[:SUMMARY_CHARACTERS_MAX],
            by=request.viewer.actor,
            now=sheet.now,
        )
    return report_id


def _is_recorded(request: RegionRequest, report_id: ReportId) -> bool:
    lines = triage.evidence(request.region_id, report_id=report_id)
    return any(line.kind is EvidenceKind.CONSISTENCY_QUESTIONS for line in lines)


def _open(request: RegionRequest, sheet: Sheet, report_id: ReportId) -> IncidentId:
    standing = sheet.standing
    assert standing.case is not None and standing.effective is not None, "checked by _not_yet"
    return triage_services.open_incident(
        report_id,
        Verdict(
            type_code=standing.case.code,
            urgency=standing.effective,
            place=sheet.written.place,
            summary=(sheet.written.narrative or standing.type_name)[:SUMMARY_CHARACTERS_MAX],
            confidential=sheet.written.confidential,
        ),
        region_id=request.region_id,
        by=request.viewer.actor,
        now=sheet.now,
    )


def _send(request: RegionRequest, sheet: Sheet, incident_id: IncidentId) -> str:
    """Send to the ticked agencies; the incident stays open where the region holds it back."""
    orders = [
        Order(agency_code=tick.code, role=tick.role, note=sheet.written.note)
        for tick in sheet.standing.agencies
        if tick.chosen
    ]
    try:
        with transaction.atomic():
            dispatch.send(
                incident_id,
                orders,
                region_id=request.region_id,
                by=request.viewer.actor,
                now=sheet.now,
            )
    except (NeedsA1, NotCleared, PlaceUnknown, UnknownAgency) as trouble:
        return trouble.message
    return ""


def _raise_if_more_urgent(
    request: RegionRequest, sheet: Sheet, incident_id: UUID, present: Urgency
) -> None:
    """A second voice may know that it is worse; it never makes it less urgent."""
    heard = sheet.standing.effective
    if heard is None or sheet.standing.case is None or heard.rank >= present.rank:
        return
    reasons = guiding.raising_reasons(sheet.written)
    if not (reasons or sheet.standing.chosen):
        return
    triage_services.raise_urgency(
        incident_id,
        heard,
        region_id=request.region_id,
        reason="; ".join(reasons) or _("As a further reporter tells it."),
        by=request.viewer.actor,
        now=sheet.now,
    )


def _filed(request: RegionRequest, contact: ContactView, report_id: ReportId) -> HttpResponse:
    after = intake.contact_for(request.viewer, contact.id)
    report = intake.report_for(request.viewer, report_id)
    response = trigger(opened(request, contacts.work(request, after, report)), "siaga:draft-done")
    wrapup.written_up(request, contact, response, ended=False)
    said = _("Report filed: %(code)s.") % {"code": report.tracking_code}
    if report.place.state is LocationState.AMBIGUOUS:
        said = _("Report filed. The place is not certain yet: ask again.")
    return toast(response, said)


def _opened_words(code: str, then: Then) -> str:
    if then is Then.SEND:
        return _("%(code)s sent.") % {"code": code}
    return _("%(code)s opened.") % {"code": code}
