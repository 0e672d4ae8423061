"""The supervisor's page: what needs a person now, whether the house is well, the day in numbers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from siaga.accounts.types import Permission
from siaga.journal import queries as journal
from siaga.journal.heartbeats import is_fresh
from siaga.kernel import clock
from siaga.messaging import queries as messaging
from siaga.messaging import services as messaging_services
from siaga.oversight import queries as oversight
from siaga.oversight.rules import day_start
from siaga.oversight.types import Funnel, Typical
from siaga.regions import queries as regions
from siaga.web.accounts.access import RegionRequest, requires
from siaga.web.control import attention, wording
from siaga.web.control.pages import shown
from siaga.web.shared.htmx import toast
from siaga.web.shared.marks import mark
from siaga.workforce import queries as workforce

PROCESSES = ("work", "clock")
DEADLINE_GRACE = timedelta(seconds=10)
SEAL_LATE = timedelta(minutes=1)
REQUEUE_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """One of our own processes."""

    name: str
    words: str
    at: datetime | None
    fresh: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the funnel as it is drawn."""

    icon: str
    label: str
    count: int
    share: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A median as it is drawn, with what it means."""

    label: str
    value: str
    note: str


@require_safe
@requires(Permission.CONTROL_USE, Permission.OVERSIGHT_READ)
def now_needed(request: RegionRequest, region: str) -> HttpResponse:
    """The whole page."""
    return shown(request, "control/overview.html", gathered(request))


@require_safe
@requires(Permission.CONTROL_USE, Permission.OVERSIGHT_READ)
def again(request: RegionRequest, region: str) -> HttpResponse:
    """Only what changes by itself, fetched again when something happens."""
    return shown(request, "control/_now.html", gathered(request))


@require_POST
@requires(Permission.CONTROL_USE, Permission.INBOUND_REQUEUE)
def requeue(request: RegionRequest, region: str) -> HttpResponse:
    """Read deliveries again that could not be read, after the cause was mended."""
    asked = [int(item) for item in request.POST.getlist("id") if item.isdecimal()][:REQUEUE_MAX]
    known = {
        item.id for item in messaging.inbound_troubles(request.viewer.region_id, limit=REQUEUE_MAX)
    }
    count = messaging_services.requeue_inbound(
        [item for item in asked if item in known], by=request.viewer.actor, now=clock.now()
    )
    response = shown(request, "control/_now.html", gathered(request))
    told = ngettext(
        "%(count)s delivery is read again.", "%(count)s deliveries are read again.", count
    )
    return toast(response, told % {"count": count})


def gathered(request: RegionRequest) -> dict[str, Any]:
    """Everything the page shows, at one moment."""
    viewer, now = request.viewer, clock.now()
    profile = regions.profile(viewer.region_id)
    since = day_start(now, profile.zone)
    day: Any = {"since": since, "until": now, "with_tests": settings.SIAGA_DEMO}
    funnel = oversight.funnel(viewer.region_id, **day)
    pace = oversight.pace(viewer.region_id, **day)
    return {
        "attention": attention.gathered(viewer, now),
        "inbound_words": {item.value: words for item, words in wording.INBOUND.items()},
        "sees_cases": viewer.may(Permission.CONTACTS_READ),
        "state": state(request, now),
        "coverage": workforce.coverage(viewer.region_id, now),
        "funnel": funnel,
        "open_lines": lines(funnel, "open"),
        "disposed_lines": lines(funnel, "disposed"),
        "report_lines": report_lines(funnel),
        "numbers": [
            _number(
                _("Answer"), pace.answer, _("from arrival until a person first took or ended it")
            ),
            _number(
                _("Sending"), pace.dispatch, _("from the report's arrival until an agency was sent")
            ),
            _number(
                _("Acknowledgement"),
                pace.acknowledgement,
                _("from sending until the agency accepted"),
            ),
        ],
        "with_tests": settings.SIAGA_DEMO,
        "now": now,
    }


def state(request: RegionRequest, now: datetime) -> dict[str, Any]:
    """Processes, seal and deadlines: whether the house itself is well."""
    region_id = request.viewer.region_id
    seen = journal.heartbeats()
    sealing = oversight.sealing(region_id, now)
    oldest = sealing.oldest_unsealed_at
    late = journal.overdue_deadlines(now - DEADLINE_GRACE)
    return {
        "beats": [
            Beat(
                name=name,
                words=str(wording.PROCESSES[name]),
                at=seen.get(name),
                fresh=is_fresh(seen.get(name), now),
            )
            for name in PROCESSES
        ],
        "sealing": sealing,
        "seal_late": oldest is not None and now - oldest > SEAL_LATE,
        "late": [
            (wording.DEADLINES.get(name, name), subject, due_at) for name, subject, due_at in late
        ],
    }


def lines(funnel: Funnel, part: str) -> list[Line]:
    """Contacts by state (`open`) or outcome (`disposed`), with their share of all."""
    kind = "contact" if part == "open" else "contact_disposition"
    return [
        _line(mark(kind, item.code).icon, mark(kind, item.code).label, item.count, funnel.arrived)
        for item in getattr(funnel, part)
    ]


def report_lines(funnel: Funnel) -> list[Line]:
    """What became of the reports."""
    words = {state.value: label for state, label in wording.REPORT_STATES.items()}
    return [
        _line("report", words.get(item.code, item.code), item.count, funnel.arrived)
        for item in funnel.reports
    ]


def _line(icon: str, label: Any, count: int, arrived: int) -> Line:
    share = round(100 * count / arrived) if arrived else 0
    return Line(icon=icon, label=str(label), count=count, share=share)


def _number(label: str, typical: Typical, definition: str) -> Number:
    note = _("Median, %(definition)s. Today: %(count)s; without yet: %(lacking)s.") % {
        "definition": definition,
        "count": typical.count,
        "lacking": typical.lacking,
    }
    return Number(label=label, value=wording.duration(typical.seconds), note=note)
