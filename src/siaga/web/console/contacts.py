"""One contact on the desk: claimed without a race, ended with one key, undone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from siaga.accounts import queries as accounts
from siaga.accounts.types import Permission
from siaga.intake import queries as intake
from siaga.intake import rules as intake_rules
from siaga.intake import services
from siaga.intake.types import ContactState, ContactView, ReportView
from siaga.kernel import clock
from siaga.kernel.types import Channel
from siaga.messaging import services as messaging
from siaga.regions import queries as regions
from siaga.triage import queries as triage
from siaga.triage.types import IncidentView
from siaga.web.accounts.access import RegionRequest, requires
from siaga.web.console import beside, conversation, incidents, ledger, rows, writing
from siaga.web.console.pages import Work, opened, part, told
from siaga.web.console.phone import wrapup
from siaga.web.console.wording import SHORT_DISPOSITIONS
from siaga.web.shared.htmx import asks_for_fragment, toast, trigger

POLL_OVER = 286  # tells htmx to stop asking


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Whose hands the contact is in, as this person sees it."""

    mine: bool
    waiting: bool
    ended: bool
    stale: bool
    holder: str
    may_undo: bool

    @property
    def others(self) -> bool:
        """Whether somebody else holds it."""
        return not (self.mine or self.waiting or self.ended)


@require_GET
@requires(Permission.CONSOLE_USE)
def show(request: RegionRequest, region: str, contact_id: UUID) -> HttpResponse:
    """The contact; or the incident that it became part of."""
    contact = intake.contact_for(request.viewer, contact_id)
    report, incident = _became(request, contact)
    if incident is not None:
        if not asks_for_fragment(request):
            return redirect(incidents.url_of(incident, contact))
        return opened(request, incidents.work(request, incident, contact_id=contact.id))
    return opened(request, work(request, contact, report))


@require_POST
@requires(Permission.CONSOLE_USE, Permission.CONTACTS_CLAIM)
def claim(request: RegionRequest, region: str, contact_id: UUID) -> HttpResponse:
    """Take it in hand. Of two who press the key, one gets a friendly refusal."""
    contact = intake.contact_for(request.viewer, contact_id)
    services.claim(
        contact.id, region_id=request.region_id, by=request.viewer.actor, now=clock.now()
    )
    return after_claim(request, contact.id)


@require_POST
@requires(Permission.CONSOLE_USE, Permission.CONTACTS_TAKE_OVER)
def take_over(request: RegionRequest, region: str, contact_id: UUID) -> HttpResponse:
    """Take it from a colleague, after the question whether it was agreed on."""
    contact = intake.contact_for(request.viewer, contact_id)
    services.take_over(
        contact.id, region_id=request.region_id, by=request.viewer.actor, now=clock.now()
    )
    return after_claim(request, contact.id)


def after_claim(request: RegionRequest, contact_id: UUID) -> HttpResponse:
    """What the citizen wrote counts as read; the work lies open."""
    contact = intake.contact_for(request.viewer, contact_id)
    if contact.correspondent_id is not None:
        messaging.mark_read(contact.correspondent_id, by=request.viewer.actor, now=clock.now())
    report, incident = _became(request, contact)
    if incident is not None:
        return opened(request, incidents.work(request, incident, contact_id=contact.id))
    return opened(request, work(request, contact, report))


@require_POST
@requires(Permission.CONSOLE_USE, Permission.CONTACTS_CLAIM)
def release(request: RegionRequest, region: str, contact_id: UUID) -> HttpResponse:
    """Give it back to the queue, where it waits since it first came."""
    contact = intake.contact_for(request.viewer, contact_id)
    writing.ensure_mine(request, contact)
    services.release(
        contact.id,
        region_id=request.region_id,
        reason=request.POST.get("reason", "")[:200],
        by=request.viewer.actor,
        now=clock.now(),
    )
    after = intake.contact_for(request.viewer, contact.id)
    return toast(opened(request, work(request, after, None)), _("Back in the queue."))


@require_GET
@requires(Permission.CONSOLE_USE)
def seen(request: RegionRequest, region: str, contact_id: UUID) -> HttpResponse:
    """The screen is alive. A reading request on purpose: it must not keep an idle desk open."""
    contact = intake.contact_for(request.viewer, contact_id)
    held = services.mark_seen(
        contact.id, region_id=request.region_id, by=request.viewer.actor, now=clock.now()
    )
    if held:
        return HttpResponse(status=204)
    response = told(_("This contact is no longer in your hand."), status=POLL_OVER)
    return trigger(response, "siaga:resync")


@require_POST
@requires(Permission.CONSOLE_USE, Permission.CONTACTS_DISPOSE)
def undo(request: RegionRequest, region: str, contact_id: UUID) -> HttpResponse:
    """Take the outcome back; the contact is in one's hand again."""
    contact = intake.contact_for(request.viewer, contact_id)
    services.undo_disposition(
        contact.id,
        region_id=request.region_id,
        by=request.viewer.actor,
        now=clock.now(),
        late=request.viewer.may(Permission.CONTACTS_REOPEN),
    )
    wrapup.taken_back(request, contact)
    if not asks_for_fragment(request):
        return HttpResponse(status=204)
    after = intake.contact_for(request.viewer, contact.id)
    report = intake.report_of_contact(request.region_id, contact.id)
    return opened(request, work(request, after, report))


@require_GET
@requires(Permission.CONSOLE_USE)
def state(request: RegionRequest, region: str, contact_id: UUID) -> HttpResponse:
    """Whether the open contact still is what the screen shows; if not, lay it anew.

    The form under somebody's hands is never exchanged: only a change of hands or of the end is
    a reason to.
    """
    contact = intake.contact_for(request.viewer, contact_id)
    report, incident = _became(request, contact)
    shown = request.GET.get("shown", "")
    if incident is None and shown == _mark(request, contact):
        return HttpResponse(status=204)
    if incident is not None:
        return opened(request, incidents.work(request, incident, contact_id=contact.id))
    return opened(request, work(request, contact, report))


@require_GET
@requires(Permission.CONSOLE_USE)
def history(request: RegionRequest, region: str, contact_id: UUID) -> HttpResponse:
    """The person's earlier contacts."""
    contact = intake.contact_for(request.viewer, contact_id)
    return part(request, "console/_earlier.html", beside.earlier(request, contact))


def work(request: RegionRequest, contact: ContactView, report: ReportView | None) -> Work:
    """Everything that lies on the desk for a contact without an incident."""
    now = clock.now()
    profile = regions.profile(request.region_id)
    held = hold(request, contact, now)
    context: dict[str, Any] = {
        "contact": contact,
        "contact_name": rows.contact_name(contact),
        "hold": held,
        "mark": _mark(request, contact),
        "report": report,
        "truth": triage.truth_of_report(request.region_id, report.id) if report else None,
        "type_name": rows.type_name(profile, contact.type_code),
        "quick": quick_outcomes(contact),
        **conversation.context(request, contact, now),
        **beside.context(request, contact),
    }
    template = "console/_contact_read.html"
    if held.mine and not held.ended:
        template = "console/_contact_write.html"
        context |= writing.context(request, contact, report)
    if report is not None:
        context |= ledger.context(request, report_id=report.id)
    return Work(
        template=template,
        url=rows.contact_url(request.region_id, contact.id),
        title=rows.contact_name(contact),
        context=context,
    )


def quick_outcomes(contact: ContactView) -> list[tuple[str, str, Any]]:
    """The keys that end a contact without a further word: also before anybody has claimed it."""
    return [
        (key, disposition.value, SHORT_DISPOSITIONS[disposition])
        for key, disposition in intake_rules.ONE_KEY_DISPOSITIONS.items()
        if disposition not in writing.DIALOGS
        and (contact.channel is Channel.PHONE or disposition not in intake_rules.CALLS_ONLY)
    ]


def hold(request: RegionRequest, contact: ContactView, now: datetime) -> Hold:
    """In whose hands it is."""
    own = request.viewer.person_id
    holder = contact.claimed_by
    mine = holder == own and contact.state in (ContactState.CLAIMED, ContactState.REPORTED)
    names = accounts.person_names([holder]) if holder and not mine else {}
    disposed_at = contact.disposed_at
    undoable = disposed_at is not None and (
        intake_rules.may_undo(disposed_at, now) or request.viewer.may(Permission.CONTACTS_REOPEN)
    )
    return Hold(
        mine=mine,
        waiting=contact.waiting_since is not None,
        ended=contact.state is ContactState.DISPOSED,
        stale=not mine and intake_rules.is_claim_stale(contact.claim_seen_at, now),
        holder=names.get(holder, "") if holder else "",
        may_undo=undoable,
    )


def _mark(request: RegionRequest, contact: ContactView) -> str:
    """Changes when the contact changes hands or ends, not when a message comes."""
    mine = contact.claimed_by == request.viewer.person_id
    waits = contact.waiting_since is not None
    return f"{contact.state}-{'mine' if mine else contact.claimed_by or ''}-{int(waits)}"


def _became(
    request: RegionRequest, contact: ContactView
) -> tuple[ReportView | None, IncidentView | None]:
    if contact.report_id is None:
        return None, None
    report = intake.report_for(request.viewer, contact.report_id)
    found = triage.incident_of_report(request.region_id, report.id)
    return report, triage.incident_for(request.viewer, found.id) if found else None


def desk_url(region_id: str) -> str:
    """The empty desk."""
    return reverse("console:desk", args=[region_id])
