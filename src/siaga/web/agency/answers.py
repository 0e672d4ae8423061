"""What the officer answers. The same answer twice is harmless: telephones send again."""

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from siaga.accounts.types import Permission
from siaga.dispatch import queries, services
from siaga.dispatch.types import AssignmentState, AssignmentView
from siaga.kernel import clock
from siaga.kernel.errors import Forbidden
from siaga.messaging import services as messaging
from siaga.messaging.errors import MediaRejected
from siaga.web.accounts.access import RegionRequest, requires
from siaga.web.agency import views
from siaga.web.agency.forms import AdvanceForm, DeclineForm, DoneForm

UNPROCESSABLE = 422


@require_POST
@requires(Permission.ASSIGNMENTS_ANSWER)
def accept(request: RegionRequest, region: str, assignment_id: UUID) -> HttpResponse:
    """The agency takes it on."""
    found = _own(request, assignment_id)
    services.acknowledge(
        found.id, region_id=found.region_id, by=request.viewer.actor, now=clock.now()
    )
    return _back(found)


@require_POST
@requires(Permission.ASSIGNMENTS_ANSWER)
def decline(request: RegionRequest, region: str, assignment_id: UUID) -> HttpResponse:
    """The agency cannot take it, and why."""
    found, form = _own(request, assignment_id), DeclineForm(request.POST)
    if not form.is_valid():
        return _wrong(request, found, form)
    services.decline(
        found.id,
        region_id=found.region_id,
        reason=form.cleaned_data["reason"],
        by=request.viewer.actor,
        now=clock.now(),
    )
    return redirect("agency:todo", region=found.region_id)


@require_POST
@requires(Permission.ASSIGNMENTS_ANSWER)
def advance(request: RegionRequest, region: str, assignment_id: UUID) -> HttpResponse:
    """On the way, or there."""
    found, form = _own(request, assignment_id), AdvanceForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"message": _("Unknown step.")}, status=UNPROCESSABLE)
    services.advance(
        found.id,
        AssignmentState(form.cleaned_data["state"]),
        region_id=found.region_id,
        by=request.viewer.actor,
        now=clock.now(),
    )
    return _back(found)


@require_POST
@requires(Permission.ASSIGNMENTS_ANSWER)
def done(request: RegionRequest, region: str, assignment_id: UUID) -> HttpResponse:
    """Finished, with a note and a photo. A second time the photo is not stored again."""
    found, form = _own(request, assignment_id), DoneForm(request.POST, request.FILES)
    if not form.is_valid():
        return _wrong(request, found, form)
    media_ids: list[UUID] = []
    photo = form.cleaned_data["photo"]
    if photo is not None and found.state is not AssignmentState.DONE:
        try:
            stored = messaging.store_upload(
                found.region_id,
                photo,
                by=request.viewer.actor,
                now=clock.now(),
                original_name=photo.name or "",
            )
        except MediaRejected as error:
            form.add_error("photo", error.message)
            return _wrong(request, found, form)
        media_ids.append(stored.media_id)
    services.finish(
        found.id,
        region_id=found.region_id,
        note=form.cleaned_data["note"],
        media_ids=media_ids,
        by=request.viewer.actor,
        now=clock.now(),
    )
    return redirect("agency:todo", region=found.region_id)


def _own(request: RegionRequest, assignment_id: UUID) -> AssignmentView:
    """The assignment, if it is this officer's agency's."""
    found = queries.assignment_for(request.viewer, assignment_id)
    if found.agency_code != request.viewer.agency_code:
        raise Forbidden
    return found


def _back(found: AssignmentView) -> HttpResponse:
    return redirect("agency:assignment", region=found.region_id, assignment_id=found.id)


def _wrong(
    request: RegionRequest, found: AssignmentView, form: DeclineForm | DoneForm
) -> HttpResponse:
    """For the queue on the telephone a sentence, for a plain form the page with the error."""
    if request.headers.get("Idempotency-Key"):
        said = " ".join(str(item) for errors in form.errors.values() for item in errors)
        return JsonResponse({"message": said}, status=UNPROCESSABLE)
    if isinstance(form, DeclineForm):
        return views.detail(request, request.viewer, found.id, decline_form=form)
    return views.detail(request, request.viewer, found.id, done_form=form)
