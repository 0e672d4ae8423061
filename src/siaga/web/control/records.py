"""The registers of contacts and incidents, read only; found by any code people say aloud."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from siaga.accounts import queries as accounts
from siaga.accounts.types import Permission, Viewer
from siaga.dispatch import queries as dispatch
from siaga.dispatch.types import AssignmentView
from siaga.followup import queries as followup
from siaga.intake import queries as intake
from siaga.intake.types import ContactState, ContactView, ReportView
from siaga.kernel.errors import NotFound
from siaga.messaging import queries as messaging
from siaga.messaging.types import Direction, MessageView
from siaga.triage import queries as triage
from siaga.triage.types import IncidentStatus, IncidentView
from siaga.web.accounts.access import RegionRequest, requires
from siaga.web.control import attention, journal, subjects, wording
from siaga.web.control.pages import PAGE_ROWS, page, read_key, shown

S = TypeVar("S", bound=StrEnum)

MESSAGES_MAX = 50
CODE_LENGTH_MAX = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubble:
    """A message as the shared bubble draws it."""

    text: str
    at: Any
    ours: bool
    state: str
    who: str
    attachments: list[dict[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """An assignment with its agency's name."""

    item: AssignmentView
    agency: str


@require_safe
@requires(Permission.CONTROL_USE, Permission.CONTACTS_READ)
def contacts(request: RegionRequest, region: str) -> HttpResponse:
    """Everything that approached, newest first."""
    state = _choice(ContactState, request.GET.get("state", ""))
    found = intake.contacts(
        request.viewer,
        state=state,
        before=read_key(request.GET.get("after", "")),
        limit=PAGE_ROWS + 1,
    )
    words = {
        "page": page(request, found, lambda item: (item.received_at, item.id)),
        "states": list(ContactState),
        "state": state,
        "names": {item.id: attention.who(item) for item in found},
    }
    return shown(request, "control/contacts.html", words)


@require_safe
@requires(Permission.CONTROL_USE, Permission.INCIDENTS_READ)
def incidents(request: RegionRequest, region: str) -> HttpResponse:
    """All incidents, newest first."""
    status = _choice(IncidentStatus, request.GET.get("status", ""))
    found = triage.incidents(
        request.viewer,
        status=status,
        before=read_key(request.GET.get("after", "")),
        limit=PAGE_ROWS + 1,
    )
    words = {
        "page": page(request, found, lambda item: (item.opened_at, item.id)),
        "statuses": list(IncidentStatus),
        "status": status,
        "types": {
            item.type_code: attention.type_name(request.viewer, item.type_code) for item in found
        },
    }
    return shown(request, "control/incidents.html", words)


@require_safe
@requires(Permission.CONTROL_USE, Permission.CONTACTS_READ)
def contact(request: RegionRequest, region: str, contact_id: UUID) -> HttpResponse:
    """One contact: what became of it, what was said, what happened."""
    viewer = request.viewer
    one = intake.contact_for(viewer, contact_id)
    report = _report_of(viewer, one)
    incident_of = triage.incident_of_report(viewer.region_id, report.id) if report else None
    people = [item for item in (one.claimed_by, one.disposed_by) if item]
    words = {
        "contact": one,
        "name": attention.who(one),
        "people": accounts.person_names(people),
        "report": report,
        "report_state": wording.REPORT_STATES[report.state] if report else "",
        "type_name": attention.type_name(viewer, report.type_code) if report else "",
        "incident": _seen(viewer, incident_of),
        "bubbles": _bubbles(viewer, one),
        "entries": journal.timeline(viewer, one.id) if viewer.may(Permission.JOURNAL_READ) else [],
    }
    return shown(request, "control/contact.html", words)


@require_safe
@requires(Permission.CONTROL_USE, Permission.INCIDENTS_READ)
def incident(request: RegionRequest, region: str, incident_id: UUID) -> HttpResponse:
    """One incident: its times, its agencies, its evidence, its reports, its journal."""
    viewer = request.viewer
    one = triage.incident_for(viewer, incident_id)
    ids = triage.report_ids(viewer.region_id, one.id, limit=PAGE_ROWS)
    reports = (
        intake.reports_in(viewer.region_id, ids) if viewer.may(Permission.REPORTS_READ) else []
    )
    hidden = intake.hidden_ids(viewer, ids)
    words = {
        "incident": one,
        "type_name": attention.type_name(viewer, one.type_code),
        "times": _times(one),
        "assignments": [
            Assigned(item=item, agency=attention.agency_name(viewer, item.agency_code))
            for item in dispatch.assignments(viewer.region_id, one.id)
        ],
        "evidence": triage.evidence(viewer.region_id, incident_id=one.id),
        "reports": [item for item in reports if item.id not in hidden],
        "objections": followup.objections(viewer.region_id, incident_id=one.id, limit=PAGE_ROWS),
        "complaint": followup.complaint_clock(viewer.region_id, one.id),
        "entries": journal.timeline(viewer, one.id) if viewer.may(Permission.JOURNAL_READ) else [],
    }
    return shown(request, "control/incident.html", words)


@require_safe
@requires(Permission.CONTROL_USE, Permission.INCIDENTS_READ)
def find(request: RegionRequest, region: str) -> HttpResponse:
    """By incident code, tracking code or id; straight to the page of what was meant."""
    text = request.GET.get("q", "").strip()[:CODE_LENGTH_MAX]
    subject_id = subjects.named(request.viewer, text) if text else None
    url = subjects.page_of(request.viewer, subject_id) if subject_id else None
    if url is None:
        return shown(request, "control/not_found.html", {"asked": text})
    return HttpResponseRedirect(url)


@require_safe
@requires(Permission.CONTROL_USE)
def subject(request: RegionRequest, region: str, subject_id: UUID) -> HttpResponse:
    """The page of whatever this id names, if the viewer may see it."""
    url = subjects.page_of(request.viewer, subject_id)
    if url is None:
        raise NotFound()
    return HttpResponseRedirect(url)


def _report_of(viewer: Viewer, one: ContactView) -> ReportView | None:
    if one.report_id is None or not viewer.may(Permission.REPORTS_READ):
        return None
    return intake.report_for(viewer, one.report_id)


def _seen(viewer: Viewer, one: IncidentView | None) -> IncidentView | None:
    if one is None or not triage.visible_ids(viewer, [one.id]):
        return None
    return one


def _bubbles(viewer: Viewer, one: ContactView) -> list[Bubble]:
    if not viewer.may(Permission.MESSAGES_READ):
        return []
    found = messaging.conversation(viewer.region_id, contact_id=one.id, limit=MESSAGES_MAX)
    return [_bubble(viewer, item) for item in found]


def _bubble(viewer: Viewer, item: MessageView) -> Bubble:
    files = [
        {
            "url": reverse("media", args=[viewer.region_id, media.id]),
            "name": media.original_name or media.content_type,
            "kind": media.content_type.split("/")[0],
        }
        for media in item.media
        if media.path and viewer.may(Permission.MEDIA_READ)
    ]
    ours = item.direction is Direction.OUT
    return Bubble(
        text=item.text or (_("(a position)") if item.point else ""),
        at=item.at,
        ours=ours,
        state="unsent" if item.status == "queued" else item.status.value,
        who="",
        attachments=files,
    )


def _times(one: IncidentView) -> list[tuple[str, Any]]:
    """Every time stamp of the incident in the order in which they should come."""
    return [
        (_("Presented"), one.presented_at),
        (_("Place known"), one.location_known_at),
        (_("Type known"), one.type_known_at),
        (_("Opened"), one.opened_at),
        (_("Verified (A1)"), one.verified_at),
        (_("First agency sent"), one.dispatched_at),
        (_("Accepted"), one.acknowledged_at),
        (_("On the way"), one.en_route_at),
        (_("On scene"), one.on_scene_at),
        (_("Agencies done"), one.done_at),
        (_("Reporter informed"), one.reporter_informed_at),
        (_("Closed"), one.closed_at),
    ]


def _choice(kind: type[S], text: str) -> S | None:
    try:
        return kind(text) if text else None
    except ValueError:
        return None
