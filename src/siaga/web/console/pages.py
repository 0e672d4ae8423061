"""How the console answers: a whole page, the work opened in it, or one part of it."""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from siaga.accounts.types import Permission
from siaga.kernel import clock
from siaga.kernel.types import RegionId
from siaga.regions import queries as regions
from siaga.web.accounts.access import RegionRequest
from siaga.web.console import lists, presence
from siaga.web.console.live import HEARD
from siaga.web.console.phone import bar as phone
from siaga.web.shared.htmx import asks_for_fragment, toast, trigger

WORK = "#main"


@dataclass(frozen=True, slots=True)
class RegionShown:
    """What the shells ask of a region."""

    id: RegionId
    brand: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What lies in the middle of the desk, with what belongs beside it."""

    template: str
    url: str
    title: str
    context: dict[str, Any] = field(default_factory=dict)


def base(request: RegionRequest) -> dict[str, Any]:
    """What every template of the face may count on."""
    profile = regions.profile(request.region_id)
    return {
        "region": RegionShown(request.region_id, profile.brand.name),
        "brand_url": reverse("console:desk", args=[request.region_id]),
        "viewer": request.viewer,
        "may": {item.name.lower(): request.viewer.may(item) for item in Permission},
        "heard": HEARD,
        "demo": settings.SIAGA_DEMO,
        "now": clock.now(),
    }


def part(
    request: RegionRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """One part of the screen."""
    with timezone.override(regions.profile(request.region_id).zone):
        return render(request, template, {**base(request), **context}, status=status)


def page(request: RegionRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A whole page, with the desk's own bar."""
    with timezone.override(regions.profile(request.region_id).zone):
        shown = {**base(request), **presence.bar(request), **phone.bar(request), **context}
        return render(request, template, shown)


def opened(request: RegionRequest, work: Work) -> HttpResponse:
    """The work laid on the desk: into the page that is there, or as a page of its own."""
    context = {**work.context, "work": work}
    if not asks_for_fragment(request):
        context["groups"] = lists.groups(request.viewer)
        return page(request, "console/desk.html", context)
    response = part(request, "console/opened.html", context)
    response["HX-Retarget"] = WORK
    response["HX-Reswap"] = "innerHTML"
    response["HX-Push-Url"] = work.url
    if request.method == "POST":
        trigger(response, "siaga:rows-wanted")
    return response


def told(text: str, *, resync: bool = False, status: int = 204) -> HttpResponse:
    """Nothing to show but a sentence."""
    response = HttpResponse(status=status)
    response["HX-Reswap"] = "none"
    return toast(response, text, also=("siaga:resync",) if resync else ())


def refused(text: str, *, focus: str = "") -> HttpResponse:
    """Not like this: say why, and put the cursor where it can be cured."""
    response = told(text, status=422)
    return trigger(response, "siaga:focus", {"id": focus}) if focus else response
