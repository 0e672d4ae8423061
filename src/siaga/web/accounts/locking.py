"""The lock of a desk: close it, cover the page, open it again without losing anything."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from siaga.accounts import services
from siaga.accounts.errors import TooManyAttempts
from siaga.accounts.rules import UNLOCK_ATTEMPTS_MAX
from siaga.kernel import clock
from siaga.kernel.errors import NotFound
from siaga.web.accounts.access import public, signed_in
from siaga.web.accounts.desk import desk_of, is_locked
from siaga.web.accounts.forms import UnlockForm
from siaga.web.accounts.gates import LOCKED_EVENT

UNLOCKED_EVENT = "siaga:unlocked"


@require_POST
@public
def lock(request: HttpRequest) -> HttpResponse:
    """Lock this desk now: by the person's hand, or by the page that nobody touches."""
    desk = desk_of(request)
    if desk is None:
        return _to_sign_in(request)
    services.lock_session(sign_in_id=desk.id, now=clock.now())
    if _is_fragment(request):
        answer = HttpResponse(status=204)
        answer["HX-Trigger"] = LOCKED_EVENT
        return answer
    return redirect(_locked_url(request))


@require_POST
@signed_in
def active(request: HttpRequest) -> HttpResponse:
    """Somebody types or moves at this desk; the middleware has noted it."""
    return HttpResponse(status=204)


@require_GET
@never_cache
@public
def overlay(request: HttpRequest) -> HttpResponse:
    """The cover for a page that stays open beneath it."""
    if desk_of(request) is None:
        return _to_sign_in(request)
    return _form(request, UnlockForm(), fragment=True)


@require_GET
@never_cache
@public
def locked(request: HttpRequest) -> HttpResponse:
    """The lock as a whole page: after a reload, or without scripts."""
    if desk_of(request) is None:
        return _to_sign_in(request)
    if not is_locked(request):
        return redirect(_back(request))
    return _form(request, UnlockForm(), fragment=False)


@sensitive_post_parameters("secret")
@require_POST
@never_cache
@public
def unlock(request: HttpRequest) -> HttpResponse:
    """Open the desk. After too many wrong codes the session is over."""
    desk = desk_of(request)
    if desk is None:
        return _to_sign_in(request)
    form = UnlockForm(request.POST)
    fragment = _is_fragment(request)
    if form.is_valid():
        secret = form.cleaned_data["secret"]
        try:
            opened = services.unlock_session(sign_in_id=desk.id, secret=secret, now=clock.now())
        except (TooManyAttempts, NotFound):
            logout(request)
            return _to_sign_in(request)
        if opened:
            return _opened(request, fragment)
        form.add_error(
            "secret",
            _("That was not right. After %(count)s wrong codes you are signed out.")
            % {"count": UNLOCK_ATTEMPTS_MAX},
        )
    return _form(request, form, fragment=fragment, status=422)


def _opened(request: HttpRequest, fragment: bool) -> HttpResponse:
    if not fragment:
        return redirect(_back(request))
    answer = HttpResponse(status=204)
    answer["HX-Trigger"] = UNLOCKED_EVENT
    return answer


def _form(
    request: HttpRequest, form: UnlockForm, *, fragment: bool, status: int = 200
) -> HttpResponse:
    template = "web_accounts/_lock_form.html" if fragment else "web_accounts/locked.html"
    context = {"form": form, "next": _back(request), "fragment": fragment}
    return render(request, template, context, status=status)


def _is_fragment(request: HttpRequest) -> bool:
    return bool(request.headers.get("HX-Request"))


def _back(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    hosts = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(wanted, hosts, require_https=request.is_secure())
    return wanted if safe else reverse("accounts_home")


def _locked_url(request: HttpRequest) -> str:
    return f"{reverse('accounts_locked')}?next={_back(request)}"


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    url = reverse("account_login")
    if not _is_fragment(request):
        return redirect(url)
    answer = HttpResponse(status=401)
    answer["HX-Redirect"] = url
    return answer
