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
from siaga.web.console.phone import together
from siaga.web.console.wording import BREAK_REASONS, PRESENCES
from siaga.web.shared.htmx import toast, trigger
from siaga.workforce import queries, services
from siaga.workforce.types import BreakReason, PositionView, Presence


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
    presence = _presence(request.POST.get("presence", ""))
    reason = _reason(request.POST.get("reason", ""))
    services.set_presence(
        region_id=request.region_id,
        person_id=request.viewer.person_id,
        presence=presence,
        break_reason=reason,
        by=request.viewer.actor,
        now=clock.now(),
    )
    together.tell_telephone(request, presence, reason)
    return _menu(request)


@require_POST
@requires(Permission.CONSOLE_USE)
def sit(request: RegionRequest, region: str, position_id: UUID) -> HttpResponse:
    """Take a desk; the button says so when somebody would be relieved.

    The browser then connects the telephone that belongs to it.
    """
    desk = _desk(request, position_id)
    services.take_position(
        position_id=position_id,
        person_id=request.viewer.person_id,
        relieve=request.POST.get("relieve") == "1",
        by=request.viewer.actor,
        now=clock.now(),
    )
    response = toast(_menu(request), _("The desk is yours."))
    if desk is not None and together.answers_calls(request):
        together.relieve(request, desk)
        if number := together.number_of(request, desk):
            trigger(response, "siaga:desk-taken", {"number": number})
    return response


@require_POST
@requires(Permission.CONSOLE_USE)
def leave(request: RegionRequest, region: str) -> HttpResponse:
    """Get up; the telephone goes with the desk."""
    together.get_up(request)
    services.leave(
        region_id=request.region_id,
        person_id=request.viewer.person_id,
        by=request.viewer.actor,
        now=clock.now(),
    )
    return trigger(_menu(request), "siaga:desk-left")


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


def _desk(request: RegionRequest, position_id: UUID) -> PositionView | None:
    """As it is before anything happens to it."""
    desks = queries.positions(request.region_id)
    return next((one for one in desks if one.id == position_id), None)


def _presence(said: str) -> Presence:
    try:
        return Presence(said)
    except ValueError:
        raise InvalidField(field="presence", message=_("Choose what you are doing.")) from None


def _reason(said: str) -> BreakReason | None:
    return BreakReason(said) if said in set(BreakReason) else None
