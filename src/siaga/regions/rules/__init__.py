"""What a profile decides: pure functions of a profile and a moment."""

from siaga.regions.rules.admission import (
    bypasses_a1,
    case_type,
    needs_a1,
    scope_verdict,
)
from siaga.regions.rules.calendar import (
    agency_on_duty,
    greeting,
    hours_on,
    is_open,
    is_working_day,
    local_time,
    next_opening,
    office_close,
    out_of_hours,
    shift_at,
    shift_plan_on,
    shift_span,
    shifts_on,
    working_days_later,
)
from siaga.regions.rules.clocks import acknowledgement_plan, clock_for, duty_officer
from siaga.regions.rules.routing import clearance_needed, kecamatan_of, route

__all__ = [
    "acknowledgement_plan",
    "agency_on_duty",
    "bypasses_a1",
    "case_type",
    "clearance_needed",
    "clock_for",
    "duty_officer",
    "greeting",
    "hours_on",
    "is_open",
    "is_working_day",
    "kecamatan_of",
    "local_time",
    "needs_a1",
    "next_opening",
    "office_close",
    "out_of_hours",
    "route",
    "scope_verdict",
    "shift_at",
    "shift_plan_on",
    "shift_span",
    "shifts_on",
    "working_days_later",
]
