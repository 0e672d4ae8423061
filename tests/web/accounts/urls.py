"""A small town of addresses: one view of each kind, beside the real sign-in pages."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from siaga.accounts import services
from siaga.accounts.types import Permission
from siaga.journal.types import Actor
from siaga.kernel import clock
from siaga.web.accounts.access import RegionRequest, public, requires, signed_in


@requires(Permission.CONSOLE_USE)
def console(request: RegionRequest, region: str) -> HttpResponse:
    return HttpResponse(f"{region} {request.viewer.name}")


@requires(Permission.CONTROL_USE, Permission.PEOPLE_MANAGE)
def control(request: RegionRequest, region: str) -> HttpResponse:
    return HttpResponse("control")


@requires(Permission.CONSOLE_USE)
def half_done(request: RegionRequest, region: str) -> HttpResponse:
    """Writes, and then is refused."""
    now = clock.now()
    by = Actor.system("tests")
    services.set_language(person_id=request.viewer.person_id, language="en", by=by, now=now)
    status = int(request.GET["status"])
    if status == 500:
        raise RuntimeError("broken")
    return HttpResponse("language", status=status)


@public
def citizen(request: HttpRequest, region: str) -> HttpResponse:
    viewer = getattr(request, "viewer", None)
    return HttpResponse(viewer.name if viewer else "a citizen")


@signed_in
def anywhere(request: HttpRequest) -> HttpResponse:
    return HttpResponse("somebody")


def forgotten(request: HttpRequest) -> HttpResponse:
    return HttpResponse("secret")


urlpatterns = [
    path("", include("siaga.web.accounts.urls")),
    path("", include("siaga.web.shared.urls")),
    path("anywhere/", anywhere),
    path("forgotten/", forgotten),
    path("<slug:region>/", citizen),
    path("<slug:region>/console/", console),
    path("<slug:region>/control/", control),
    path("<slug:region>/half/", half_done),
]
