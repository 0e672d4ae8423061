"""Who rings: what is known of the number, and taking the caller's contact in hand."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_POST

from siaga.accounts.types import Permission
from siaga.intake import queries as intake
from siaga.intake import services as intake_services
from siaga.intake.errors import AlreadyClaimed
from siaga.intake.types import ContactState, ContactView, Place
from siaga.kernel import clock
from siaga.kernel.errors import NotFound
from siaga.kernel.phones import normalize_phone
from siaga.regions import queries as regions
from siaga.telephony import live_queries
from siaga.telephony.services.calllog import call_id
from siaga.web.accounts.access import RegionRequest, requires
from siaga.web.console import beside, rows, standing
from siaga.web.console.pages import part
from siaga.web.console.phone.answers import in_json
from siaga.web.console.places import place_words

EARLIER_MAX = 5
PLACES_LOOKED_AT = 20


@require_GET
@requires(Permission.CONSOLE_USE)
def about(request: RegionRequest, region: str, linked_id: str) -> HttpResponse:
    """Earlier contacts of the number, and what is open near the place it last spoke of.

    It asks nothing of the call log, which may be a moment behind the ringing.
    """
    phone = normalize_phone(request.GET.get("number", "")[:30])
    call = live_queries.live(request.viewer).call(linked_id)
    found = _earlier(request, phone, linked_id)
    place = _last_place(request, found)
    context: dict[str, Any] = {
        "phone": phone,
        "call": call,
        "cannot_speak": call.cannot_speak if call else False,
        "first_time": phone is not None and not found,
        "standing": standing.words_of(request, phone),
        **beside.as_rows(request, found[:EARLIER_MAX]),
        "last_place": place_words(regions.profile(request.region_id), place) if place else "",
        **(beside.similar_to(request, "", place) if place else {}),
    }
    return part(request, "console/phone/_about.html", context)


@require_POST
@requires(Permission.CONSOLE_USE, Permission.CONTACTS_CLAIM)
@in_json
def answered(request: RegionRequest, region: str, linked_id: str) -> HttpResponse:
    """The caller's contact is in this person's hand; 404 while the call log has not told of it."""
    contact = intake.contact_for(request.viewer, call_id(linked_id))
    _into_hand(request, contact, linked_id)
    return JsonResponse(
        {
            "contact": str(contact.id),
            "url": rows.contact_url(request.region_id, contact.id),
        }
    )


def _into_hand(request: RegionRequest, contact: ContactView, linked_id: str) -> None:
    if contact.claimed_by == request.viewer.person_id or contact.state is ContactState.DISPOSED:
        return
    if contact.state is ContactState.WAITING:
        take = intake_services.claim
    elif _rings_here(request, linked_id):
        # The caller was put through to this desk, whoever spoke with them before.
        take = intake_services.take_over
    else:
        raise AlreadyClaimed
    take(contact.id, region_id=request.region_id, by=request.viewer.actor, now=clock.now())


def _rings_here(request: RegionRequest, linked_id: str) -> bool:
    seat = live_queries.seat_of(request.region_id, request.viewer.person_id)
    call = live_queries.live(request.viewer).call(linked_id)
    return seat is not None and call is not None and call.position == seat.number


def _earlier(request: RegionRequest, phone: str | None, linked_id: str) -> list[ContactView]:
    if phone is None:
        return []
    this = call_id(linked_id)
    found = intake.contacts_of_number(request.viewer, phone, limit=PLACES_LOOKED_AT)
    return [item for item in found if item.id != this]


def _last_place(request: RegionRequest, found: list[ContactView]) -> Place | None:
    for item in found:
        if item.report_id is not None:
            try:
                place = intake.report_for(request.viewer, item.report_id).place
            except NotFound:
                continue
            if place.area_code or place.point:
                return place
        elif item.point is not None:
            return Place(point=item.point)
    return None
