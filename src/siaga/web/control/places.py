"""Landmarks of the profile and names that the place search has learned."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from siaga.accounts.types import Permission
from siaga.kernel import clock
from siaga.kernel.errors import NotFound
from siaga.regions import queries, services
from siaga.regions.services import Applied
from siaga.regions.types import AreaNode, Landmark
from siaga.web.accounts.access import RegionRequest, requires
from siaga.web.control.answers import REFUSED, told_in
from siaga.web.control.forms_profile import AliasForm, LandmarkForm, landmark_initial
from siaga.web.control.pages import shown
from siaga.web.control.profile_edit import answered


@require_safe
@requires(Permission.CONTROL_USE, Permission.PROFILE_READ)
def listed(request: RegionRequest, region: str) -> HttpResponse:
    """The landmarks in force, and a form for a further name."""
    return _shown(request, AliasForm(areas=queries.area_tree(request.viewer.region_id)))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.CONTROL_USE, Permission.PROFILE_EDIT)
def landmark(request: RegionRequest, region: str, position: int | None = None) -> HttpResponse:
    """Add a landmark, or edit the one at this position."""
    viewer = request.viewer
    present = queries.profile(viewer.region_id).landmarks
    if position is not None and position >= len(present):
        raise NotFound()
    former = present[position] if position is not None else None
    form = LandmarkForm(
        request.POST or None,
        areas=queries.area_tree(viewer.region_id),
        initial=landmark_initial(former) if former else None,
    )

    def edit() -> Applied:
        value = services.typed(Landmark, form.data_of())
        kept = list(present)
        if position is None:
            kept.append(value)
        else:
            kept[position] = value
        return services.edit_section(
            viewer.region_id, "landmarks", tuple(kept), by=viewer.actor, now=clock.now()
        )

    return answered(request, form, edit, template="control/landmark.html", back="places", of=former)


@require_POST
@requires(Permission.CONTROL_USE, Permission.PROFILE_EDIT)
def alias(request: RegionRequest, region: str) -> HttpResponse:
    """Teach the search what people say; it is no part of the profile."""
    viewer = request.viewer
    form = AliasForm(request.POST, areas=queries.area_tree(viewer.region_id))
    if form.is_valid():
        with told_in(form):
            services.learn_alias(
                viewer.region_id,
                form.cleaned_data["name"],
                form.cleaned_data["area_code"],
                by=viewer.actor,
                now=clock.now(),
            )
    if form.errors:
        return _shown(request, form)
    return HttpResponseRedirect(reverse("control:places", args=[viewer.region_id]))


def _shown(request: RegionRequest, form: AliasForm) -> HttpResponse:
    region_id = request.viewer.region_id
    words: dict[str, Any] = {
        "landmarks": list(enumerate(queries.profile(region_id).landmarks)),
        "areas": _names(queries.area_tree(region_id)),
        "alias_form": form,
    }
    return shown(request, "control/places.html", words, status=REFUSED if form.errors else 200)


def _names(areas: tuple[AreaNode, ...]) -> dict[str, str]:
    found = {}
    for node in areas:
        found[node.area.code] = node.area.name
        found |= {child.code: f"{child.name}, {node.area.name}" for child in node.children}
    return found
