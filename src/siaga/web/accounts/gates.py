"""What stands between a person and every signed-in page, in this order."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from siaga.accounts import queries, rules
from siaga.accounts.types import Viewer
from siaga.kernel import clock
from siaga.web.accounts.desk import desk_of, is_locked, is_page

LOCKED_STATUS = 423
LOCKED_EVENT = "siaga:locked"


def refusal(request: HttpRequest) -> HttpResponse | None:
    """The answer to give instead of the page; None if nothing stands in the way."""
    desk = desk_of(request)
    if desk is None:
        return elsewhere(request, reverse("account_login"), status=401)
    if is_locked(request):
        return locked(request)
    if desk.must_change_password:
        return elsewhere(request, reverse("account_change_password"), status=403)
    if lacks_second_factor(request):
        return elsewhere(request, reverse("accounts_second_factor"), status=403)
    return None


def lacks_second_factor(request: HttpRequest) -> bool:
    """Whether this person's role here needs a second factor that they have not enrolled yet."""
    if not settings.SIAGA_REQUIRE_MFA:
        return False
    desk = desk_of(request)
    if desk is None:
        return False
    viewer: Viewer | None = getattr(request, "viewer", None)
    if viewer is not None:
        needed = rules.needs_second_factor(viewer.roles)
    else:
        held = queries.memberships(desk.person_id, clock.now())
        needed = rules.needs_second_factor(item.role for item in held)
    return needed and not queries.has_second_factor(desk.person_id)


def locked(request: HttpRequest) -> HttpResponse:
    """A page is sent to the lock screen; a fragment stays, and the page covers itself."""
    if is_page(request):
        return HttpResponseRedirect(_with_next(request, reverse("accounts_locked")))
    answer: HttpResponse = JsonResponse({"error": "accounts.locked"}, status=LOCKED_STATUS)
    answer["HX-Trigger"] = LOCKED_EVENT
    return answer


def elsewhere(request: HttpRequest, url: str, *, status: int) -> HttpResponse:
    """Lead the person to `url` and back here afterwards; a script gets `status` and the reason."""
    if is_page(request):
        return HttpResponseRedirect(_with_next(request, url))
    detail = _("Please sign in again.") if status == 401 else _("Something else comes first.")
    answer: HttpResponse = JsonResponse(
        {"error": "accounts.elsewhere", "detail": detail}, status=status
    )
    answer["HX-Redirect"] = url
    return answer


def _with_next(request: HttpRequest, url: str) -> str:
    # A form that was sent cannot be sent again by a redirect: go back to where it stood.
    back = request.get_full_path() if request.method in {"GET", "HEAD"} else ""
    return f"{url}?{urlencode({'next': back})}" if back else url
