"""The caller and an agency brought together: while the reporter is still on the line."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from siaga.accounts.types import Permission
from siaga.dispatch import queries as dispatch
from siaga.intake import queries as intake
from siaga.kernel import clock
from siaga.kernel.errors import InvalidField, NotFound
from siaga.kernel.phones import normalize_phone
from siaga.regions import queries as regions
from siaga.regions.types import Agency, Profile
from siaga.telephony import live_queries
from siaga.telephony.live.acting import dialled
from siaga.telephony.live.picture import LiveCall
from siaga.telephony.plan import plan_of
from siaga.telephony.services import commands
from siaga.telephony.services.calllog import call_id
from siaga.telephony.types import CallState, CommandKind, CommandView
from siaga.triage import queries as triage
from siaga.triage.types import IncidentView
from siaga.web.accounts.access import RegionRequest, requires
from siaga.web.console.pages import part

KEYS = ("h", "b", "c")
"""One for each of the first agencies: Hubungkan, and the letters that are free beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """An agency that was sent, and by which of its numbers it can be brought in."""

    assignment_id: UUID
    name: str
    who: str
    phone: str
    allowed: bool
    joined: bool
    key: str


@require_GET
@requires(Permission.CONSOLE_USE, Permission.INCIDENTS_READ)
def strip(request: RegionRequest, region: str, incident_id: UUID) -> HttpResponse:
    """Who may be brought together now; nothing while no reporter is on the line."""
    incident = triage.incident_for(request.viewer, incident_id)
    return _shown(request, incident, asked=_asked(request))


@require_POST
@requires(Permission.CONSOLE_USE, Permission.INCIDENTS_DISPATCH)
def connect(request: RegionRequest, region: str, assignment_id: UUID) -> HttpResponse:
    """The agency's telephone rings and joins; the call taker stays until they leave."""
    assignment = dispatch.assignment_for(request.viewer, assignment_id)
    incident = triage.incident_for(request.viewer, assignment.incident_id)
    call = _call_of(request, incident)
    if call is None:
        raise InvalidField(field="call", message=_("The reporter is no longer on the line."))
    sides = {one.assignment_id: one for one in _sides(request, incident, call)}
    side = sides.get(assignment_id)
    if side is None or not side.allowed:
        raise InvalidField(
            field="phone", message=_("This agency has no number that may be called.")
        )
    payload = {"call": call.linked_id, "phone": side.phone}
    return _ask(request, incident, CommandKind.CONFERENCE, payload)


@require_POST
@requires(Permission.CONSOLE_USE, Permission.INCIDENTS_DISPATCH)
def leave(request: RegionRequest, region: str, incident_id: UUID) -> HttpResponse:
    """The two go on talking, recorded as before."""
    incident = triage.incident_for(request.viewer, incident_id)
    call, seat = _call_of(request, incident), _seat(request)
    if call is None or seat is None:
        raise InvalidField(field="call", message=_("You are not in this call."))
    payload = {"call": call.linked_id, "position": seat}
    return _ask(request, incident, CommandKind.LEAVE_CONFERENCE, payload)


def _ask(
    request: RegionRequest, incident: IncidentView, kind: CommandKind, payload: dict[str, Any]
) -> HttpResponse:
    asked = commands.request(
        kind, request.region_id, payload, by=request.viewer.actor, now=clock.now()
    )
    return _shown(request, incident, asked=live_queries.command(request.region_id, asked))


def _shown(
    request: RegionRequest, incident: IncidentView, *, asked: CommandView | None
) -> HttpResponse:
    call = _call_of(request, incident)
    seat = _seat(request)
    words = {
        "incident": incident,
        "call": call,
        "sides": _sides(request, incident, call) if call else [],
        "may_leave": call is not None and call.in_conference and call.position == seat is not None,
        "asked": asked,
    }
    return part(request, "console/_connect.html", words)


def _sides(request: RegionRequest, incident: IncidentView, call: LiveCall | None) -> list[Side]:
    profile = regions.profile(request.region_id)
    found = []
    for item in dispatch.assignments(request.region_id, incident.id):
        agency = profile.agencies_by_code.get(item.agency_code)
        if agency is None or not item.is_open:
            continue
        name, phone, allowed = _number(profile, agency)
        if phone:
            found.append((item.id, agency.short_name, name, phone, allowed))
    parties = {normalize_phone(one) or one for one in (call.parties if call else ())}
    return [
        Side(
            assignment_id=assignment_id,
            name=agency_name,
            who=name,
            phone=phone,
            allowed=allowed,
            joined=phone in parties,
            key=KEYS[index] if index < len(KEYS) else "",
        )
        for index, (assignment_id, agency_name, name, phone, allowed) in enumerate(found)
    ]


def _number(profile: Profile, agency: Agency) -> tuple[str, str, bool]:
    """The first number of the ladder that may be dialled; else the first, which may not."""
    plan = plan_of(profile)
    rungs = [
        (one.name, normalize_phone(one.address) or one.address)
        for one in agency.contacts
        if one.channel == "phone" and one.address
    ]
    for name, phone in rungs:
        if plan is not None and dialled(plan, phone):
            return name, phone, True
    return (*rungs[0], False) if rungs else ("", "", False)


def _call_of(request: RegionRequest, incident: IncidentView) -> LiveCall | None:
    """The call in which one of the incident's reporters talks with us now."""
    if regions.profile(request.region_id).phone is None:
        return None
    picture = live_queries.live(request.viewer)
    talking = [one for one in picture.calls if one.state is CallState.ANSWERED]
    if not picture.connected or not talking:
        return None
    wanted = set(_contacts(request, incident))
    return next((one for one in talking if _contact(one) in wanted), None)


def _contact(call: LiveCall) -> UUID | None:
    if not call.is_callback:
        return call_id(call.linked_id)
    try:
        return UUID(call.contact)
    except ValueError:
        # A conversation may be named by the first call's key.
        return call_id(call.contact) if "." in call.contact else None


def _contacts(request: RegionRequest, incident: IncidentView) -> Iterable[UUID]:
    ids = triage.report_ids(request.region_id, incident.id)
    return (report.contact_id for report in intake.reports_in(request.region_id, ids))


def _seat(request: RegionRequest) -> int | None:
    seat = live_queries.seat_of(request.region_id, request.viewer.person_id)
    return seat.number if seat else None


def _asked(request: RegionRequest) -> CommandView | None:
    try:
        return live_queries.command(request.region_id, UUID(request.GET.get("asked", "")))
    except (ValueError, NotFound):
        return None
