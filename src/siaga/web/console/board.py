"""The dispatcher's board: what is open, how long already, and who has not answered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from siaga.accounts.types import Permission, Viewer
from siaga.dispatch import queries as dispatch
from siaga.dispatch.types import AssignmentState, AssignmentView
from siaga.kernel import clock
from siaga.kernel.types import Urgency
from siaga.regions import queries as regions
from siaga.regions.types import Profile
from siaga.triage import queries as triage
from siaga.triage.types import IncidentView
from siaga.web.accounts.access import RegionRequest, requires
from siaga.web.console import rows
from siaga.web.console.pages import page, part
from siaga.web.console.places import place_words

SHOWN_MAX = 100
SILENT_MAX = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What of the open incidents to show; empty means all."""

    urgency: Urgency | None = None
    agency: str = ""
    kecamatan: str = ""

    @property
    def any(self) -> bool:
        """Whether something is hidden."""
        return bool(self.urgency or self.agency or self.kecamatan)


@require_GET
@requires(Permission.CONSOLE_USE, Permission.INCIDENTS_READ)
def show(request: RegionRequest, region: str) -> HttpResponse:
    """The board as a page."""
    profile = regions.profile(request.region_id)
    context = {
        **_context(request),
        "agencies": sorted(
            ((one.code, one.short_name) for one in profile.agencies if one.active),
            key=lambda one: one[1].lower(),
        ),
        "areas": sorted((area.name, area.code) for area in profile.areas),
    }
    return page(request, "console/board.html", context)


@require_GET
@requires(Permission.CONSOLE_USE, Permission.INCIDENTS_READ)
def again(request: RegionRequest, region: str) -> HttpResponse:
    """The board's rows, looked at again or filtered."""
    response = part(request, "console/_board_answer.html", _context(request))
    if request.GET.get("filtered"):
        query = request.GET.copy()
        query.pop("filtered")
        kept = "&".join(f"{key}={value}" for key, value in query.items() if value)
        path = request.path.removesuffix("rows/")
        response["HX-Replace-Url"] = f"{path}?{kept}" if kept else path
    return response


def filters_of(request: RegionRequest) -> Filters:
    """From the address; what the profile does not know is no filter."""
    profile = regions.profile(request.region_id)
    urgency = request.GET.get("urgency", "")
    agency = request.GET.get("agency", "")
    kecamatan = request.GET.get("kecamatan", "")
    return Filters(
        urgency=Urgency(urgency) if urgency in set(Urgency) else None,
        agency=agency if agency in profile.agencies_by_code else "",
        kecamatan=kecamatan if kecamatan in profile.areas_by_code else "",
    )


def _context(request: RegionRequest) -> dict[str, Any]:
    """Five queries, whatever the number of incidents."""
    now, viewer = clock.now(), request.viewer
    profile = regions.profile(request.region_id)
    filters = filters_of(request)
    found = _incidents(viewer, filters)
    sent = dispatch.assignments_of(viewer.region_id, [item.id for item in found])
    counts = triage.open_counts(viewer)
    silent = dispatch.unacknowledged(viewer.region_id, now, limit=SILENT_MAX)
    about = triage.board(viewer, among={item.incident_id for item in silent})
    seen: dict[UUID, IncidentView] = {incident.id: incident for incident in about}
    return {
        "rows": [_row(profile, item, sent.get(item.id, []), now) for item in found],
        "filters": filters,
        "counts": [(urgency, counts[urgency]) for urgency in Urgency],
        "total": sum(counts.values()),
        "more": len(found) == SHOWN_MAX,
        "silent": [
            _silent(profile, item, seen[item.incident_id])
            for item in silent
            if item.incident_id in seen
        ],
    }


def _incidents(viewer: Viewer, filters: Filters) -> list[IncidentView]:
    among = None
    if filters.agency:
        among = dispatch.open_incidents_of(viewer.region_id, filters.agency)
    return triage.board(
        viewer,
        urgency=filters.urgency,
        kecamatan=filters.kecamatan,
        among=among,
        limit=SHOWN_MAX,
    )


def _row(
    profile: Profile, incident: IncidentView, sent: list[AssignmentView], now: datetime
) -> dict[str, Any]:
    need = ""
    if not any(item.is_open for item in sent):
        need = rows.what_is_needed(incident, sent, profile)[0]
    return {
        "incident": incident,
        "url": rows.incident_url(incident.region_id, incident.id),
        "type_name": rows.type_name(profile, incident.type_code),
        "place": place_words(profile, incident.place),
        "need": need,
        "late": any(_is_late(item, now) for item in sent),
        "assignments": [_assignment(profile, item, now) for item in sent if _is_shown(item)],
    }


def _assignment(profile: Profile, item: AssignmentView, now: datetime) -> dict[str, Any]:
    return {
        "name": rows.agency_name(profile, item.agency_code),
        "state": item.state,
        "waiting": item.state is AssignmentState.SENT,
        "late": _is_late(item, now),
        "sent_at": item.sent_at,
        "due": item.acknowledge_by,
    }


def _silent(profile: Profile, item: AssignmentView, incident: IncidentView) -> dict[str, Any]:
    agency = profile.agencies_by_code.get(item.agency_code)
    return {
        "url": rows.incident_url(item.region_id, item.incident_id),
        "name": rows.agency_name(profile, item.agency_code),
        "about": f"{rows.type_name(profile, incident.type_code)} · {incident.code}",
        "urgency": item.urgency,
        "sent_at": item.sent_at,
        "due": item.acknowledge_by,
        "alarmed": item.alarmed_at is not None,
        "key": f"silent-{item.id}",
        "phones": [
            (one.name, one.address)
            for one in (agency.contacts if agency else ())
            if one.channel == "phone" and one.address
        ],
    }


def _is_late(item: AssignmentView, now: datetime) -> bool:
    return item.state is AssignmentState.SENT and item.acknowledge_by < now


def _is_shown(item: AssignmentView) -> bool:
    return item.state is not AssignmentState.WITHDRAWN
