"""Who is to be called back: one after another, by keys, with what came of it."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from siaga.accounts.types import Permission
from siaga.intake import queries as intake
from siaga.intake import services as intake_services
from siaga.intake.errors import AlreadyClaimed, AlreadyEnded
from siaga.intake.types import ContactDisposition, ContactId, ContactState, ContactView
from siaga.kernel import clock
from siaga.kernel.errors import InvalidField, NotFound
from siaga.kernel.phones import mask_phone
from siaga.telephony import live_queries
from siaga.telephony.callbacks import queries, rules, services
from siaga.telephony.callbacks.types import CallbackEnd, CallbackView
from siaga.telephony.grades import queries as grades
from siaga.web.accounts.access import RegionRequest, requires
from siaga.web.console import contacts, verifying
from siaga.web.console.pages import Work, opened, part
from siaga.web.console.phone.errors import NotSeated
from siaga.web.console.rows import contact_url
from siaga.web.console.wording import CALLBACK_ENDS, CALLBACK_REASONS
from siaga.web.shared.htmx import toast

RED_FLAG_SPAN = timedelta(hours=6)
# What a contact that still waits ends with, when nobody could be spoken to.
_ENDS_AS = {
    CallbackEnd.NOT_REACHED: ContactDisposition.CUT_OFF,
    CallbackEnd.NOT_NEEDED: ContactDisposition.CUT_OFF,
    CallbackEnd.WRONG_NUMBER: ContactDisposition.WRONG_NUMBER,
}
_KEYS = {
    CallbackEnd.REACHED: "1",
    CallbackEnd.NOT_REACHED: "2",
    CallbackEnd.WRONG_NUMBER: "3",
    CallbackEnd.NOT_NEEDED: "4",
}


@require_GET
@requires(Permission.CONSOLE_USE, Permission.CONTACTS_READ)
def show(request: RegionRequest, region: str) -> HttpResponse:
    """The list, with one of it in hand: the first, or `?at=`."""
    return opened(request, work(request, request.GET.get("at", "")))


@require_GET
@requires(Permission.CONSOLE_USE, Permission.CONTACTS_READ)
def rows(request: RegionRequest, region: str) -> HttpResponse:
    """The list alone, looked at again; what is in hand stays as it is."""
    return part(request, "console/_callback_rows.html", {"callbacks": _listed(request)})


@require_POST
@requires(Permission.CONSOLE_USE, Permission.CONTACTS_CLAIM)
def call(request: RegionRequest, region: str, callback_id: UUID) -> HttpResponse:
    """Call: one's own telephone rings first, then theirs."""
    item = _guarded(request, callback_id)
    seat = live_queries.seat_of(request.region_id, request.viewer.person_id)
    if seat is None:
        raise NotSeated
    services.place(
        item.id,
        seat.number,
        region_id=request.region_id,
        by=request.viewer.actor,
        now=clock.now(),
    )
    response = HttpResponse(status=204)
    return toast(response, _("Your telephone rings first; then the citizen's."))


@require_POST
@requires(Permission.CONSOLE_USE, Permission.CONTACTS_DISPOSE)
def settle(request: RegionRequest, region: str, callback_id: UUID) -> HttpResponse:
    """What came of it. Whoever was reached lies open to be worked on; the others have ended."""
    item = _guarded(request, callback_id)
    how = _end(request.POST.get("how", ""))
    note = request.POST.get("note", "")
    services.settle(
        item.id,
        how,
        region_id=request.region_id,
        note=note,
        by=request.viewer.actor,
        now=clock.now(),
    )
    if how is CallbackEnd.REACHED:
        return _reached(request, item)
    _end_waiting(request, item, _ENDS_AS[how], note)
    return toast(opened(request, work(request)), str(CALLBACK_ENDS[how]))


def work(request: RegionRequest, at: str = "") -> Work:
    """The list as it lies on the desk."""
    found = _listed(request)
    chosen = next((one for one in found if str(one["item"].id) == at), found[0] if found else None)
    following = found[found.index(chosen) + 1 :] if chosen else []
    return Work(
        template="console/_callbacks.html",
        url=_url(request),
        title=_("To call back"),
        context={
            "callbacks": found,
            "chosen": chosen,
            "following": following[0]["url"] if following else "",
            "ends": [(end.value, CALLBACK_ENDS[end], key) for end, key in _KEYS.items()],
            "rows_url": reverse("console:callback_rows", args=[request.region_id]),
        },
    )


def _listed(request: RegionRequest) -> list[dict[str, Any]]:
    """In the order in which they are to be called, without what is confidential to others."""
    now = clock.now()
    found = queries.open_callbacks(request.viewer)
    seen = intake.contacts_in(request.viewer, {one for item in found for one in item.contacts})
    phones = {item.phone for item in found if item.phone}
    flagged = intake.red_flagged(request.viewer, phones, now - RED_FLAG_SPAN)
    graded = {one.phone for one in grades.graded(request.region_id, now) if not one.proposed}
    shown = [item for item in found if seen.keys() >= set(item.contacts)]
    shown.sort(
        key=lambda item: rules.order(
            item, now, red_flag=item.phone in flagged, graded=item.phone in graded
        )
    )
    return [_row(request, item, seen, item.phone in flagged) for item in shown]


def _row(
    request: RegionRequest, item: CallbackView, seen: dict[UUID, ContactView], red: bool
) -> dict[str, Any]:
    contact = seen[item.contacts[-1]]
    return {
        "item": item,
        "name": _name(item),
        "why": CALLBACK_REASONS[item.why],
        "red": red,
        "contact": contact,
        "contact_url": contact_url(request.region_id, contact.id),
        "url": f"{_url(request)}?at={item.id}",
    }


def _name(item: CallbackView) -> str:
    if item.phone:
        return mask_phone(item.phone)
    return _("Number withheld") if not item.number else _("No number to call: %s") % item.number


def _guarded(request: RegionRequest, callback_id: UUID) -> CallbackView:
    """Its own door, and those of its contacts."""
    item = queries.callback_for(request.viewer, callback_id)
    if set(item.contacts) - intake.contacts_in(request.viewer, item.contacts).keys():
        raise NotFound
    return item


def _end(said: str) -> CallbackEnd:
    if said not in {end.value for end in _KEYS}:
        raise InvalidField(field="how", message=_("Say what came of it."))
    return CallbackEnd(said)


def _reached(request: RegionRequest, item: CallbackView) -> HttpResponse:
    verifying.after_call_back(request, item.contacts, request.POST.get("confirms", ""))
    contact = intake.contact_for(request.viewer, item.contacts[-1])
    if contact.waiting_since is not None:
        try:
            intake_services.claim(
                contact.id,
                region_id=request.region_id,
                by=request.viewer.actor,
                now=clock.now(),
            )
        except (AlreadyClaimed, AlreadyEnded):
            pass
    return contacts.after_claim(request, contact.id)


def _end_waiting(
    request: RegionRequest, item: CallbackView, disposition: ContactDisposition, note: str
) -> None:
    """Its contacts that nobody has taken end with it: each call has one outcome."""
    for contact in _waiting(request, item.contacts):
        intake_services.dispose(
            ContactId(contact.id),
            disposition,
            region_id=request.region_id,
            note=note,
            by=request.viewer.actor,
            now=clock.now(),
        )


def _waiting(request: RegionRequest, ids: Iterable[UUID]) -> list[ContactView]:
    found = intake.contacts_in(request.viewer, ids).values()
    return [contact for contact in found if contact.state is ContactState.WAITING]


def _url(request: RegionRequest) -> str:
    return reverse("console:callbacks", args=[request.region_id])
