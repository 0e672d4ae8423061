"""An incident on the desk: what is known, who was sent, what happened, how it ends."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from siaga.accounts import queries as accounts
from siaga.accounts.types import Permission
from siaga.followup import queries as followup
from siaga.followup import rules as followup_rules
from siaga.intake import queries as intake
from siaga.intake.types import ContactView, ReportView
from siaga.journal import queries as journal
from siaga.journal.types import Actor, ActorKind, EntryView
from siaga.kernel import clock
from siaga.kernel.types import Urgency
from siaga.regions import queries as regions
from siaga.regions import rules as region_rules
from siaga.telephony.notices import queries as notices
from siaga.triage import queries as triage
from siaga.triage.types import IncidentDisposition, IncidentStatus, IncidentView, Truth
from siaga.web.accounts.access import RegionRequest, requires
from siaga.web.console import beside, conversation, dispatching, ledger, places, rows
from siaga.web.console.forms import CloseForm, CorrectForm, as_data
from siaga.web.console.pages import Work, opened, part

TIMELINE_MAX = 60
NOTICES_MAX = 3


@require_GET
@requires(Permission.CONSOLE_USE, Permission.INCIDENTS_READ)
def show(request: RegionRequest, region: str, incident_id: UUID) -> HttpResponse:
    """The incident; `?contact=` chooses whose conversation stands beside it."""
    incident = triage.incident_for(request.viewer, incident_id)
    return opened(request, work(request, incident, contact_id=_asked_contact(request)))


@require_GET
@requires(Permission.CONSOLE_USE, Permission.INCIDENTS_READ)
def now_shown(request: RegionRequest, region: str, incident_id: UUID) -> HttpResponse:
    """Everything that may have changed, with the ticks left as the person has them."""
    incident = triage.incident_for(request.viewer, incident_id)
    shown = context(request, incident, chosen=request.GET)
    return part(request, "console/_incident_answer.html", shown)


def work(request: RegionRequest, incident: IncidentView, *, contact_id: UUID | None = None) -> Work:
    """Everything that lies on the desk for an incident."""
    shown = context(request, incident)
    contact = _contact_beside(request, shown["reports"], contact_id)
    if contact is not None:
        shown |= conversation.context(request, contact, clock.now())
        shown |= beside.earlier(request, contact)
        shown["contact_name"] = rows.contact_name(contact)
    shown |= beside.similar_to(request, incident.type_code, incident.place, incident=incident)
    shown |= {
        "correct_form": _correct_form(request, incident),
        "close_form": CloseForm(),
        "dispositions": list(IncidentDisposition),
        "urgencies": list(Urgency),
        "shown_point": incident.place.point,
    }
    return Work(
        template="console/_incident.html",
        url=url_of(incident, contact),
        title=incident.code,
        context=shown,
    )


def context(
    request: RegionRequest, incident: IncidentView, *, chosen: Any = None
) -> dict[str, Any]:
    """What changes while one looks at it."""
    now = clock.now()
    profile = regions.profile(request.region_id)
    reports = intake.reports_in(
        request.region_id, triage.report_ids(request.region_id, incident.id)
    )
    gate = region_rules.needs_a1(profile, incident.type_code, incident.urgency)
    entries = journal.timeline(request.region_id, incident.id, limit=TIMELINE_MAX)
    return {
        "incident": incident,
        "type_name": rows.type_name(profile, incident.type_code),
        "place": places.place_words(profile, incident.place),
        "truth": incident.truth,
        "waits_for_a1": gate and incident.truth is Truth.UNVERIFIED,
        "found_false": incident.truth is Truth.FALSE,
        "is_open": incident.status is not IncidentStatus.CLOSED,
        "may_close": _may_close(request, incident),
        "serious": followup_rules.is_serious(incident.urgency),
        "reports": reports,
        "notices": notices.about(request.region_id, incident.id, limit=NOTICES_MAX),
        "objections": followup.objections(request.region_id, incident_id=incident.id, limit=5),
        "complaint": followup.complaint_clock(request.region_id, incident.id),
        "timeline": _timeline(entries),
        "stamps": _stamps(incident),
        "more_urgent": [item for item in Urgency if item.rank < incident.urgency.rank],
        **_named(request, incident),
        **ledger.context(request, incident_id=incident.id),
        **dispatching.context(request, incident, now, chosen=chosen),
    }


def url_of(incident: IncidentView, contact: ContactView | None = None) -> str:
    """The incident's address, with the conversation that stands beside it."""
    url = rows.incident_url(incident.region_id, incident.id)
    return f"{url}?contact={contact.id}" if contact else url


def _asked_contact(request: RegionRequest) -> UUID | None:
    try:
        return UUID(request.GET.get("contact", ""))
    except ValueError:
        return None


def _contact_beside(
    request: RegionRequest, reports: Iterable[ReportView], wanted: UUID | None
) -> ContactView | None:
    """The contact asked for, if it belongs to the incident; else the latest report's."""
    ids = [report.contact_id for report in reports]
    if not ids:
        return None
    chosen = next((item for item in ids if item == wanted), ids[-1])
    return intake.contact_for(request.viewer, chosen)


def _correct_form(request: RegionRequest, incident: IncidentView) -> CorrectForm:
    profile = regions.profile(request.region_id)
    place = incident.place
    data = as_data(
        {
            "type_code": incident.type_code,
            "urgency": incident.urgency.value,
            "summary": incident.summary,
            "place_value": place.area_code,
            "place_label": places.area_label(profile, place.area_code),
            "place_text": place.text,
            "lat": place.point.lat if place.point else "",
            "lng": place.point.lng if place.point else "",
        }
    )
    return CorrectForm(initial={key: data.get(key) for key in data}, prefix=None)


def _may_close(request: RegionRequest, incident: IncidentView) -> bool:
    needed = Permission.INCIDENTS_CLOSE
    if followup_rules.is_serious(incident.urgency):
        needed = Permission.INCIDENTS_CLOSE_SERIOUS
    return request.viewer.may(needed)


def _named(request: RegionRequest, incident: IncidentView) -> dict[str, Any]:
    """Who may see a confidential incident."""
    if not incident.confidential:
        return {"named_people": [], "named_agencies": []}
    profile = regions.profile(request.region_id)
    names = accounts.person_names(incident.named_people)
    return {
        "named_people": sorted(names.values()),
        "named_agencies": [rows.agency_name(profile, code) for code in incident.named_agencies],
    }


def _timeline(entries: list[EntryView]) -> list[dict[str, Any]]:
    """Newest first: the eye looks for what just happened."""
    people = {_person(entry.actor) for entry in entries} - {None}
    names = accounts.person_names([item for item in people if item])
    return [
        {
            "at": entry.at,
            "sentence": entry.sentence,
            "who": names.get(_person(entry.actor) or UUID(int=0), _other(entry.actor)),
            "weighty": entry.name.startswith(("triage.incident", "dispatch.all", "followup.")),
        }
        for entry in reversed(entries)
    ]


def _person(actor: Actor) -> UUID | None:
    return actor.person_id


def _other(actor: Actor) -> str:
    words = {
        ActorKind.CITIZEN: _("the citizen"),
        ActorKind.CHANNEL: _("the channel"),
        ActorKind.AGENCY_TOKEN: _("the agency"),
    }
    return words.get(actor.kind, "")


def _stamps(incident: IncidentView) -> list[tuple[str, datetime | None]]:
    """The moments by which a response is measured, in their order."""
    return [
        (_("Presented"), incident.presented_at),
        (_("Place known"), incident.location_known_at),
        (_("Type known"), incident.type_known_at),
        (_("Opened"), incident.opened_at),
        (_("Verified"), incident.verified_at),
        (_("First sent"), incident.dispatched_at),
        (_("Acknowledged"), incident.acknowledged_at),
        (_("On the way"), incident.en_route_at),
        (_("On scene"), incident.on_scene_at),
        (_("Finished"), incident.done_at),
        (_("Reporter told"), incident.reporter_informed_at),
        (_("Closed"), incident.closed_at),
    ]
