"""The map's two pictures: the areas, which rarely change, and the open incidents."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseNotModified, JsonResponse
from django.views.decorators.http import require_GET

from siaga.accounts.types import Permission
from siaga.intake import queries as intake
from siaga.regions import queries as regions
from siaga.regions.types import Profile
from siaga.triage import queries as triage
from siaga.web.accounts.access import RegionRequest, requires
from siaga.web.console import rows
from siaga.web.console.pages import part

POINTS_MAX = 400
ZOOM_SMALL, ZOOM_WIDE = 11, 9
WIDE_DEGREES = 0.35
KEPT_SECONDS = 3600


@require_GET
@requires(Permission.CONSOLE_USE, Permission.PROFILE_READ)
def areas(request: RegionRequest, region: str) -> HttpResponse:
    """Names and boundaries of the kecamatan; the browser keeps them until the profile changes."""
    tag = f'"areas-{regions.version(request.region_id)}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    profile = regions.profile(request.region_id)
    polygons = regions.boundaries(request.region_id)
    body = {
        **_view_of(profile),
        "labels": [{"name": area.name, "lng": area.lng, "lat": area.lat} for area in profile.areas],
        "polygons": polygons if polygons["features"] else None,
    }
    answer = JsonResponse(body)
    answer["ETag"] = tag
    answer["Cache-Control"] = f"private, max-age={KEPT_SECONDS}, must-revalidate"
    return answer


@require_GET
@requires(Permission.CONSOLE_USE, Permission.INCIDENTS_READ)
def points(request: RegionRequest, region: str) -> JsonResponse:
    """The open incidents that this person may see, the most urgent first."""
    profile = regions.profile(request.region_id)
    items = [
        {
            "id": str(incident.id),
            "lng": incident.place.point.lng,
            "lat": incident.place.point.lat,
            "urgency": incident.urgency.value,
            "title": f"{incident.code} · {rows.type_name(profile, incident.type_code)}",
            "url": rows.incident_url(incident.region_id, incident.id),
        }
        for incident in triage.board(request.viewer, limit=POINTS_MAX)
        if incident.place.point is not None
    ]
    return JsonResponse({"items": items})


@require_GET
@requires(Permission.CONSOLE_USE, Permission.REPORTS_WRITE)
def pick(request: RegionRequest, region: str, contact_id: UUID) -> HttpResponse:
    """A larger map on which to put the pin of the report in hand."""
    contact = intake.contact_for(request.viewer, contact_id)
    return part(request, "console/_pick.html", {"contact": contact})


def _view_of(profile: Profile) -> dict[str, Any]:
    """Where the map begins: the middle of the labels, near enough to see them all."""
    lats = [area.lat for area in profile.areas]
    lngs = [area.lng for area in profile.areas]
    if not lats:
        return {"zoom": ZOOM_WIDE}
    center = [(min(lngs) + max(lngs)) / 2, (min(lats) + max(lats)) / 2]
    wide = max(max(lats) - min(lats), max(lngs) - min(lngs)) > WIDE_DEGREES
    return {"center": center, "zoom": ZOOM_WIDE if wide else ZOOM_SMALL}
