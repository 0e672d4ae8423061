"""People of the region: who they are, what they hold, where they are signed in."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from siaga.accounts import queries, services
from siaga.accounts.passwords import temporary_password
from siaga.accounts.types import Permission, PersonView, Role
from siaga.kernel import clock
from siaga.kernel.errors import NotFound
from siaga.regions import queries as regions
from siaga.web.accounts.access import RegionRequest, requires
from siaga.web.control.answers import REFUSED, told_in
from siaga.web.control.forms_people import BringForm, PersonForm, ResetForm, RoleForm
from siaga.web.control.pages import shown


@require_safe
@requires(Permission.CONTROL_USE, Permission.PEOPLE_READ)
def listed(request: RegionRequest, region: str) -> HttpResponse:
    """Everybody with a role here now, by name; `role` keeps those who hold it."""
    wanted = request.GET.get("role", "")
    found = queries.people(request.viewer.region_id, clock.now())
    words = {
        "people": [one for one in found if not wanted or wanted in one.roles],
        "roles": list(Role),
        "role": wanted,
        "agencies": _agencies(request),
    }
    return shown(request, "control/people.html", words)


@require_safe
@requires(Permission.CONTROL_USE, Permission.PEOPLE_READ)
def one(request: RegionRequest, region: str, person_id: UUID) -> HttpResponse:
    """One person."""
    return _shown(request, _person(request, person_id))


@sensitive_variables("password")
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.CONTROL_USE, Permission.PEOPLE_MANAGE)
def add(request: RegionRequest, region: str) -> HttpResponse:
    """Somebody new; the temporary password is on the page that answers, and nowhere else."""
    viewer, profile = request.viewer, regions.profile(request.viewer.region_id)
    form = PersonForm(request.POST or None, profile=profile)
    if request.method == "POST" and form.is_valid():
        password = temporary_password()
        person_id = None
        with told_in(form):
            person_id = services.create_person(
                username=form.cleaned_data["username"],
                full_name=form.cleaned_data["full_name"],
                password=password,
                region_id=viewer.region_id,
                email=form.cleaned_data["email"],
                phone=form.cleaned_data["phone"] or None,
                language=form.cleaned_data["language"],
                must_change_password=True,
                by=viewer.actor,
                now=clock.now(),
            )
            _grant(request, person_id, form)
        if person_id is not None and form.is_valid():
            added = _person(request, person_id)
            return shown(request, "control/password.html", {"person": added, "password": password})
    status = REFUSED if form.errors else 200
    return shown(request, "control/person_add.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.CONTROL_USE, Permission.PEOPLE_MANAGE)
def bring(request: RegionRequest, region: str) -> HttpResponse:
    """A role here for somebody who serves another region too, by the name they sign in with."""
    form = BringForm(request.POST or None, profile=regions.profile(request.viewer.region_id))
    if request.method == "POST" and form.is_valid():
        person_id = queries.person_id(form.cleaned_data["username"])
        if person_id is None:
            form.add_error("username", _("Nobody signs in with this name."))
        else:
            with told_in(form):
                _grant(request, person_id, form)
        if person_id is not None and form.is_valid():
            return _to(request, person_id)
    status = REFUSED if form.errors else 200
    return shown(request, "control/person_bring.html", {"form": form}, status=status)


@require_POST
@requires(Permission.CONTROL_USE, Permission.PEOPLE_MANAGE)
def grant(request: RegionRequest, region: str, person_id: UUID) -> HttpResponse:
    """A further role, or another end for one that is held."""
    person = _person(request, person_id)
    form = RoleForm(request.POST, profile=regions.profile(request.viewer.region_id))
    if form.is_valid():
        with told_in(form):
            _grant(request, person_id, form)
    if form.errors:
        return _shown(request, person, role_form=form)
    return _to(request, person_id)


@require_POST
@requires(Permission.CONTROL_USE, Permission.PEOPLE_MANAGE)
def revoke(
    request: RegionRequest, region: str, person_id: UUID, membership_id: UUID
) -> HttpResponse:
    """End a role now."""
    person = _person(request, person_id)
    if membership_id not in {item.id for item in person.memberships}:
        raise NotFound()
    services.revoke(
        membership_id=membership_id,
        region_id=request.viewer.region_id,
        by=request.viewer.actor,
        now=clock.now(),
    )
    left = len(person.memberships) > 1
    return _to(request, person_id) if left else _to(request, None)


@sensitive_variables("password")
@require_POST
@requires(Permission.CONTROL_USE, Permission.PEOPLE_MANAGE)
def reset(request: RegionRequest, region: str, person_id: UUID) -> HttpResponse:
    """A temporary password, shown once; every session of the person ends."""
    person = _person(request, person_id)
    form = ResetForm(request.POST)
    form.is_valid()
    password = services.reset_password(
        person_id=person.id,
        region_id=request.viewer.region_id,
        remove_second_factors=bool(form.cleaned_data.get("remove_second_factors")),
        by=request.viewer.actor,
        now=clock.now(),
    )
    return shown(request, "control/password.html", {"person": person, "password": password})


@require_POST
@requires(Permission.CONTROL_USE, Permission.PEOPLE_MANAGE)
def deactivate(request: RegionRequest, region: str, person_id: UUID) -> HttpResponse:
    """The person leaves: roles, tokens and sessions end."""
    person = _person(request, person_id)
    services.deactivate(
        person_id=person.id,
        region_id=request.viewer.region_id,
        by=request.viewer.actor,
        now=clock.now(),
    )
    return _to(request, None)


@require_POST
@requires(Permission.CONTROL_USE, Permission.PEOPLE_MANAGE)
def end_sessions(request: RegionRequest, region: str, person_id: UUID) -> HttpResponse:
    """Sign the person out: at the one place named by `session`, or everywhere."""
    person = _person(request, person_id)
    if not _governed(request, person):
        raise NotFound()
    by, now = request.viewer.actor, clock.now()
    one_place = request.POST.get("session", "")
    known = {str(item.id): item.id for item in queries.sessions(person.id, now)}
    if one_place in known:
        services.end_session(person_id=person.id, sign_in_id=known[one_place], by=by, now=now)
    elif not one_place:
        services.end_sessions(person_id=person.id, by=by, now=now)
    return _to(request, person_id)


def _shown(
    request: RegionRequest, person: PersonView, *, role_form: RoleForm | None = None
) -> HttpResponse:
    profile = regions.profile(request.viewer.region_id)
    manages = request.viewer.may(Permission.PEOPLE_MANAGE)
    governed = manages and _governed(request, person)
    words: dict[str, Any] = {
        "person": person,
        "agencies": _agencies(request),
        "types": {item.code: item.name for item in profile.taxonomy.types},
        "governed": governed,
        "role_form": role_form or RoleForm(profile=profile),
        "reset_form": ResetForm(),
        "sessions": queries.sessions(person.id, clock.now()) if governed else [],
        "here": request.desk.id,
    }
    return shown(request, "control/person.html", words, status=REFUSED if role_form else 200)


def _person(request: RegionRequest, person_id: UUID) -> PersonView:
    found = queries.person(person_id, request.viewer.region_id, clock.now())
    if found is None:
        raise NotFound()
    return found


def _governed(request: RegionRequest, person: PersonView) -> bool:
    """Whether the person serves this region only; else their sign-in is not this one's matter."""
    held = queries.memberships(person.id, clock.now())
    return all(item.region_id == request.viewer.region_id for item in held)


def _grant(request: RegionRequest, person_id: UUID, form: RoleForm) -> None:
    services.grant(
        person_id=person_id,
        region_id=request.viewer.region_id,
        **form.granted(),
        by=request.viewer.actor,
        now=clock.now(),
    )


def _agencies(request: RegionRequest) -> dict[str, str]:
    profile = regions.profile(request.viewer.region_id)
    return {item.code: item.short_name for item in profile.agencies}


def _to(request: RegionRequest, person_id: UUID | None) -> HttpResponse:
    region_id = request.viewer.region_id
    if person_id is None:
        return HttpResponseRedirect(reverse("control:people", args=[region_id]))
    return HttpResponseRedirect(reverse("control:person", args=[region_id, person_id]))
