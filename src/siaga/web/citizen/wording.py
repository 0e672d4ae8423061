"""How stages and states are called towards citizens."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from siaga.dispatch.types import AssignmentState
from siaga.followup.types import Stage

_STAGES: dict[Stage, Any] = {
    Stage.RECEIVED: _("Report received"),
    Stage.VERIFIED: _("Confirmed"),
    Stage.SENT: _("Passed on"),
    Stage.ACCEPTED: _("Accepted by the agency"),
    Stage.ON_SCENE: _("Officers are there"),
    Stage.DONE: _("Work finished"),
    Stage.CLOSED: _("Closed"),
}
assert _STAGES.keys() == set(Stage), "stages without words"

_AGENCY: dict[AssignmentState, Any] = {
    AssignmentState.SENT: _("has been asked"),
    AssignmentState.ACKNOWLEDGED: _("has accepted"),
    AssignmentState.EN_ROUTE: _("is on the way"),
    AssignmentState.ON_SCENE: _("is there"),
    AssignmentState.DONE: _("has finished"),
    AssignmentState.DECLINED: _("could not take it; another is asked"),
    AssignmentState.WITHDRAWN: _("is no longer needed"),
}
assert _AGENCY.keys() == set(AssignmentState), "states without words"


def stage_title(stage: Stage) -> Any:
    """The stage on the stepper."""
    return _STAGES[stage]


def agency_state(state: str) -> Any:
    """What an agency is doing, to follow its name."""
    return _AGENCY[AssignmentState(state)]
