"""One's own account: where to go, security, sessions, the language."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from siaga.accounts import queries, rules, services
from siaga.accounts.types import SessionView
from siaga.journal.types import Actor
from siaga.kernel import clock
from siaga.kernel.errors import InvalidField
from siaga.web.accounts import devices, faces
from siaga.web.accounts.access import public, signed_in
from siaga.web.accounts.desk import desk_of
from siaga.web.accounts.forms import PinForm


def own_desk(request: HttpRequest) -> SessionView:
    """The desk of a signed-in request; never absent behind `@signed_in`."""
    desk = desk_of(request)
    if desk is None:
        raise Http404
    return desk


@public
def absent(request: HttpRequest) -> HttpResponse:
    """Pages that allauth names but this house does not have: signing up, e-mail addresses."""
    raise Http404


@require_GET
@never_cache
@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """Straight to the work if there is one place for it; else the choice."""
    doors = faces.doors(queries.memberships(own_desk(request).person_id, clock.now()))
    only = doors[0].faces if len(doors) == 1 else ()
    if len(only) == 1 and "choose" not in request.GET:
        return redirect(only[0].url)
    return render(request, "web_accounts/home.html", {"doors": doors})


@require_GET
@never_cache
@signed_in
def security(request: HttpRequest) -> HttpResponse:
    """Password, second factor, PIN and sessions on one page."""
    return _security(request, PinForm())


def _security(request: HttpRequest, form: PinForm, status: int = 200) -> HttpResponse:
    desk, now = own_desk(request), clock.now()
    held = queries.memberships(desk.person_id, now)
    context = {
        "desk": desk,
        "sessions": [
            (item, devices.describe(item.device), item.id == desk.id)
            for item in queries.sessions(desk.person_id, now)
        ],
        "pin_form": form,
        "has_second_factor": queries.has_second_factor(desk.person_id),
        "needs_second_factor": rules.needs_second_factor(item.role for item in held),
        "second_factor_waived": not settings.SIAGA_REQUIRE_MFA,
        "doors": faces.doors(held),
    }
    return render(request, "web_accounts/security.html", context, status=status)


@require_GET
@never_cache
@public
def second_factor(request: HttpRequest) -> HttpResponse:
    """Why a second factor comes first, and the two ways to have one."""
    desk = desk_of(request)
    if desk is None:
        return redirect("account_login")
    if queries.has_second_factor(desk.person_id):
        return redirect("accounts_home")
    return render(request, "web_accounts/second_factor.html")


@require_POST
@signed_in
def pin(request: HttpRequest) -> HttpResponse:
    """Choose or drop the PIN that unlocks one's own desk; the password is asked."""
    desk = own_desk(request)
    if "remove" in request.POST:
        services.set_pin(person_id=desk.person_id, pin=None)
        messages.success(request, _("The PIN was removed. Your password unlocks the desk."))
        return redirect("accounts_security")
    form = PinForm(request.POST)
    if form.is_valid() and not _is_password(request, form.cleaned_data["password"]):
        form.add_error("password", _("This is not your password."))
    if form.is_valid():
        try:
            services.set_pin(person_id=desk.person_id, pin=form.cleaned_data["pin"])
        except InvalidField as refusal:
            form.add_error("pin", refusal.message)
    if form.errors:
        return _security(request, form, status=422)
    messages.success(request, _("The PIN is set."))
    return redirect("accounts_security")


def _is_password(request: HttpRequest, password: str) -> bool:
    person = request.user
    return isinstance(person, AbstractBaseUser) and person.check_password(password)


@require_POST
@signed_in
def end_session(request: HttpRequest, sign_in_id: UUID) -> HttpResponse:
    """Sign out of one other place."""
    desk = own_desk(request)
    if sign_in_id == desk.id:
        logout(request)
        return redirect("account_login")
    by = Actor.person(desk.person_id)
    services.end_session(person_id=desk.person_id, sign_in_id=sign_in_id, by=by, now=clock.now())
    messages.success(request, _("That place is signed out."))
    return redirect("accounts_security")


@require_POST
@signed_in
def end_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere: `others` keeps this place, anything else leaves it too."""
    desk, now = own_desk(request), clock.now()
    by = Actor.person(desk.person_id)
    if request.POST.get("which") == "others":
        ended = services.end_sessions(person_id=desk.person_id, except_id=desk.id, by=by, now=now)
        messages.success(request, _("Signed out of %(count)s other places.") % {"count": ended})
        return redirect("accounts_security")
    services.end_sessions(person_id=desk.person_id, by=by, now=now)
    logout(request)
    return HttpResponseRedirect("/accounts/login/")
