"""The person's own desk in the top bar: where they sit, and whether new work may come."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from siaga.accounts.types import Permission
from siaga.kernel import clock
from siaga.kernel.errors import InvalidField
from siaga.regions import queries as regions
from siaga.regions import rules as region_rules
from siaga.web.accounts.access import RegionRequest, requires
from siaga.web.console.wording import BREAK_REASONS, PRESENCES
from siaga.web.shared.htmx import toast
from siaga.workforce import queries, services
from siaga.workforce.types import BreakReason, Presence


def bar(request: RegionRequest) -> dict[str, Any]:
    """What the top bar shows of the person's own desk."""
    return {"seat": queries.seat_of(request.region_id, request.viewer.person_id)}


@require_GET
@requires(Permission.CONSOLE_USE)
def show(request: RegionRequest, region: str) -> HttpResponse:
    """The menu of desks and presences."""
    return _menu(request)


@require_POST
@requires(Permission.CONSOLE_USE)
def change(request: RegionRequest, region: str) -> HttpResponse:
    """Available, busy, finishing, away, or on a break with its reason."""
    services.set_presence(
        region_id=request.region_id,
        person_id=request.viewer.person_id,
        presence=_presence(request.POST.get("presence", "")),
        break_reason=_reason(request.POST.get("reason", "")),
        by=request.viewer.actor,
        now=clock.now(),
    )
    return _menu(request)


@require_POST
@requires(Permission.CONSOLE_USE)
def sit(request: RegionRequest, region: str, position_id: UUID) -> HttpResponse:
    """Take a desk; the button says so when somebody would be relieved."""
    services.take_position(
        position_id=position_id,
        person_id=request.viewer.person_id,
        relieve=request.POST.get("relieve") == "1",
        by=request.viewer.actor,
        now=clock.now(),
    )
    return toast(_menu(request), _("The desk is yours."))


@require_POST
@requires(Permission.CONSOLE_USE)
def leave(request: RegionRequest, region: str) -> HttpResponse:
    """Get up."""
    services.leave(
        region_id=request.region_id,
        person_id=request.viewer.person_id,
        by=request.viewer.actor,
        now=clock.now(),
    )
    return _menu(request)


def _menu(request: RegionRequest) -> HttpResponse:
    now = clock.now()
    profile = regions.profile(request.region_id)
    duty = queries.on_duty(request.region_id, now)
    context = {
        "region_id": request.region_id,
        "positions": queries.positions(request.region_id),
        "people": {one.person_id: one.name for one in duty},
        "seat": next((one for one in duty if one.person_id == request.viewer.person_id), None),
        "shift": region_rules.shift_at(profile, now),
        "presences": [(item.value, PRESENCES[item]) for item in Presence if item != "break"],
        "reasons": [(item.value, BREAK_REASONS[item]) for item in BreakReason],
    }
    return render(request, "console/_presence_menu.html", context)


def _presence(said: str) -> Presence:
    try:
        return Presence(said)
    except ValueError:
        raise InvalidField(field="presence", message=_("Choose what you are doing.")) from None


def _reason(said: str) -> BreakReason | None:
    return BreakReason(said) if said in set(BreakReason) else None
