"""Pages that only tell: the landing page, privacy, the map's labels."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from siaga.kernel import clock
from siaga.kernel.types import RegionId
from siaga.regions import queries
from siaga.web.accounts.access import public
from siaga.web.citizen.views.shown import region_shown

_AREAS_SECONDS = 3600


@require_safe
@public
def landing(request: HttpRequest) -> HttpResponse:
    """Choose the region; a box with a single one goes straight there."""
    regions = queries.regions()
    if len(regions) == 1:
        return redirect("citizen:home", region=regions[0].id)
    shown = [region_shown(view.id, clock.now()) for view in regions]
    return render(request, "citizen/landing.html", {"regions": shown})


@require_safe
@public
def privacy(request: HttpRequest, region: str) -> HttpResponse:
    """What happens to what a citizen tells."""
    region_id = RegionId(region)
    profile = queries.profile(region_id)
    return render(
        request,
        "citizen/privacy.html",
        {"region": region_shown(region_id, clock.now()), "retention": profile.retention},
    )


@require_safe
@public
def areas(request: HttpRequest, region: str) -> HttpResponse:
    """Names and, where imported, boundaries for the map."""
    region_id = RegionId(region)
    response = JsonResponse(map_areas(region_id))
    response["Cache-Control"] = f"public, max-age={_AREAS_SECONDS}"
    return response


def map_areas(region_id: RegionId) -> dict[str, Any]:
    """The kecamatan as labelled points, and their polygons if there are any."""
    known = queries.profile(region_id).areas
    polygons = queries.boundaries(region_id)
    return {
        "center": [
            sum(area.lng for area in known) / len(known),
            sum(area.lat for area in known) / len(known),
        ],
        "zoom": 9,
        "labels": [{"name": area.name, "lng": area.lng, "lat": area.lat} for area in known],
        "polygons": polygons if polygons.get("features") else None,
    }
