"""Assignments: read, and what an agency answers."""

from typing import Any
from uuid import UUID

from ninja import Router, Status

from siaga.accounts.types import Permission
from siaga.dispatch import queries, services
from siaga.dispatch.types import AssignmentState, AssignmentView
from siaga.kernel import clock
from siaga.kernel.errors import Forbidden
from siaga.web.api.guard import ApiRequest, operation, viewer_of
from siaga.web.api.pages import LIMIT_DEFAULT, Page, bounded, page, read_cursor
from siaga.web.api.schemas import AssignmentOut, DoneIn, ReasonIn

router = Router(tags=["assignments"])


@router.get("assignments", response=Page[AssignmentOut])
@operation(Permission.ASSIGNMENTS_READ)
def assignments(request: ApiRequest, cursor: str = "", limit: int = LIMIT_DEFAULT) -> Any:
    """Assignments, newest first; an agency's token sees its own."""
    found = queries.all_assignments(
        viewer_of(request), before=read_cursor(cursor), limit=bounded(limit) + 1
    )
    return page(request, found, limit, at="sent_at")


@router.get("assignments/{uuid:assignment_id}", response=AssignmentOut)
@operation(Permission.ASSIGNMENTS_READ)
def assignment(request: ApiRequest, assignment_id: UUID) -> Any:
    """One assignment."""
    return queries.assignment_for(viewer_of(request), assignment_id)


@router.post("assignments/{uuid:assignment_id}/acknowledge", response={204: None})
@operation(Permission.ASSIGNMENTS_READ)
def acknowledge(request: ApiRequest, assignment_id: UUID) -> Any:
    """The agency takes it on; the same answer twice is harmless."""
    seen = _answerable(request, assignment_id)
    services.acknowledge(
        seen.id, region_id=seen.region_id, by=viewer_of(request).actor, now=clock.now()
    )
    return Status(204, None)


@router.post("assignments/{uuid:assignment_id}/en_route", response={204: None})
@operation(Permission.ASSIGNMENTS_READ)
def en_route(request: ApiRequest, assignment_id: UUID) -> Any:
    """On the way."""
    return _advance(request, assignment_id, AssignmentState.EN_ROUTE)


@router.post("assignments/{uuid:assignment_id}/on_scene", response={204: None})
@operation(Permission.ASSIGNMENTS_READ)
def on_scene(request: ApiRequest, assignment_id: UUID) -> Any:
    """At the scene; counts as A1 evidence."""
    return _advance(request, assignment_id, AssignmentState.ON_SCENE)


@router.post("assignments/{uuid:assignment_id}/done", response={204: None})
@operation(Permission.ASSIGNMENTS_READ)
def done(request: ApiRequest, assignment_id: UUID, said: DoneIn) -> Any:
    """Finished, with a note of what was done."""
    seen = _answerable(request, assignment_id)
    services.finish(
        seen.id,
        region_id=seen.region_id,
        note=said.note,
        by=viewer_of(request).actor,
        now=clock.now(),
    )
    return Status(204, None)


@router.post("assignments/{uuid:assignment_id}/decline", response={204: None})
@operation(Permission.ASSIGNMENTS_READ)
def decline(request: ApiRequest, assignment_id: UUID, said: ReasonIn) -> Any:
    """The agency cannot take it, and why; the dispatcher sees it at once."""
    seen = _answerable(request, assignment_id)
    services.decline(
        seen.id,
        region_id=seen.region_id,
        reason=said.reason,
        by=viewer_of(request).actor,
        now=clock.now(),
    )
    return Status(204, None)


def _advance(request: ApiRequest, assignment_id: UUID, state: AssignmentState) -> Any:
    seen = _answerable(request, assignment_id)
    services.advance(
        seen.id, state, region_id=seen.region_id, by=viewer_of(request).actor, now=clock.now()
    )
    return Status(204, None)


def _answerable(request: ApiRequest, assignment_id: UUID) -> AssignmentView:
    """The assignment, if the holder may answer for its agency."""
    viewer = viewer_of(request)
    seen = queries.assignment_for(viewer, assignment_id)
    own = viewer.agency_code == seen.agency_code and viewer.may(Permission.ASSIGNMENTS_ANSWER)
    if not own and not viewer.may(Permission.ASSIGNMENTS_ANSWER_FOR):
        raise Forbidden
    return seen
