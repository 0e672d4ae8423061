"""Changing the profile without touching files: shown as a difference first, then applied."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from siaga.accounts.types import Permission
from siaga.kernel import clock
from siaga.regions import queries, services
from siaga.regions.errors import AgencyUnknown, CaseTypeUnknown, ProfileChangedMeanwhile
from siaga.regions.services import Applied
from siaga.regions.types import Agency, CaseType
from siaga.web.accounts.access import RegionRequest, requires
from siaga.web.control.answers import REFUSED, told_in
from siaga.web.control.forms_profile import (
    AgencyForm,
    CaseTypeForm,
    PreviewedForm,
    agency_initial,
    case_initial,
)
from siaga.web.control.pages import shown

Edit = Callable[[], Applied]


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.CONTROL_USE, Permission.PROFILE_EDIT)
def agency(request: RegionRequest, region: str, code: str = "") -> HttpResponse:
    """Add an agency, or edit the one with this code."""
    viewer = request.viewer
    profile = queries.profile(viewer.region_id)
    former = profile.agencies_by_code.get(code) if code else None
    if code and former is None:
        raise AgencyUnknown(agency_code=code)
    form = AgencyForm(
        request.POST or None,
        profile=profile,
        agency=former,
        initial=agency_initial(former) if former else None,
    )

    def edit() -> Applied:
        value = services.typed(Agency, _with_clocks(form, former))
        change = services.edit_agency if former else services.add_agency
        return change(viewer.region_id, value, by=viewer.actor, now=clock.now())

    return answered(request, form, edit, template="control/agency.html", back="agencies", of=former)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.CONTROL_USE, Permission.PROFILE_EDIT)
def case_type(request: RegionRequest, region: str, code: str = "") -> HttpResponse:
    """Add a case type, or edit the one with this code for this region."""
    viewer = request.viewer
    profile = queries.profile(viewer.region_id)
    former = profile.types_by_code.get(code) if code else None
    if code and former is None:
        raise CaseTypeUnknown(type_code=code)
    form = CaseTypeForm(
        request.POST or None,
        profile=profile,
        case=former,
        initial=case_initial(former) if former else None,
    )

    def edit() -> Applied:
        value = services.typed(CaseType, form.data_of())
        change = services.edit_case_type if former else services.add_case_type
        return change(viewer.region_id, value, by=viewer.actor, now=clock.now())

    return answered(request, form, edit, template="control/type.html", back="types", of=former)


def answered(
    request: RegionRequest,
    form: PreviewedForm,
    edit: Edit,
    *,
    template: str,
    back: str,
    of: Any,
) -> HttpResponse:
    """First what would change, then, if nothing was touched since, the change itself."""
    region_id = request.viewer.region_id
    version = queries.version(region_id)
    words: dict[str, Any] = {"form": form, "former": of, "applied": None, "version": version}
    if request.method == "POST" and form.is_valid():
        confirmed = "apply" in request.POST and form.cleaned_data["seen"] == form.digest()
        if confirmed and form.cleaned_data["version"] != version:
            raise ProfileChangedMeanwhile(region_id=region_id)
        with told_in(form, **_FIELDS):
            applied = edit() if confirmed else services.tried(edit)
            if confirmed:
                return HttpResponseRedirect(reverse(f"control:{back}", args=[region_id]))
            words |= {"applied": applied, "digest": form.digest()}
    return shown(request, template, words, status=REFUSED if form.errors else 200)


_FIELDS = {
    "reference": "agreement_reference",
    "valid_from": "agreement_from",
    "valid_until": "agreement_until",
    "duty": "periods",
    "opens": "periods",
    "closes": "periods",
    "days": "periods",
    "range": "most",
    "id": "name_id",
    "en": "name_en",
    "names": "name_id",
}


def _with_clocks(form: AgencyForm, former: Agency | None) -> dict[str, Any]:
    """The form's data with what it does not show: the agency's own clocks."""
    data = form.data_of()
    if former is not None and former.clocks:
        data["clocks"] = list(former.clocks)
    return data
