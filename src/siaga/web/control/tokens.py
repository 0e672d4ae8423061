"""Tokens for programs: issued, shown once, revoked."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from siaga.accounts import queries, services
from siaga.accounts.types import Permission
from siaga.kernel import clock
from siaga.regions import queries as regions
from siaga.web.accounts.access import RegionRequest, requires
from siaga.web.control.answers import REFUSED, told_in
from siaga.web.control.forms_people import TokenForm
from siaga.web.control.pages import shown


@sensitive_variables("issued")
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.CONTROL_USE, Permission.TOKENS_MANAGE)
def listed(request: RegionRequest, region: str) -> HttpResponse:
    """All tokens of the region; a new one's secret is on the page that answers, once."""
    viewer, now = request.viewer, clock.now()
    people = queries.people(viewer.region_id, now)
    form = TokenForm(request.POST or None, people=people, profile=regions.profile(viewer.region_id))
    issued = None
    if request.method == "POST" and form.is_valid():
        kind, _, holder = form.cleaned_data["holder"].partition(":")
        with told_in(form, expires_at="days", scopes="scope"):
            issued = services.issue_token(
                region_id=viewer.region_id,
                name=form.cleaned_data["name"],
                scopes=form.scopes(),
                expires_at=now + timedelta(days=form.cleaned_data["days"]),
                person_id=UUID(holder) if kind == "person" else None,
                agency_code=holder if kind == "agency" else None,
                by=viewer.actor,
                now=now,
            )
    if issued is not None:
        form = TokenForm(people=people, profile=regions.profile(viewer.region_id))
    words = {
        "form": form,
        "issued": issued,
        "tokens": queries.tokens(viewer.region_id),
        "now": now,
    }
    return shown(request, "control/tokens.html", words, status=REFUSED if form.errors else 200)


@require_POST
@requires(Permission.CONTROL_USE, Permission.TOKENS_MANAGE)
def revoke(request: RegionRequest, region: str, token_id: UUID) -> HttpResponse:
    """From now on the token opens nothing."""
    services.revoke_token(
        token_id=token_id,
        region_id=request.viewer.region_id,
        by=request.viewer.actor,
        now=clock.now(),
    )
    return HttpResponseRedirect(reverse("control:tokens", args=[request.viewer.region_id]))
