"""How a number is taken when it calls: in words, and lifted or held with a reason."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from siaga.accounts import queries as accounts
from siaga.accounts.types import Permission
from siaga.intake import queries as intake
from siaga.intake.types import ContactView
from siaga.kernel import clock
from siaga.kernel.errors import Forbidden, InvalidField, NotFound
from siaga.regions import queries as regions
from siaga.telephony.grades import queries, services
from siaga.telephony.grades.types import GradeView
from siaga.web.accounts.access import RegionRequest, requires
from siaga.web.console.pages import Work, opened, part
from siaga.web.console.rows import contact_url
from siaga.web.console.wording import GRADES
from siaga.web.shared.htmx import toast


@require_GET
@requires(Permission.CONSOLE_USE, Permission.NUMBERS_BLOCK)
def show(request: RegionRequest, region: str) -> HttpResponse:
    """Every number that is graded now, and what is proposed to the supervisor."""
    found = queries.graded_for(request.viewer, clock.now())
    seen = intake.contacts_in(request.viewer, {one.contact_id for one in found if one.contact_id})
    shown = [one for one in found if one.contact_id is None or one.contact_id in seen]
    shown.sort(key=lambda one: (not one.proposed, -one.grade, one.until))
    numbers = [
        {**_described(request, one), "url": contact_url(request.region_id, one.contact_id)}
        if one.contact_id
        else _described(request, one)
        for one in shown
    ]
    return opened(
        request,
        Work(
            template="console/_numbers.html",
            url=reverse("console:numbers", args=[request.region_id]),
            title=_("Graded numbers"),
            context={"numbers": numbers},
        ),
    )


@require_POST
@requires(Permission.CONSOLE_USE, Permission.NUMBERS_BLOCK)
def lift(request: RegionRequest, region: str, contact_id: UUID) -> HttpResponse:
    """Take the number like any other again; a supervisor's decision only a supervisor lifts."""
    contact = intake.contact_for(request.viewer, contact_id)
    grade = _named(request, contact)
    if (grade.by_hand or grade.proposed) and not request.viewer.may(Permission.CALLS_SUPERVISE):
        raise Forbidden
    services.lift_by_hand(
        grade.id,
        region_id=request.region_id,
        reason=request.POST.get("reason", ""),
        by=request.viewer.actor,
        now=clock.now(),
    )
    shown = part(request, "console/_standing.html", context(request, contact))
    return toast(shown, _("Not held.") if grade.proposed else _("Taken like any other again."))


@require_POST
@requires(Permission.CONSOLE_USE, Permission.NUMBERS_BLOCK, Permission.CALLS_SUPERVISE)
def hold(request: RegionRequest, region: str, contact_id: UUID) -> HttpResponse:
    """Hold it for some hours, where the region wants that at all; pressing 1 still gets through."""
    contact = intake.contact_for(request.viewer, contact_id)
    policy = regions.profile(request.region_id).nuisance
    if not policy.hard_block:
        raise Forbidden
    if contact.phone is None:
        raise NotFound
    hours = request.POST.get("hours", "")
    if not hours.isdigit() or not 1 <= int(hours) <= policy.hard_block_hours_max:
        raise InvalidField(field="hours", message=_("Not longer than the region allows."))
    services.hold(
        contact.phone,
        int(hours),
        region_id=request.region_id,
        reason=request.POST.get("reason", ""),
        contact_id=contact.id,
        by=request.viewer.actor,
        now=clock.now(),
    )
    shown = part(request, "console/_standing.html", context(request, contact))
    return toast(shown, _("Held. Whoever presses 1 still gets through."))


def context(request: RegionRequest, contact: ContactView) -> dict[str, Any]:
    """How the contact's number is taken now; nothing to say of nearly everybody."""
    if contact.phone is None or not request.viewer.may(Permission.NUMBERS_BLOCK):
        return {"standing": []}
    policy = regions.profile(request.region_id).nuisance
    found = queries.standing(request.region_id, contact.phone, clock.now())
    held = any(one.by_hand for one in found)
    may_hold = policy.hard_block and request.viewer.may(Permission.CALLS_SUPERVISE)
    return {
        "standing": [_described(request, one) for one in found],
        "standing_of": contact.id,
        "hold_hours": policy.hard_block_hours_max if may_hold and found and not held else 0,
    }


def words_of(request: RegionRequest, phone: str | None) -> list[str]:
    """How a number is taken now, for who is being rung by it."""
    if phone is None or not request.viewer.may(Permission.NUMBERS_BLOCK):
        return []
    found = queries.standing(request.region_id, phone, clock.now())
    return [f"{GRADES[one.grade]} ({one.reason})" for one in found if not one.proposed]


def _described(request: RegionRequest, grade: GradeView) -> dict[str, Any]:
    names = accounts.person_names([grade.given_by]) if grade.given_by else {}
    decided = grade.by_hand or grade.proposed
    return {
        "view": grade,
        "words": _("a hold is proposed to the supervisor")
        if grade.proposed
        else GRADES[grade.grade],
        "who": names.get(grade.given_by, "") if grade.given_by else "",
        "may_lift": not decided or request.viewer.may(Permission.CALLS_SUPERVISE),
    }


def _named(request: RegionRequest, contact: ContactView) -> GradeView:
    found = queries.standing(request.region_id, contact.phone or "", clock.now())
    wanted = request.POST.get("grade", "")
    for one in found:
        if str(one.id) == wanted:
            return one
    raise NotFound
