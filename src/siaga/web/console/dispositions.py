"""Ending a contact: one key, a few words where the citizen deserves them, and the way back."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from siaga.accounts.types import Permission
from siaga.intake import queries as intake
from siaga.intake import services
from siaga.intake.types import ContactDisposition, ContactState, ContactView
from siaga.kernel import clock
from siaga.kernel.errors import InvalidField
from siaga.regions import queries as regions
from siaga.regions import rules as region_rules
from siaga.web.accounts.access import RegionRequest, requires
from siaga.web.console import contacts, conversation, writing
from siaga.web.console.pages import opened
from siaga.web.console.phone import wrapup
from siaga.web.shared.htmx import toast
from siaga.web.shared.marks import mark

UNDO_SHOWN_SECONDS = 12
NOTE_CHARACTERS_MAX = 500
# Outcomes for which the taxonomy has a type, and so the region a sentence of its own.
_TYPES = {ContactDisposition.LOCKED_PHONE: "TOLAK-HP"}


@require_POST
@requires(Permission.CONSOLE_USE, Permission.CONTACTS_DISPOSE)
def dispose(request: RegionRequest, region: str, contact_id: UUID) -> HttpResponse:
    """End it. A contact that still waits is claimed on the way, so two keys cannot both win."""
    disposition = _disposition(request.POST.get("disposition", ""))
    contact = _in_hand(request, contact_id)
    words = request.POST.get("words", "").strip()[:NOTE_CHARACTERS_MAX]
    if disposition is ContactDisposition.REFUSED:
        words = _refusal(contact, request.POST.get("type_code", "")) or words
        if not words:
            raise InvalidField(field="words", message=_("Say why; the citizen will read it."))
    elif disposition in _TYPES:
        words = _refusal(contact, _TYPES[disposition])
    if contact.report_id is not None and disposition is ContactDisposition.REFUSED:
        services.refuse(
            contact.report_id,
            region_id=request.region_id,
            reason=words,
            by=request.viewer.actor,
            now=clock.now(),
        )
    else:
        _tell(request, contact, disposition, words)
        services.dispose(
            contact.id,
            disposition,
            region_id=request.region_id,
            note=words,
            by=request.viewer.actor,
            now=clock.now(),
        )
    return _ended(request, contact, disposition)


def _disposition(said: str) -> ContactDisposition:
    try:
        return ContactDisposition(said)
    except ValueError:
        raise InvalidField(field="disposition", message=_("Choose how it ended.")) from None


def _in_hand(request: RegionRequest, contact_id: UUID) -> ContactView:
    contact = intake.contact_for(request.viewer, contact_id)
    if contact.state is ContactState.WAITING:
        services.claim(
            contact.id, region_id=request.region_id, by=request.viewer.actor, now=clock.now()
        )
    else:
        writing.ensure_mine(request, contact)
    return contact


def _refusal(contact: ContactView, type_code: str) -> str:
    """The region's own sentence for a type it does not take, in the citizen's language."""
    profile = regions.profile(contact.region_id)
    if type_code not in profile.types_by_code:
        return ""
    verdict = region_rules.scope_verdict(profile, type_code, clock.now())
    return verdict.sentence.said_in(contact.language) if verdict.sentence else ""


def _tell(
    request: RegionRequest, contact: ContactView, disposition: ContactDisposition, words: str
) -> None:
    """Answer in the chat. Who filed the web form is told by followup, with the outcome."""
    if not words:
        return
    if disposition is ContactDisposition.INFORMATION:
        conversation.send_notice(request, contact, "information", answer=words)
    elif contact.report_id is not None:
        return
    elif disposition is ContactDisposition.VENTING:
        conversation.send_notice(request, contact, "referral", referral=words)
    elif disposition in (ContactDisposition.REFUSED, *_TYPES):
        conversation.send_notice(request, contact, "refused", reason=words)


def _ended(
    request: RegionRequest, contact: ContactView, disposition: ContactDisposition
) -> HttpResponse:
    after = intake.contact_for(request.viewer, contact.id)
    report = intake.report_of_contact(request.region_id, contact.id)
    response = opened(request, contacts.work(request, after, report))
    undoable = after.disposed_at is not None
    return toast(
        wrapup.written_up(request, contact, response),
        str(mark("contact_disposition", disposition).label),
        undo_url=reverse("console:undo", args=[request.region_id, contact.id])
        if undoable
        else None,
        seconds=UNDO_SHOWN_SECONDS,
    )
