"""The A1 ledger: what has been confirmed, by what means, and adding a line."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from siaga.accounts import queries as accounts
from siaga.accounts.types import Permission
from siaga.intake import queries as intake
from siaga.kernel import clock
from siaga.kernel.errors import Forbidden, InvalidField
from siaga.triage import queries as triage
from siaga.triage import services
from siaga.triage.types import EvidenceKind, EvidenceView, Truth
from siaga.web.accounts.access import RegionRequest, requires
from siaga.web.console.forms import EvidenceForm
from siaga.web.console.pages import part
from siaga.web.console.wording import OFFERED_EVIDENCE
from siaga.web.shared.htmx import toast, trigger
from siaga.web.shared.marks import mark


@require_GET
@requires(Permission.CONSOLE_USE, Permission.REPORTS_READ)
def of_report(request: RegionRequest, region: str, report_id: UUID) -> HttpResponse:
    """The ledger of a report that belongs to no incident yet."""
    report = intake.report_for(request.viewer, report_id)
    shown = context(request, report_id=report.id)
    shown |= {"truth": triage.truth_of_report(request.region_id, report.id), "report": report}
    return part(request, "console/_ledger.html", shown)


@require_POST
@requires(Permission.CONSOLE_USE, Permission.REPORTS_VERIFY)
def add(
    request: RegionRequest,
    region: str,
    report_id: UUID | None = None,
    incident_id: UUID | None = None,
) -> HttpResponse:
    """Write a line: about a report, or about the incident as a whole."""
    if report_id is not None:
        intake.report_for(request.viewer, report_id)
    else:
        triage.incident_for(request.viewer, incident_id or UUID(int=0))
    form = EvidenceForm(request.POST)
    if not form.is_valid():
        raise InvalidField(field="kind", message=_("Choose how it was confirmed."))
    ensure_may_offer(request, form.evidence)
    truth = services.add_evidence(
        form.evidence,
        region_id=request.region_id,
        report_id=report_id,
        incident_id=incident_id,
        confirms=form.cleaned_data["confirms"] != "no",
        note=form.cleaned_data["note"],
        by=request.viewer.actor,
        now=clock.now(),
    )
    response = HttpResponse(status=204)
    trigger(response, "siaga:close")
    return toast(response, _said(truth), also=("siaga:resync",))


def ensure_may_offer(request: RegionRequest, kind: EvidenceKind) -> None:
    """A decision of the supervisor is the supervisor's."""
    override = kind is EvidenceKind.SUPERVISOR_OVERRIDE
    if override and not request.viewer.may(Permission.REPORTS_OVERRIDE):
        raise Forbidden


def context(
    request: RegionRequest, *, report_id: UUID | None = None, incident_id: UUID | None = None
) -> dict[str, Any]:
    """The lines with the names of those who wrote them, and the means on offer."""
    lines = triage.evidence(request.region_id, report_id=report_id, incident_id=incident_id)
    may_override = request.viewer.may(Permission.REPORTS_OVERRIDE)
    return {
        "evidence": _named(lines),
        "means": [
            (kind.value, mark("evidence", kind).label)
            for kind in OFFERED_EVIDENCE
            if may_override or kind is not EvidenceKind.SUPERVISOR_OVERRIDE
        ],
    }


def _named(lines: Iterable[EvidenceView]) -> list[dict[str, Any]]:
    found = list(lines)
    names = accounts.person_names({line.by for line in found if line.by})
    return [
        {
            "kind": line.kind,
            "at": line.at,
            "who": names.get(line.by, "") if line.by else "",
            "note": line.note if line.confirms else _refuted(line.note),
            "confirms": line.confirms,
        }
        for line in found
    ]


def _refuted(note: str) -> str:
    said = _("says it is not true")
    return f"{said}: {note}" if note else said


def _said(truth: Truth) -> str:
    words = {
        Truth.A1: _("Recorded. It counts as A1."),
        Truth.FALSE: _("Recorded. It counts as false."),
        Truth.UNVERIFIED: _("Recorded. It is not A1 yet."),
    }
    return words[truth]
