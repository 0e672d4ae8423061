"""How long an agency has to acknowledge, and what happens while it stays silent. Pure."""

from datetime import datetime

from siaga.kernel.types import Urgency
from siaga.regions.errors import AgencyUnknown
from siaga.regions.rules.calendar import working_days_later
from siaga.regions.types import (
    AckClock,
    AckPlan,
    Agency,
    AgencyContact,
    EscalationAction,
    EscalationStep,
    Profile,
)

SUPERVISOR = "supervisor"


def acknowledgement_plan(
    profile: Profile, agency_code: str, urgency: Urgency, at: datetime
) -> AckPlan:
    """The plan to freeze when an assignment is sent at `at`.

    A clock on working days runs to the close of the next working day; its steps follow that
    moment. `to` is the agency's code, or `supervisor` for the alarm.
    """
    agency = _agency(profile, agency_code)
    clock = clock_for(profile, agency, urgency)
    if clock.next_working_day:
        within = int((working_days_later(profile, at, 1) - at).total_seconds())
        shift = within
    else:
        within = clock.within_seconds or 0
        shift = 0
    steps = tuple(
        EscalationStep(
            after_seconds=step.after_seconds + shift,
            action=step.action,
            to=SUPERVISOR if step.action is EscalationAction.ALARM_SUPERVISOR else agency.code,
        )
        for step in clock.steps
    )
    return AckPlan(agency_code=agency.code, urgency=urgency, within_seconds=within, steps=steps)


def clock_for(profile: Profile, agency: Agency, urgency: Urgency) -> AckClock:
    """The agency's own clock of that urgency, or the region's."""
    own = next((clock for clock in agency.clocks if clock.urgency is urgency), None)
    return own or profile.clocks_by_urgency[urgency]


def duty_officer(profile: Profile, agency_code: str) -> AgencyContact | None:
    """Whom to call when the agency stays silent; up the parents if it names nobody."""
    seen: set[str] = set()
    agency: Agency | None = _agency(profile, agency_code)
    while agency is not None and agency.code not in seen:
        seen.add(agency.code)
        for role in ("duty_officer", "deputy", "head"):
            for contact in agency.contacts:
                if contact.role == role:
                    return contact
        agency = profile.agencies_by_code.get(agency.parent or "")
    return None


def _agency(profile: Profile, agency_code: str) -> Agency:
    agency = profile.agencies_by_code.get(agency_code)
    if agency is None:
        raise AgencyUnknown(agency_code=agency_code)
    return agency
