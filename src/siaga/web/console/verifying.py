"""A call back that confirms: a line of the A1 ledger, with the call it came from."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from siaga.accounts.types import Permission
from siaga.intake import queries as intake
from siaga.kernel import clock
from siaga.telephony.queries import CallView
from siaga.triage import queries as triage
from siaga.triage import services
from siaga.triage.types import EvidenceKind, Truth
from siaga.web.accounts.access import RegionRequest

CONFIRMS, DENIES = "yes", "no"


def asks(request: RegionRequest, call: CallView) -> bool:
    """Whether somebody should still write down what was said in this call back."""
    if not call.is_callback or call.answered_at is None or call.contact_id is None:
        return False
    if not request.viewer.may(Permission.REPORTS_VERIFY):
        return False
    report = intake.report_of_contact(request.region_id, call.contact_id)
    if report is None:
        return False
    lines = triage.evidence(request.region_id, report_id=report.id)
    return not any(_reference(call) in line.note for line in lines)


def write(
    request: RegionRequest, contact_id: UUID, said: str, call: CallView | None = None
) -> Truth | None:
    """Write the line, if the contact became a report; what counts as true then."""
    report = intake.report_of_contact(request.region_id, contact_id)
    if report is None:
        return None
    return services.add_evidence(
        EvidenceKind.CALLBACK,
        region_id=request.region_id,
        report_id=report.id,
        confirms=said == CONFIRMS,
        note=_("Called back, %s") % _reference(call) if call else _("Called back"),
        by=request.viewer.actor,
        now=clock.now(),
    )


def after_call_back(request: RegionRequest, contact_ids: Iterable[UUID], said: str) -> None:
    """The list's own form: what they said, if any of these contacts is a report."""
    if said in (CONFIRMS, DENIES) and request.viewer.may(Permission.REPORTS_VERIFY):
        for contact_id in contact_ids:
            write(request, contact_id, said)


def _reference(call: CallView) -> str:
    """By which the call is found again: the end of Asterisk's own key."""
    return f"#{call.linked_id.rpartition('-')[2]}"
