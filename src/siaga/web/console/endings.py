"""Setting an incident right, making it more urgent, taking reports out, closing, reopening."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from siaga.accounts.types import Permission
from siaga.followup import rules as followup_rules
from siaga.followup import services as followup
from siaga.followup.errors import CloseNeedsSupervisor
from siaga.intake import queries as intake
from siaga.kernel import clock
from siaga.kernel.errors import InvalidField, NotFound
from siaga.kernel.types import Urgency
from siaga.triage import queries as triage
from siaga.triage import services
from siaga.triage.types import IncidentDisposition, Verdict
from siaga.web.accounts.access import RegionRequest, requires
from siaga.web.console import incidents
from siaga.web.console.forms import CloseForm, CorrectForm
from siaga.web.console.pages import opened
from siaga.web.shared.htmx import toast


@require_POST
@requires(Permission.CONSOLE_USE, Permission.INCIDENTS_OPEN)
def correct(request: RegionRequest, region: str, incident_id: UUID) -> HttpResponse:
    """Type, urgency and place as they really are. Less urgent needs a reason."""
    incident = triage.incident_for(request.viewer, incident_id)
    form = CorrectForm(request.POST)
    if not form.is_valid():
        raise InvalidField(field="type_code", message=_("Choose type and urgency."))
    services.correct(
        incident.id,
        Verdict(
            type_code=form.cleaned_data["type_code"],
            urgency=Urgency(form.cleaned_data["urgency"]),
            place=form.place(request.region_id),
            summary=form.cleaned_data["summary"],
        ),
        region_id=request.region_id,
        reason=form.cleaned_data["reason"],
        by=request.viewer.actor,
        now=clock.now(),
    )
    return _again(request, incident.id, _("Corrected."))


@require_POST
@requires(Permission.CONSOLE_USE, Permission.INCIDENTS_OPEN)
def raise_urgency(request: RegionRequest, region: str, incident_id: UUID) -> HttpResponse:
    """Something got worse."""
    incident = triage.incident_for(request.viewer, incident_id)
    said = request.POST.get("urgency", "")
    reason = request.POST.get("reason", "").strip()
    if said not in set(Urgency):
        raise InvalidField(field="urgency", message=_("Choose the urgency."))
    if not reason:
        raise InvalidField(field="reason", message=_("Say in a few words what got worse."))
    services.raise_urgency(
        incident.id,
        Urgency(said),
        region_id=request.region_id,
        reason=reason[:300],
        by=request.viewer.actor,
        now=clock.now(),
    )
    return _again(request, incident.id, _("Raised to %(urgency)s.") % {"urgency": said})


@require_POST
@requires(Permission.CONSOLE_USE, Permission.INCIDENTS_JOIN)
def unjoin(request: RegionRequest, region: str, incident_id: UUID, report_id: UUID) -> HttpResponse:
    """It was another event after all: the report goes back to be verified."""
    incident = triage.incident_for(request.viewer, incident_id)
    report = intake.report_for(request.viewer, report_id)
    belongs = triage.incident_of_report(request.region_id, report.id)
    if belongs is None or belongs.id != incident.id:
        raise NotFound
    services.unjoin(
        report.id, region_id=request.region_id, by=request.viewer.actor, now=clock.now()
    )
    return _again(request, incident.id, _("Taken out. It waits to be verified."))


@require_POST
@requires(Permission.CONSOLE_USE, Permission.INCIDENTS_CLOSE)
def close(request: RegionRequest, region: str, incident_id: UUID) -> HttpResponse:
    """How it ended. Serious ones are closed by those who may."""
    incident = triage.incident_for(request.viewer, incident_id)
    serious = followup_rules.is_serious(incident.urgency)
    if serious and not request.viewer.may(Permission.INCIDENTS_CLOSE_SERIOUS):
        raise CloseNeedsSupervisor
    form = CloseForm(request.POST)
    if not form.is_valid():
        raise InvalidField(field="disposition", message=_("Choose how it ended."))
    followup.close(
        incident.id,
        IncidentDisposition(form.cleaned_data["disposition"]),
        region_id=request.region_id,
        note=form.cleaned_data["note"],
        by=request.viewer.actor,
        now=clock.now(),
    )
    return _again(request, incident.id, _("Closed. The reporters are told."))


@require_POST
@requires(Permission.CONSOLE_USE, Permission.INCIDENTS_REOPEN)
def reopen(request: RegionRequest, region: str, incident_id: UUID) -> HttpResponse:
    """It is not settled after all."""
    incident = triage.incident_for(request.viewer, incident_id)
    reason = request.POST.get("reason", "").strip()
    if not reason:
        raise InvalidField(field="reason", message=_("Say why it is opened again."))
    followup.reopen(
        incident.id,
        region_id=request.region_id,
        reason=reason[:300],
        by=request.viewer.actor,
        now=clock.now(),
    )
    return _again(request, incident.id, _("Reopened."))


def _again(request: RegionRequest, incident_id: UUID, said: str) -> HttpResponse:
    incident = triage.incident_for(request.viewer, incident_id)
    return toast(opened(request, incidents.work(request, incident)), said)
