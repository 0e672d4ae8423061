"""Reports: read, open an incident from, join to one."""

from typing import Any
from uuid import UUID

from ninja import Router, Status

from siaga.accounts.types import Permission
from siaga.intake import queries, services
from siaga.kernel import clock
from siaga.regions import queries as region_queries
from siaga.regions import rules as region_rules
from siaga.triage import queries as triage_queries
from siaga.triage import services as triage
from siaga.triage.types import Verdict
from siaga.web.api.contacts import place_of
from siaga.web.api.guard import ApiRequest, operation, viewer_of
from siaga.web.api.pages import LIMIT_DEFAULT, Page, bounded, page, read_cursor
from siaga.web.api.schemas import EvidenceIn, IdOut, OpenIncidentIn, RefuseIn, ReportOut

router = Router(tags=["reports"])


@router.get("reports", response=Page[ReportOut])
@operation(Permission.REPORTS_READ)
def reports(request: ApiRequest, cursor: str = "", limit: int = LIMIT_DEFAULT) -> Any:
    """All reports, newest first."""
    found = queries.reports(
        viewer_of(request), before=read_cursor(cursor), limit=bounded(limit) + 1
    )
    return page(request, found, limit, at="received_at")


@router.get("reports/{uuid:report_id}", response=ReportOut)
@operation(Permission.REPORTS_READ)
def report(request: ApiRequest, report_id: UUID) -> Any:
    """One report."""
    return queries.report_for(viewer_of(request), report_id)


@router.post("reports/{uuid:report_id}/evidence", response={204: None})
@operation(Permission.REPORTS_VERIFY)
def add_evidence(request: ApiRequest, report_id: UUID, said: EvidenceIn) -> Any:
    """Add a line to the report's A1 ledger."""
    seen = queries.report_for(viewer_of(request), report_id)
    triage.add_evidence(
        said.kind,
        region_id=seen.region_id,
        report_id=seen.id,
        confirms=said.confirms,
        note=said.note,
        by=viewer_of(request).actor,
        now=clock.now(),
    )
    return Status(204, None)


@router.post("reports/{uuid:report_id}/incident", response={201: IdOut})
@operation(Permission.INCIDENTS_OPEN)
def open_incident(request: ApiRequest, report_id: UUID, said: OpenIncidentIn) -> Any:
    """Open an incident from the report."""
    seen = queries.report_for(viewer_of(request), report_id)
    incident_id = triage.open_incident(
        seen.id,
        Verdict(
            type_code=said.type_code,
            urgency=said.urgency,
            place=place_of(said.place),
            summary=said.summary,
        ),
        region_id=seen.region_id,
        by=viewer_of(request).actor,
        now=clock.now(),
    )
    return Status(201, {"id": incident_id})


@router.post("reports/{uuid:report_id}/refuse", response={204: None})
@operation(Permission.CONTACTS_DISPOSE)
def refuse(request: ApiRequest, report_id: UUID, said: RefuseIn) -> Any:
    """Refuse with a sentence for the citizen; without one, the profile's own for the type."""
    seen = queries.report_for(viewer_of(request), report_id)
    reason = said.reason
    if not reason:
        profile = region_queries.profile(seen.region_id)
        verdict = region_rules.scope_verdict(profile, seen.type_code, clock.now())
        reason = verdict.sentence.said_in(seen.language) if verdict.sentence else ""
    services.refuse(
        seen.id,
        region_id=seen.region_id,
        reason=reason,
        by=viewer_of(request).actor,
        now=clock.now(),
    )
    return Status(204, None)


@router.post("reports/{uuid:report_id}/join/{uuid:incident_id}", response={204: None})
@operation(Permission.INCIDENTS_JOIN)
def join(request: ApiRequest, report_id: UUID, incident_id: UUID) -> Any:
    """The report speaks of an incident that is open already."""
    seen = queries.report_for(viewer_of(request), report_id)
    incident = triage_queries.incident_for(viewer_of(request), incident_id)
    triage.join(
        seen.id,
        incident.id,
        region_id=seen.region_id,
        by=viewer_of(request).actor,
        now=clock.now(),
    )
    return Status(204, None)
