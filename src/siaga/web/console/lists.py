"""The lists of what waits, as values for the screen."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from siaga.accounts import queries as accounts
from siaga.accounts.types import Viewer
from siaga.dispatch import queries as dispatch
from siaga.intake import queries as intake
from siaga.kernel import clock
from siaga.regions import queries as regions
from siaga.triage import queries as triage
from siaga.web.console import rows

SHOWN_MAX = 50
INCIDENTS_MAX = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One list with its heading; `hint` says what to do when it is empty."""

    key: str
    title: str
    rows: list[rows.Row]
    hint: str = ""
    more: bool = False


def groups(viewer: Viewer) -> list[Group]:
    """The four lists, always in this order; nine queries, however many rows."""
    now = clock.now()
    profile = regions.profile(viewer.region_id)
    waits = intake.waiting_contacts(viewer, limit=SHOWN_MAX)
    held = intake.claimed_contacts(viewer, limit=SHOWN_MAX)
    reports = intake.unfiled_reports(viewer, limit=SHOWN_MAX)
    alarms = dispatch.alarms(viewer.region_id, limit=INCIDENTS_MAX)
    incidents = triage.unattended(
        viewer, also={item.incident_id for item in alarms}, limit=INCIDENTS_MAX
    )
    sent = dispatch.assignments_of(viewer.region_id, [item.id for item in incidents])
    names = accounts.person_names({item.claimed_by for item in held if item.claimed_by})
    mine_first = sorted(held, key=lambda item: item.claimed_by != viewer.person_id)
    return [
        Group(
            key="waiting",
            title=_("Waiting"),
            rows=[rows.waiting_row(item) for item in waits],
            hint=_("Nobody waits. New contacts appear here by themselves."),
            more=len(waits) == SHOWN_MAX,
        ),
        Group(
            key="held",
            title=_("In hand"),
            rows=[rows.claimed_row(item, names, viewer.person_id, now) for item in mine_first],
            more=len(held) == SHOWN_MAX,
        ),
        Group(
            key="reports",
            title=_("To verify"),
            rows=[rows.report_row(item, profile) for item in reports],
            more=len(reports) == SHOWN_MAX,
        ),
        Group(
            key="incidents",
            title=_("Need a decision"),
            rows=[rows.incident_row(item, sent.get(item.id, []), profile) for item in incidents],
            more=len(incidents) == INCIDENTS_MAX,
        ),
    ]
