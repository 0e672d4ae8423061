"""Contacts: read, claim, dispose, make a report of."""

from typing import Any
from uuid import UUID

from ninja import Router, Status

from siaga.accounts.types import Permission
from siaga.intake import queries, services
from siaga.intake.types import (
    ContactId,
    ContactState,
    LocationState,
    Place,
    Telling,
)
from siaga.kernel import clock
from siaga.kernel.geometry import Point
from siaga.kernel.phones import normalize_phone
from siaga.web.api.guard import ApiRequest, operation, viewer_of
from siaga.web.api.pages import LIMIT_DEFAULT, Page, bounded, page, read_cursor
from siaga.web.api.schemas import ContactOut, DisposeIn, IdOut, PlaceIn, ReportIn

router = Router(tags=["contacts"])


@router.get("contacts", response=Page[ContactOut])
@operation(Permission.CONTACTS_READ)
def contacts(
    request: ApiRequest,
    state: ContactState | None = None,
    waiting: bool = False,
    cursor: str = "",
    limit: int = LIMIT_DEFAULT,
) -> Any:
    """All contacts, newest first; with `waiting` one page of those that wait for a person.

    What waits, also as an answer to an earlier report, comes most pressing first.
    """
    if waiting:
        pressing = queries.waiting_contacts(viewer_of(request), limit=bounded(limit))
        return {"items": pressing, "next": None}
    found = queries.contacts(
        viewer_of(request), state=state, before=read_cursor(cursor), limit=bounded(limit) + 1
    )
    return page(request, found, limit, at="received_at")


@router.get("contacts/{uuid:contact_id}", response=ContactOut)
@operation(Permission.CONTACTS_READ)
def contact(request: ApiRequest, contact_id: UUID) -> Any:
    """One contact."""
    return queries.contact_for(viewer_of(request), contact_id)


@router.post("contacts/{uuid:contact_id}/claim", response={204: None})
@operation(Permission.CONTACTS_CLAIM)
def claim(request: ApiRequest, contact_id: UUID) -> Any:
    """Take a waiting contact in hand; 409 if somebody was faster."""
    seen = queries.contact_for(viewer_of(request), contact_id)
    services.claim(seen.id, region_id=seen.region_id, by=viewer_of(request).actor, now=clock.now())
    return Status(204, None)


@router.post("contacts/{uuid:contact_id}/dispose", response={204: None})
@operation(Permission.CONTACTS_DISPOSE)
def dispose(request: ApiRequest, contact_id: UUID, said: DisposeIn) -> Any:
    """End a contact with an outcome."""
    seen = queries.contact_for(viewer_of(request), contact_id)
    services.dispose(
        seen.id,
        said.disposition,
        region_id=seen.region_id,
        note=said.note,
        by=viewer_of(request).actor,
        now=clock.now(),
    )
    return Status(204, None)


@router.post("contacts/{uuid:contact_id}/undo", response={204: None})
@operation(Permission.CONTACTS_DISPOSE)
def undo(request: ApiRequest, contact_id: UUID) -> Any:
    """Take an outcome back within ten minutes; whoever may reopen, at any time."""
    seen = queries.contact_for(viewer_of(request), contact_id)
    services.undo_disposition(
        seen.id,
        region_id=seen.region_id,
        by=viewer_of(request).actor,
        now=clock.now(),
        late=viewer_of(request).may(Permission.CONTACTS_REOPEN),
    )
    return Status(204, None)


@router.post("contacts/{uuid:contact_id}/report", response={201: IdOut})
@operation(Permission.REPORTS_WRITE)
def file_report(request: ApiRequest, contact_id: UUID, said: ReportIn) -> Any:
    """Write the report of a claimed contact down."""
    seen = queries.contact_for(viewer_of(request), contact_id)
    report_id = services.file_report(
        ContactId(seen.id),
        Telling(
            narrative=said.narrative,
            type_code=said.type_code,
            place=place_of(said.place),
            reporter_name=said.reporter_name,
            reporter_phone=normalize_phone(said.reporter_phone),
            confidential=said.confidential,
            language=said.language,
        ),
        region_id=seen.region_id,
        by=viewer_of(request).actor,
        now=clock.now(),
    )
    return Status(201, {"id": report_id})


def place_of(said: PlaceIn) -> Place:
    """A place as said; known when it names an area or a point."""
    point = Point(said.point.lat, said.point.lng) if said.point else None
    known = bool(said.area_code or point)
    return Place(
        area_code=said.area_code,
        text=said.text,
        point=point,
        state=LocationState.KNOWN if known else LocationState.UNKNOWN,
    )
