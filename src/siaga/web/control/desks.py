"""Desks: which there are, who sits there now, and whether the shift is manned."""

from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from siaga.accounts.types import Permission
from siaga.kernel import clock
from siaga.kernel.errors import Forbidden
from siaga.regions import queries as regions
from siaga.regions import rules as region_rules
from siaga.web.accounts.access import RegionRequest, requires
from siaga.web.control import wording
from siaga.web.control.answers import REFUSED, told_in
from siaga.web.control.pages import shown
from siaga.workforce import queries, services
from siaga.workforce.types import PositionKind


class DeskForm(forms.Form):
    """A desk to be set up."""

    code = forms.RegexField(
        r"^[A-Za-z0-9-]+$",
        label=_("Short code"),
        max_length=20,
        help_text=_("Letters, digits and dashes, such as A1."),
    )
    name = forms.CharField(label=_("Name"), max_length=80)
    kind = forms.ChoiceField(
        label=_("What is it for?"),
        choices=[(kind.value, words) for kind, words in wording.POSITION_KINDS.items()],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.CONTROL_USE, Permission.OVERSIGHT_READ)
def listed(request: RegionRequest, region: str) -> HttpResponse:
    """All desks, who is on duty, and how that compares with the shift; POST sets up a desk."""
    viewer, now = request.viewer, clock.now()
    form = DeskForm(request.POST or None)
    if request.method == "POST":
        if not viewer.may(Permission.DESKS_MANAGE):
            raise Forbidden()
        if form.is_valid():
            with told_in(form):
                services.open_position(
                    region_id=viewer.region_id,
                    code=form.cleaned_data["code"],
                    name=form.cleaned_data["name"],
                    kind=PositionKind(form.cleaned_data["kind"]),
                    by=viewer.actor,
                    now=now,
                )
        if not form.errors:
            return HttpResponseRedirect(reverse("control:desks", args=[viewer.region_id]))
    profile = regions.profile(viewer.region_id)
    today = region_rules.local_time(profile, now).date()
    words = {
        "form": form,
        "positions": queries.positions(viewer.region_id),
        "on_duty": {item.position_id: item for item in queries.on_duty(viewer.region_id, now)},
        "coverage": queries.coverage(viewer.region_id, now),
        "shifts": region_rules.shifts_on(profile, today),
        "kinds": wording.POSITION_KINDS,
        "presences": wording.PRESENCES,
        "breaks": wording.BREAKS,
    }
    return shown(request, "control/desks.html", words, status=REFUSED if form.errors else 200)


@require_POST
@requires(Permission.CONTROL_USE, Permission.DESKS_MANAGE)
def close(request: RegionRequest, region: str, position_id: UUID) -> HttpResponse:
    """Take an empty desk out of use; its history stays, and the same code brings it back."""
    services.close_position(position_id=position_id, by=request.viewer.actor, now=clock.now())
    return HttpResponseRedirect(reverse("control:desks", args=[request.viewer.region_id]))
