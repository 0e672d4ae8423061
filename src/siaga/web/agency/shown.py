"""What an officer sees of an assignment: enough to act, no more of the reporter than needed."""

from dataclasses import dataclass

from django.utils.translation import get_language

from siaga.accounts.types import Viewer
from siaga.dispatch import rules
from siaga.dispatch.types import AssignmentState, AssignmentView
from siaga.intake import queries as intake_queries
from siaga.kernel.errors import SiagaError
from siaga.regions import queries as region_queries
from siaga.triage import queries as triage_queries
from siaga.triage.types import IncidentView


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionShown:
    """The region as the shell knows it."""

    id: str
    brand: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """Whom to call back, if they allowed it."""

    name: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One assignment, ready to be drawn."""

    assignment: AssignmentView
    incident: IncidentView
    type_name: str
    place: str
    next_steps: tuple[AssignmentState, ...]


def region_shown(viewer: Viewer) -> RegionShown:
    """Brand and id."""
    profile = region_queries.profile(viewer.region_id)
    return RegionShown(id=viewer.region_id, brand=profile.brand.name)


def agency_name(viewer: Viewer) -> str:
    """The agency the officer answers for."""
    agency = region_queries.profile(viewer.region_id).agencies_by_code.get(viewer.agency_code or "")
    return agency.name.said_in(get_language() or "id") if agency else ""


def cards(viewer: Viewer, assignments: list[AssignmentView]) -> list[Card]:
    """Cards for a list, with one look at the incidents."""
    seen = triage_queries.visible_ids(viewer, {item.incident_id for item in assignments})
    incidents = triage_queries.incidents_in(viewer.region_id, seen)
    return [
        card(viewer, item, incidents[item.incident_id])
        for item in assignments
        if item.incident_id in incidents
    ]


def card(viewer: Viewer, assignment: AssignmentView, incident: IncidentView) -> Card:
    """One card."""
    profile = region_queries.profile(viewer.region_id)
    case = profile.types_by_code.get(incident.type_code)
    return Card(
        assignment=assignment,
        incident=incident,
        type_name=case.name.said_in(get_language() or "id") if case else incident.type_code,
        place=_place(incident),
        next_steps=rules.next_steps(assignment.state),
    )


def reporters(incident: IncidentView, *, limit: int = 5) -> list[Reporter]:
    """The reporters who may be called back; the anonymous and the confidential stay unnamed."""
    if incident.confidential:
        return []
    ids = triage_queries.report_ids(incident.region_id, incident.id, limit=limit)
    return [
        Reporter(name=report.reporter_name, phone=report.reporter_phone)
        for report in intake_queries.reports_in(incident.region_id, ids)
        if report.reporter_phone and not report.anonymous
    ]


def _place(incident: IncidentView) -> str:
    parts = [incident.place.text]
    if incident.place.area_code:
        try:
            area = region_queries.area(incident.region_id, incident.place.area_code)
        except SiagaError:
            area = None
        if area is not None:
            parts.append(area.name)
            parts.append("" if area.name == area.kecamatan else area.kecamatan)
    return ", ".join(part for part in parts if part)
