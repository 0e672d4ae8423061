"""How the installation is: what an administrator of this region may know of it."""

from datetime import datetime

from django.db import DatabaseError, transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from siaga.accounts.types import Permission
from siaga.followup import queries as followup
from siaga.kernel import clock
from siaga.kernel.doctor import Finding, Level, run_examinations
from siaga.messaging import queries as messaging
from siaga.regions import folders
from siaga.regions import queries as regions
from siaga.regions.rules.checking import check_profile
from siaga.web.accounts.access import RegionRequest, requires
from siaga.web.control.overview import state
from siaga.web.control.pages import shown

# What tells nothing of other regions, of paths or of secrets. `siaga doctor` examines the rest.
SHOWN = frozenset(
    {
        "system.python",
        "system.time_zones",
        "database.version",
        "database.durability",
        "database.row_security",
        "database.journal",
        "database.migrations",
        "database.clock",
        "files.front_end",
        "files.translations",
        "processes.alive",
        "processes.jobs",
    }
)


@require_safe
@requires(Permission.CONTROL_USE, Permission.PROFILE_EDIT)
def report(request: RegionRequest, region: str) -> HttpResponse:
    """Processes, seal, deliveries, the invariant, the profile, and what the doctor finds."""
    viewer, now = request.viewer, clock.now()
    profile = regions.profile(viewer.region_id)
    words = {
        "state": state(request, now),
        "inbound": messaging.inbound_health(),
        "forgotten": len(followup.orphans(viewer.region_id, now)),
        "profile_findings": check_profile(profile, folders.context(now.date())),
        "findings": _examined(now),
    }
    return shown(request, "control/health.html", words)


def _examined(now: datetime) -> list[Finding]:
    """In a savepoint: an examination that hurts the transaction must not take the page along."""
    try:
        with transaction.atomic():
            return run_examinations(now, only=SHOWN)
    except DatabaseError as problem:
        told = _("The examination broke off: %(problem)s.") % {"problem": type(problem).__name__}
        return [Finding(Level.ERROR, "doctor", told, "siaga doctor")]
