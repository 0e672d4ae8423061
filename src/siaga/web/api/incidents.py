"""Incidents: read, send agencies, add evidence, close."""

from typing import Any
from uuid import UUID

from ninja import Router, Status

from siaga.accounts.types import Permission
from siaga.dispatch import queries as dispatch_queries
from siaga.dispatch import services as dispatch
from siaga.dispatch.services.sending import Order
from siaga.followup import rules as followup_rules
from siaga.followup import services as followup
from siaga.followup.errors import CloseNeedsSupervisor
from siaga.kernel import clock
from siaga.triage import queries
from siaga.triage import services as triage
from siaga.triage.types import IncidentStatus
from siaga.web.api.guard import ApiRequest, operation, viewer_of
from siaga.web.api.pages import LIMIT_DEFAULT, Page, bounded, page, read_cursor
from siaga.web.api.schemas import (
    CloseIn,
    DispatchIn,
    EvidenceIn,
    IdsOut,
    IncidentOut,
    ProposalOut,
    ReasonIn,
)

router = Router(tags=["incidents"])


@router.get("incidents", response=Page[IncidentOut])
@operation(Permission.INCIDENTS_READ)
def incidents(
    request: ApiRequest,
    status: IncidentStatus | None = None,
    cursor: str = "",
    limit: int = LIMIT_DEFAULT,
) -> Any:
    """All incidents, newest first."""
    found = queries.incidents(
        viewer_of(request), status=status, before=read_cursor(cursor), limit=bounded(limit) + 1
    )
    return page(request, found, limit, at="opened_at")


@router.get("incidents/{uuid:incident_id}", response=IncidentOut)
@operation(Permission.INCIDENTS_READ)
def incident(request: ApiRequest, incident_id: UUID) -> Any:
    """One incident."""
    return queries.incident_for(viewer_of(request), incident_id)


@router.get("incidents/{uuid:incident_id}/proposals", response=list[ProposalOut])
@operation(Permission.INCIDENTS_READ)
def proposals(request: ApiRequest, incident_id: UUID) -> Any:
    """The agencies the region's routing proposes, leads first, each with its reason."""
    seen = queries.incident_for(viewer_of(request), incident_id)
    language = viewer_of(request).language
    return [
        {
            "agency_code": item.agency_code,
            "agency_name": item.agency_name,
            "role": item.role,
            "reason": item.reason.said_in(language),
            "on_duty": item.on_duty,
            "already_sent": item.already_sent,
        }
        for item in dispatch_queries.proposals(seen, clock.now())
    ]


@router.post("incidents/{uuid:incident_id}/dispatch", response={201: IdsOut})
@operation(Permission.INCIDENTS_DISPATCH)
def send(request: ApiRequest, incident_id: UUID, said: DispatchIn) -> Any:
    """Send to agencies; 409 with the cure where the region verifies first."""
    seen = queries.incident_for(viewer_of(request), incident_id)
    sent = dispatch.send(
        seen.id,
        [
            Order(agency_code=item.agency_code, role=item.role, note=item.note)
            for item in said.agencies
        ],
        region_id=seen.region_id,
        by=viewer_of(request).actor,
        now=clock.now(),
    )
    return Status(201, {"ids": sent})


@router.post("incidents/{uuid:incident_id}/evidence", response={204: None})
@operation(Permission.REPORTS_VERIFY)
def add_evidence(request: ApiRequest, incident_id: UUID, said: EvidenceIn) -> Any:
    """Add a line to the incident's A1 ledger."""
    seen = queries.incident_for(viewer_of(request), incident_id)
    triage.add_evidence(
        said.kind,
        region_id=seen.region_id,
        incident_id=seen.id,
        confirms=said.confirms,
        note=said.note,
        by=viewer_of(request).actor,
        now=clock.now(),
    )
    return Status(204, None)


@router.post("incidents/{uuid:incident_id}/close", response={204: None})
@operation(Permission.INCIDENTS_CLOSE)
def close(request: ApiRequest, incident_id: UUID, said: CloseIn) -> Any:
    """Close with how it ended; every linked reporter is told."""
    viewer = viewer_of(request)
    seen = queries.incident_for(viewer, incident_id)
    if followup_rules.is_serious(seen.urgency) and not viewer.may(
        Permission.INCIDENTS_CLOSE_SERIOUS
    ):
        raise CloseNeedsSupervisor
    followup.close(
        seen.id,
        said.disposition,
        region_id=seen.region_id,
        note=said.note,
        by=viewer.actor,
        now=clock.now(),
    )
    return Status(204, None)


@router.post("incidents/{uuid:incident_id}/reopen", response={204: None})
@operation(Permission.INCIDENTS_REOPEN)
def reopen(request: ApiRequest, incident_id: UUID, said: ReasonIn) -> Any:
    """Open a closed incident again."""
    seen = queries.incident_for(viewer_of(request), incident_id)
    followup.reopen(
        seen.id,
        region_id=seen.region_id,
        reason=said.reason,
        by=viewer_of(request).actor,
        now=clock.now(),
    )
    return Status(204, None)
