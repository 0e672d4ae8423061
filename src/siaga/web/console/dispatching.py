"""Sending an incident to agencies, answering for them when they telephone, calling them off."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from siaga.accounts import queries as accounts
from siaga.accounts.types import Permission
from siaga.dispatch import queries, rules, services
from siaga.dispatch.services.sending import Order
from siaga.dispatch.types import AssignmentState, AssignmentView
from siaga.kernel import clock
from siaga.kernel.errors import InvalidField
from siaga.regions import queries as regions
from siaga.regions.types import Profile
from siaga.triage import queries as triage
from siaga.triage.types import IncidentStatus, IncidentView
from siaga.web.accounts.access import RegionRequest, requires
from siaga.web.console import guiding, rows
from siaga.web.console.pages import told

_ANSWERS = {
    AssignmentState.ACKNOWLEDGED,
    AssignmentState.EN_ROUTE,
    AssignmentState.ON_SCENE,
    AssignmentState.DONE,
    AssignmentState.DECLINED,
}


_WITH_WORDS = (AssignmentState.DECLINED, AssignmentState.DONE)


@require_POST
@requires(Permission.CONSOLE_USE, Permission.INCIDENTS_DISPATCH)
def send(request: RegionRequest, region: str, incident_id: UUID) -> HttpResponse:
    """Send to the ticked agencies at once. Refusals say the cure."""
    incident = triage.incident_for(request.viewer, incident_id)
    codes = dict.fromkeys(code for code in request.POST.getlist("agencies") if code)
    leads = {
        item.agency_code for item in queries.proposals(incident, clock.now()) if item.role == "lead"
    }
    note = request.POST.get("note", "").strip()
    sent = services.send(
        incident.id,
        [
            Order(agency_code=code, role="lead" if code in leads else "support", note=note)
            for code in codes
        ],
        region_id=request.region_id,
        by=request.viewer.actor,
        now=clock.now(),
    )
    said = _("Sent to %(count)d.") % {"count": len(sent)}
    return told(said if sent else _("They had it already."), resync=True)


@require_POST
@requires(Permission.CONSOLE_USE, Permission.ASSIGNMENTS_ANSWER_FOR)
def answer(request: RegionRequest, region: str, assignment_id: UUID) -> HttpResponse:
    """The agency telephoned: write down what it said, in one's own name."""
    assignment = queries.assignment_for(request.viewer, assignment_id)
    state = _state(request.POST.get("state", ""))
    words = request.POST.get("words", "").strip()
    by, now, region_id = request.viewer.actor, clock.now(), request.region_id
    if state is AssignmentState.ACKNOWLEDGED:
        services.acknowledge(assignment.id, region_id=region_id, by=by, now=now)
    elif state is AssignmentState.DECLINED:
        services.decline(assignment.id, region_id=region_id, reason=words, by=by, now=now)
    elif state is AssignmentState.DONE:
        services.finish(assignment.id, region_id=region_id, note=words, by=by, now=now)
    else:
        services.advance(assignment.id, state, region_id=region_id, by=by, now=now)
    return told(_("Written down."), resync=True)


@require_POST
@requires(Permission.CONSOLE_USE, Permission.ASSIGNMENTS_WITHDRAW)
def withdraw(request: RegionRequest, region: str, assignment_id: UUID) -> HttpResponse:
    """Call an agency off, with the reason it will read."""
    assignment = queries.assignment_for(request.viewer, assignment_id)
    reason = request.POST.get("words", "").strip()
    if not reason:
        raise InvalidField(field="words", message=_("Say why; the agency will read it."))
    services.withdraw(
        assignment.id,
        region_id=request.region_id,
        reason=reason[:300],
        by=request.viewer.actor,
        now=clock.now(),
    )
    return told(_("Called off."), resync=True)


def context(
    request: RegionRequest, incident: IncidentView, now: datetime, *, chosen: Any = None
) -> dict[str, Any]:
    """Who was sent and who might be; `chosen` are the ticks as the person has them."""
    profile = regions.profile(request.region_id)
    assignments = queries.assignments(request.region_id, incident.id)
    ticks = _ticks(profile, incident, assignments, now, chosen)
    named = frozenset(tick.code for tick in ticks)
    names = accounts.person_names({item.sent_by for item in assignments if item.sent_by})
    case = profile.types_by_code.get(incident.type_code)
    declined = [item for item in assignments if item.state is AssignmentState.DECLINED]
    return {
        "assignments": [_shown(profile, item, names) for item in assignments],
        "ticks": [tick for tick in ticks if not tick.sent],
        "others": guiding.other_agencies(profile, case, named),
        "send_note": chosen.get("note", "") if chosen is not None else "",
        "reroute": bool(declined) and incident.status is IncidentStatus.IN_TRIAGE,
        "phone_there": profile.phone is not None,
        "all_done": incident.status is IncidentStatus.DONE,
    }


def _ticks(
    profile: Profile,
    incident: IncidentView,
    assignments: list[AssignmentView],
    now: datetime,
    chosen: Any,
) -> list[guiding.Tick]:
    busy = {item.agency_code for item in assignments if item.is_open}
    asked = {item.agency_code for item in assignments}
    shown = set(chosen.getlist("agencies_shown")) if chosen is not None else set()
    wanted = set(chosen.getlist("agencies")) if chosen is not None else set()
    ticks = []
    for item in queries.proposals(incident, now):
        fresh = item.agency_code not in shown
        # Nobody is on it: propose the leads that have not been asked yet.
        by_itself = item.role == "lead" and not busy and item.agency_code not in asked
        ticks.append(
            guiding.Tick(
                code=item.agency_code,
                name=item.agency_name,
                role=item.role,
                reason=item.reason.said_in(rows.language()),
                on_duty=item.on_duty,
                chosen=by_itself if fresh else item.agency_code in wanted,
                sent=item.agency_code in busy,
            )
        )
    named = {tick.code for tick in ticks} | busy
    ticks += [
        guiding.Tick(
            code=code,
            name=rows.agency_name(profile, code),
            role="support",
            reason="",
            on_duty=True,
            chosen=True,
        )
        for code in wanted
        if code not in named and code in profile.agencies_by_code
    ]
    return ticks


def _shown(profile: Profile, item: AssignmentView, names: dict[UUID, str]) -> dict[str, Any]:
    steps = [state for state in rules.next_steps(item.state) if state in _ANSWERS]
    agency = profile.agencies_by_code.get(item.agency_code)
    return {
        "view": item,
        "name": rows.agency_name(profile, item.agency_code),
        "phones": [
            (one.name, one.address)
            for one in (agency.contacts if agency else ())
            if one.channel == "phone" and one.address
        ],
        "sent_by": names.get(item.sent_by, "") if item.sent_by else "",
        "silent": item.state is AssignmentState.SENT,
        "plain_steps": [
            state
            for state in steps
            if state not in (AssignmentState.DECLINED, AssignmentState.DONE)
        ],
        "may_finish": AssignmentState.DONE in steps,
        "may_decline": AssignmentState.DECLINED in steps,
    }


def _state(said: str) -> AssignmentState:
    try:
        state = AssignmentState(said)
    except ValueError:
        state = AssignmentState.SENT
    if state not in _ANSWERS:
        raise InvalidField(field="state", message=_("Choose what the agency said."))
    return state
