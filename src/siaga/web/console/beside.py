"""What stands beside the work: similar events, the person's history, agencies on duty."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from siaga.accounts.types import Permission
from siaga.intake import queries as intake
from siaga.intake.types import ContactView, Place
from siaga.kernel import clock
from siaga.regions import queries as regions
from siaga.regions import rules as region_rules
from siaga.regions.types import Profile
from siaga.triage import queries as triage
from siaga.triage.types import IncidentView, Similar
from siaga.web.accounts.access import RegionRequest, requires
from siaga.web.console import rows
from siaga.web.console.pages import part
from siaga.web.console.places import place_words

EARLIER_MAX = 8
VERY_NEAR_METRES = 500


@require_GET
@requires(Permission.CONSOLE_USE)
def duty(request: RegionRequest, region: str) -> HttpResponse:
    """The agencies on duty now."""
    profile = regions.profile(request.region_id)
    context = {"agencies": on_duty(profile, clock.now())}
    return part(request, "console/_duty.html", context)


def context(request: RegionRequest, contact: ContactView) -> dict[str, Any]:
    """What belongs beside a contact; similar events come once type and place are known."""
    report = intake.report_of_contact(request.region_id, contact.id)
    place = report.place if report else Place(point=contact.point)
    type_code = report.type_code if report else contact.type_code
    return {
        **earlier(request, contact),
        **similar_to(request, type_code, place, contact=contact),
        "shown_point": place.point or contact.point,
    }


def earlier(request: RegionRequest, contact: ContactView) -> dict[str, Any]:
    """The same person's earlier approaches, with how they ended."""
    found = intake.earlier_contacts(request.viewer, contact, limit=EARLIER_MAX)
    return as_rows(request, found)


def as_rows(request: RegionRequest, found: list[ContactView]) -> dict[str, Any]:
    """Earlier contacts, as lists show them."""
    profile = regions.profile(request.region_id)
    return {
        "earlier": [
            {
                "url": rows.contact_url(item.region_id, item.id),
                "channel": item.channel,
                "at": item.received_at,
                "text": item.preview,
                "disposition": item.disposition,
                "state": item.state,
                "type_name": rows.type_name(profile, item.type_code) if item.type_code else "",
            }
            for item in found
        ]
    }


def similar_to(
    request: RegionRequest,
    type_code: str,
    place: Place,
    *,
    contact: ContactView | None = None,
    incident: IncidentView | None = None,
) -> dict[str, Any]:
    """Open incidents that may be the same event."""
    found = triage.similar(
        request.viewer,
        type_code=type_code,
        place=place,
        now=clock.now(),
        except_id=incident.id if incident else None,
    )
    profile = regions.profile(request.region_id)
    near = [item for item in found if _is_likely(profile, item, type_code)]
    near.sort(key=lambda item: (not item.same_type, item.incident.urgency.rank))
    return {
        "similar": [_similar(profile, item) for item in near],
        "similar_contact": contact,
    }


def _is_likely(profile: Profile, item: Similar, type_code: str) -> bool:
    """The same kind of thing, or so near that it may be told as something else."""
    case = profile.types_by_code.get(type_code)
    other = profile.types_by_code.get(item.incident.type_code)
    if case is None or other is None or case.group == other.group:
        return True
    return item.distance_metres is not None and item.distance_metres <= VERY_NEAR_METRES


def _similar(profile: Profile, item: Similar) -> dict[str, Any]:
    incident = item.incident
    return {
        "id": incident.id,
        "url": rows.incident_url(incident.region_id, incident.id),
        "code": incident.code,
        "urgency": incident.urgency,
        "status": incident.status,
        "truth": incident.truth,
        "type_name": rows.type_name(profile, incident.type_code),
        "place": place_words(profile, incident.place),
        "distance": _far(item.distance_metres),
        "since": incident.opened_at,
        "reports": incident.report_count,
        "same_type": item.same_type,
    }


def _far(metres: int | None) -> str:
    if metres is None:
        return _("same area")
    if metres < 1000:
        return _("%(metres)d m") % {"metres": round(metres, -1)}
    return _("%(kilometres).1f km") % {"kilometres": metres / 1000}


def on_duty(profile: Profile, now: datetime) -> list[dict[str, Any]]:
    """Active agencies, those on duty first, with their ladder of contacts."""
    found = [
        {
            "name": agency.short_name,
            "full_name": agency.name.said_in(rows.language()),
            "on_duty": region_rules.agency_on_duty(profile, agency.code, now),
            "always": agency.duty.always,
            "phones": [
                (one.name, one.address)
                for one in agency.contacts
                if one.channel == "phone" and one.address
            ],
        }
        for agency in profile.agencies
        if agency.active
    ]
    found.sort(key=lambda one: (not one["on_duty"], str(one["name"]).lower()))
    return found
