"""Files that citizens and crews sent: only for those who may see the case, never as a page."""

from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from siaga.accounts.types import Permission, Viewer
from siaga.dispatch import queries as dispatch
from siaga.dispatch.types import AssignmentView
from siaga.intake import queries as intake
from siaga.kernel.errors import NotFound
from siaga.messaging import queries as messaging
from siaga.messaging.media import serving
from siaga.triage import queries as triage
from siaga.web.accounts.access import RegionRequest, requires


@require_safe
@requires(Permission.MEDIA_READ)
def media(request: RegionRequest, region: str, media_id: UUID) -> HttpResponseBase:
    """A photo, a voice note, a video or a document; whole or in the part that was asked for."""
    view = messaging.media(request.region_id, media_id)
    if view.message_id is not None:
        message = messaging.message(request.region_id, view.message_id)
        _ensure_may_see_contact(request.viewer, message.contact_id)
    else:
        _ensure_may_see_proof(request.viewer, media_id)
    answer = serving.answer(
        view,
        range_header=request.headers.get("Range"),
        if_none_match=request.headers.get("If-None-Match"),
    )
    if answer.path is None or request.method == "HEAD":
        return HttpResponse(status=answer.status, headers=answer.headers)
    return StreamingHttpResponse(answer.chunks(), status=answer.status, headers=answer.headers)


def _ensure_may_see_contact(viewer: Viewer, contact_id: UUID | None) -> None:
    """The centre sees its contacts; an officer those whose incident was sent to their agency."""
    if contact_id is None:
        raise NotFound
    if viewer.may(Permission.CONTACTS_READ):
        intake.contact_for(viewer, contact_id)
        return
    report = intake.report_of_contact(viewer.region_id, contact_id)
    incident = report and triage.incident_of_report(viewer.region_id, report.id)
    if not incident:
        raise NotFound
    triage.incident_for(viewer, incident.id)
    sent = dispatch.assignments(viewer.region_id, incident.id)
    if not any(_is_theirs(viewer, item) for item in sent):
        raise NotFound


def _ensure_may_see_proof(viewer: Viewer, media_id: UUID) -> None:
    """A photo of the work belongs to the assignment it proves."""
    assignment = dispatch.assignment_with_media(viewer.region_id, media_id)
    if assignment is None:
        raise NotFound
    dispatch.assignment_for(viewer, assignment.id)


def _is_theirs(viewer: Viewer, assignment: AssignmentView) -> bool:
    return viewer.agency_code is not None and assignment.agency_code == viewer.agency_code
