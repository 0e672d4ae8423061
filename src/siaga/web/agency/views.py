"""What the officer looks at: the list, one assignment, what is over."""

from pathlib import Path
from uuid import UUID

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from siaga.accounts.types import Permission, Viewer
from siaga.dispatch import queries
from siaga.intake import queries as intake_queries
from siaga.kernel.errors import NotFound
from siaga.messaging import queries as messaging_queries
from siaga.triage import queries as triage_queries
from siaga.web.accounts.access import RegionRequest, public, requires
from siaga.web.agency import shown
from siaga.web.agency.forms import DeclineForm, DoneForm

FINISHED_MAX = 30
WORKER = "siaga/agency-worker.js"


@require_safe
@never_cache
@requires(Permission.AGENCY_USE)
def todo(request: RegionRequest, region: str) -> HttpResponse:
    """My assignments, the most urgent first."""
    return render(request, "agency/todo.html", _listed(request.viewer))


@require_safe
@never_cache
@requires(Permission.AGENCY_USE)
def todo_list(request: RegionRequest, region: str) -> HttpResponse:
    """Only the list, fetched again whenever something happens."""
    return render(request, "agency/_list.html", _listed(request.viewer))


@require_safe
@public
def worker(request: HttpRequest, region: str) -> HttpResponse:
    """What keeps these pages for dead spots; from here, for a worker rules only what lies below."""
    path = finders.find(WORKER)
    if not isinstance(path, str):
        raise NotFound
    answer = HttpResponse(Path(path).read_bytes(), content_type="text/javascript")
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
@never_cache
@requires(Permission.AGENCY_USE)
def finished(request: RegionRequest, region: str) -> HttpResponse:
    """What is over, newest first."""
    found = queries.agency_assignments(request.viewer, finished=True, limit=FINISHED_MAX)
    words = {
        "region": shown.region_shown(request.viewer),
        "cards": shown.cards(request.viewer, found),
    }
    return render(request, "agency/finished.html", words)


@require_safe
@never_cache
@requires(Permission.AGENCY_USE)
def assignment(request: RegionRequest, region: str, assignment_id: UUID) -> HttpResponse:
    """One assignment: what, where, whom to call, and the next step."""
    return detail(request, request.viewer, assignment_id)


def detail(
    request: HttpRequest,
    viewer: Viewer,
    assignment_id: UUID,
    *,
    decline_form: DeclineForm | None = None,
    done_form: DoneForm | None = None,
) -> HttpResponse:
    """The page of one assignment, perhaps with a form that came back."""
    found = queries.assignment_for(viewer, assignment_id)
    incident = triage_queries.incident_for(viewer, found.incident_id)
    words = {
        "region": shown.region_shown(viewer),
        "card": shown.card(viewer, found, incident),
        "reporters": shown.reporters(incident),
        "photos": _photos(viewer, incident.id),
        "decline_form": decline_form or DeclineForm(),
        "done_form": done_form or DoneForm(),
        "others": [
            item
            for item in queries.assignments(viewer.region_id, incident.id)
            if item.agency_code != found.agency_code
        ],
    }
    status = 422 if decline_form or done_form else 200
    return render(request, "agency/assignment.html", words, status=status)


def _listed(viewer: Viewer) -> dict[str, object]:
    return {
        "region": shown.region_shown(viewer),
        "agency_name": shown.agency_name(viewer),
        "cards": shown.cards(viewer, queries.agency_assignments(viewer)),
    }


def _photos(viewer: Viewer, incident_id: UUID) -> list[UUID]:
    """The reporters' pictures, newest last."""
    ids = triage_queries.report_ids(viewer.region_id, incident_id, limit=5)
    found: list[UUID] = []
    for report in intake_queries.reports_in(viewer.region_id, ids):
        for message in messaging_queries.conversation(
            viewer.region_id, contact_id=report.contact_id, limit=50
        ):
            found += [
                media.id
                for media in message.media
                if media.path and media.content_type.startswith("image/")
            ]
    return found[:8]
