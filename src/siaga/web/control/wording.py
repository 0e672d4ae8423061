"""Words of this face for what has no mark of its own."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from siaga.accounts import queries as accounts
from siaga.followup.types import OrphanKind
from siaga.intake.types import ReportState
from siaga.journal.types import Actor, ActorKind
from siaga.messaging.types import InboundState
from siaga.regions.types import AgencyKind, Clearance, ContactChannel
from siaga.web.shared.marks import mark
from siaga.workforce.types import BreakReason, PositionKind, Presence

ORPHANS: dict[OrphanKind, Any] = {
    OrphanKind.CONTACT_WITHOUT_CLOCK: _("A contact waits and no alarm is set for it"),
    OrphanKind.CLAIM_WITHOUT_HOLDER: _("A contact is claimed, but its desk is silent"),
    OrphanKind.REPORT_WITHOUT_INCIDENT: _("A report has belonged to no incident for an hour"),
    OrphanKind.REPORT_WITHOUT_ANSWER: _("The incident is closed, the report was not answered"),
    OrphanKind.INCIDENT_WITHOUT_ASSIGNMENT: _("An open incident has been with no agency for long"),
    OrphanKind.ASSIGNMENT_WITHOUT_CLOCK: _("An agency is silent and no step follows"),
}
assert ORPHANS.keys() == set(OrphanKind), "orphans without words"

REPORT_STATES: dict[ReportState, Any] = {
    ReportState.RECEIVED: _("received, not yet looked at"),
    ReportState.IN_TRIAGE: _("being assessed"),
    ReportState.ATTACHED: _("in an incident"),
    ReportState.REFUSED: _("refused with a reason"),
    ReportState.ANSWERED: _("answered"),
}
assert REPORT_STATES.keys() == set(ReportState), "states of a report without words"

INBOUND: dict[InboundState, Any] = {
    InboundState.FAILED: _("could not be read"),
    InboundState.QUARANTINED: _("in quarantine: not for this region's number"),
}

ESCALATIONS: dict[str, Any] = {
    "notify_agency": _("tell the agency"),
    "notify_again": _("tell the agency again"),
    "call_duty_officer": _("call the duty officer"),
    "alarm_supervisor": _("alarm the supervisor"),
}

DEADLINES: dict[str, Any] = {
    "intake.waiting_too_long": _("the alarm for a contact that waits"),
    "dispatch.escalate": _("a step of an escalation"),
}

PROCESSES: dict[str, Any] = {
    "clock": _("clock: escalations, alarms, sealing"),
    "work": _("worker: messages, files, jobs"),
}

ROOMS: dict[str, Any] = {
    "intake": _("Contacts and reports"),
    "triage": _("Incidents and evidence"),
    "dispatch": _("Agencies and escalation"),
    "followup": _("Closing and objections"),
    "messaging": _("Messages"),
    "accounts": _("People and sign-in"),
    "regions": _("Profile"),
    "workforce": _("Desks"),
}

POSITION_KINDS: dict[PositionKind, Any] = {
    PositionKind.CALL_TAKING: _("Taking calls and chats"),
    PositionKind.DISPATCH: _("Dispatch"),
    PositionKind.SUPERVISION: _("Supervision"),
}
assert POSITION_KINDS.keys() == set(PositionKind), "kinds of desks without words"

PRESENCES: dict[Presence, Any] = {
    Presence.AVAILABLE: _("available"),
    Presence.BUSY: _("busy"),
    Presence.WRAP_UP: _("finishing"),
    Presence.BREAK: _("on a break"),
    Presence.AWAY: _("away"),
}
assert PRESENCES.keys() == set(Presence), "presences without words"

BREAKS: dict[BreakReason, Any] = {
    BreakReason.MEAL: _("meal"),
    BreakReason.PRAYER: _("prayer"),
    BreakReason.REST: _("rest"),
    BreakReason.RESTROOM: _("restroom"),
    BreakReason.BRIEFING: _("briefing"),
    BreakReason.TECHNICAL: _("technical"),
}
assert BREAKS.keys() == set(BreakReason), "breaks without words"

AGENCY_KINDS: dict[AgencyKind, Any] = {
    AgencyKind.OPD: _("Regional office (OPD)"),
    AgencyKind.VERTICAL: _("National agency (vertical)"),
    AgencyKind.BUMN: _("State company"),
    AgencyKind.VOLUNTEER: _("Volunteers"),
    AgencyKind.VILLAGE: _("Village or kelurahan"),
}
assert AGENCY_KINDS.keys() == set(AgencyKind), "kinds of agencies without words"

CLEARANCES: dict[Clearance, Any] = {
    Clearance.ORDINARY: _("Ordinary cases"),
    Clearance.CONFIDENTIAL: _("Also confidential cases"),
    Clearance.RESTRICTED: _("Also restricted cases"),
}
assert CLEARANCES.keys() == set(Clearance), "clearances without words"

LADDER_ROLES: dict[str, Any] = {
    "desk": _("Desk"),
    "duty_officer": _("Duty officer"),
    "deputy": _("Deputy"),
    "head": _("Head"),
}

LADDER_CHANNELS: dict[ContactChannel, Any] = {
    ContactChannel.APP: _("Agency page"),
    ContactChannel.PHONE: _("Phone"),
    ContactChannel.WHATSAPP: _("WhatsApp"),
    ContactChannel.TELEGRAM: _("Telegram"),
    ContactChannel.SIP: _("Internal line"),
    ContactChannel.RADIO: _("Radio"),
    ContactChannel.EMAIL: _("Email"),
}
assert LADDER_CHANNELS.keys() == set(ContactChannel), "channels of a ladder without words"


_ACTORS: dict[ActorKind, Any] = {
    ActorKind.AGENCY_TOKEN: _("a program of an agency"),
    ActorKind.API_TOKEN: _("a program"),
    ActorKind.CITIZEN: _("the citizen"),
    ActorKind.JOB: _("the worker"),
    ActorKind.SYSTEM: _("Siaga itself"),
}


def actor_names(actors: Iterable[Actor]) -> dict[UUID, str]:
    """The names of the persons among these actors, with one look."""
    return accounts.person_names({a.person_id for a in actors if a.person_id is not None})


def actor_words(actor: Actor, names: dict[UUID, str]) -> str:
    """Who it was, in the active language."""
    if actor.kind is ActorKind.CHANNEL:
        return str(mark("channel", actor.id).label)
    if actor.kind is ActorKind.PERSON and actor.person_id is not None:
        return names.get(actor.person_id, str(_("a person")))
    if actor.kind is ActorKind.API_TOKEN and actor.person_id is not None:
        name = names.get(actor.person_id, "")
        return str(_("a program of %(name)s")) % {"name": name}
    return str(_ACTORS.get(actor.kind, actor.kind.value))


def duration(seconds: float | None) -> str:
    """A span for a number on the page: 42 s, 3 min 5 s, 2 h 10 min; a dash for none."""
    if seconds is None:
        return "–"
    whole = max(0, round(seconds))
    if whole < 60:
        return str(_("%(s)s s")) % {"s": whole}
    if whole < 3600:
        return str(_("%(m)s min %(s)s s")) % {"m": whole // 60, "s": whole % 60}
    return str(_("%(h)s h %(m)s min")) % {"h": whole // 3600, "m": whole % 3600 // 60}


def span(since: datetime, until: datetime) -> str:
    """The same for the time between two moments."""
    return duration((until - since).total_seconds())
