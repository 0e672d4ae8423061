"""The nightly self-test on the supervisor's page, and one more by a key."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from siaga.accounts.types import Permission
from siaga.kernel import clock
from siaga.kernel.types import RegionId
from siaga.telephony import live_queries
from siaga.telephony.selftest import judging, queries, services
from siaga.telephony.selftest.types import Check, SelfTestView
from siaga.web.accounts.access import RegionRequest, requires
from siaga.web.shared.htmx import toast, trigger

SHOWN_MAX = 7
CHECKS: dict[Check, Any] = {
    Check.ASTERISK: gettext_lazy("Asterisk takes the call"),
    Check.TRUNK: gettext_lazy("the carrier brings the call back"),
    Check.OFFERED: gettext_lazy("the call comes in"),
    Check.GREETED: gettext_lazy("it is greeted"),
    Check.QUEUED: gettext_lazy("it reaches the queue"),
    Check.PICTURE: gettext_lazy("this page sees it"),
    Check.LOGGED: gettext_lazy("the call log has it"),
    Check.CONTACT: gettext_lazy("a contact comes of it"),
    Check.RECORDED: gettext_lazy("the recording is kept"),
    Check.BROKE_OFF: gettext_lazy("the test was not broken off"),
}
assert CHECKS.keys() == set(Check), "checks without words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A test with its words."""

    item: SelfTestView
    missing: list[Any]


@require_POST
@requires(Permission.CONTROL_USE, Permission.CALLS_SUPERVISE)
def start(request: RegionRequest, region: str) -> HttpResponse:
    """Test now; the result appears by itself."""
    begun = services.begin(request.region_id, by=request.viewer.actor, now=clock.now())
    said = _("The telephone calls itself; the result appears here within a minute.")
    told = said if begun else _("A test is running already.")
    return trigger(toast(HttpResponse(status=204), told), "siaga:phone")


def context(region_id: RegionId, now: datetime) -> dict[str, Any]:
    """The latest tests, and whether somebody has to look."""
    found = [
        Told(item=item, missing=[CHECKS[one] for one in item.failed])
        for item in queries.recent(region_id, limit=SHOWN_MAX)
    ]
    latest = found[0].item if found else None
    return {
        "tests": found,
        "test_runs": latest is not None and latest.ended_at is None,
        "test_late": judging.is_late(latest.started_at if latest else None, now),
    }


def trouble(region_id: RegionId, now: datetime) -> Told | None:
    """The last test if it failed or is too long ago; None also for a telephone not in service."""
    latest = queries.latest(region_id)
    if latest is None or not live_queries.in_service(region_id):
        return None
    if latest.failed or (latest.ended_at and judging.is_late(latest.started_at, now)):
        return Told(item=latest, missing=[CHECKS[one] for one in latest.failed])
    return None
