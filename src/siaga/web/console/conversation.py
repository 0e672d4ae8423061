"""The talk with the citizen: what was said, what may be sent, what did not arrive."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_POST

from siaga.accounts import queries as accounts
from siaga.accounts.types import Permission
from siaga.intake import queries as intake
from siaga.intake.errors import NotYourContact
from siaga.intake.types import ContactState, ContactView
from siaga.journal.types import ActorKind
from siaga.kernel import clock
from siaga.kernel.errors import NotFound
from siaga.kernel.types import Channel
from siaga.messaging import queries as messaging
from siaga.messaging import services
from siaga.messaging.types import (
    DeliveryState,
    Direction,
    MediaState,
    MediaView,
    MessageKind,
    MessageView,
)
from siaga.messaging.types import Notice as Outgoing
from siaga.protocols import notices
from siaga.regions import queries as regions
from siaga.web.accounts.access import RegionRequest, requires
from siaga.web.console.pages import part
from siaga.web.shared.htmx import toast

MESSAGES_MAX = 80
_ON_THE_WAY = (DeliveryState.QUEUED, DeliveryState.NONE)
_WITH_POSITION = (Channel.WHATSAPP,)


@require_GET
@requires(Permission.CONSOLE_USE, Permission.MESSAGES_READ)
def show(request: RegionRequest, region: str, contact_id: UUID) -> HttpResponse:
    """The messages, looked at again."""
    contact = intake.contact_for(request.viewer, contact_id)
    return _talk(request, contact)


@require_POST
@requires(Permission.CONSOLE_USE, Permission.MESSAGES_SEND)
def send(request: RegionRequest, region: str, contact_id: UUID) -> HttpResponse:
    """Free words inside the window; outside it the same words in the approved question."""
    contact = intake.contact_for(request.viewer, contact_id)
    _ensure_may_answer(request, contact)
    person = _person_of(contact)
    text, now = request.POST.get("text", ""), clock.now()
    if messaging.window(person, now).open:
        services.send_text(person, text, by=request.viewer.actor, now=now, contact_id=contact.id)
    else:
        send_notice(request, contact, "question", question=text.strip())
    return _talk(request, contact, sent=True)


@require_POST
@requires(Permission.CONSOLE_USE, Permission.MESSAGES_SEND)
def ask_position(request: RegionRequest, region: str, contact_id: UUID) -> HttpResponse:
    """Ask for the position: with a button in the chat, or by the approved template."""
    contact = intake.contact_for(request.viewer, contact_id)
    _ensure_may_answer(request, contact)
    person, now = _person_of(contact), clock.now()
    if messaging.window(person, now).open and contact.channel in _WITH_POSITION:
        brand = regions.profile(request.region_id).brand.name
        words = notices.render("location_question", contact.language, brand=brand)
        services.request_location(
            person, words.text, by=request.viewer.actor, now=now, contact_id=contact.id
        )
    else:
        send_notice(request, contact, "location_question")
    return toast(_talk(request, contact), _("The position has been asked for."))


@require_POST
@requires(Permission.CONSOLE_USE, Permission.MESSAGES_SEND)
def resend(request: RegionRequest, region: str, contact_id: UUID, message_id: UUID) -> HttpResponse:
    """Try a failed message once more."""
    contact = intake.contact_for(request.viewer, contact_id)
    message = messaging.message(request.region_id, message_id)
    if message.correspondent_id != contact.correspondent_id:
        raise NotFound
    services.resend(message.id, by=request.viewer.actor, now=clock.now())
    return toast(_talk(request, contact), _("Sent once more."))


def send_notice(
    request: RegionRequest, contact: ContactView, code: str, **words: str
) -> UUID | None:
    """One of our standing messages, in the citizen's language; nothing if there is no channel."""
    if contact.correspondent_id is None:
        return None
    profile = regions.profile(request.region_id)
    with override(contact.language):
        rendered = notices.render(code, contact.language, brand=profile.brand.name, **words)
    return services.send_notice(
        contact.correspondent_id,
        Outgoing(
            text=rendered.text,
            template=rendered.template_name,
            values=tuple(rendered.template_parameters),
            language=contact.language,
        ),
        by=request.viewer.actor,
        now=clock.now(),
        contact_id=contact.id,
    )


def context(request: RegionRequest, contact: ContactView, now: datetime) -> dict[str, Any]:
    """The messages and the composer of a contact."""
    if contact.correspondent_id is None or not request.viewer.may(Permission.MESSAGES_READ):
        return {"contact": contact, "messages_shown": [], "composer": None}
    # Of this contact only: the same person may have told us something confidential before.
    found = messaging.conversation(request.region_id, contact_id=contact.id, limit=MESSAGES_MAX)
    window = messaging.window(contact.correspondent_id, now)
    return {
        "contact": contact,
        "messages_shown": _bubbles(request, contact, found),
        "composer": {
            "window": window,
            "limited": window.expires_at is not None,
            "mine": _may_answer(request, contact),
        },
    }


def _talk(request: RegionRequest, contact: ContactView, *, sent: bool = False) -> HttpResponse:
    shown = context(request, contact, clock.now())
    return part(request, "console/_talk.html", {**shown, "sent": sent})


def _may_answer(request: RegionRequest, contact: ContactView) -> bool:
    """Two people answering at once confuse a citizen; a report may be asked about by all."""
    if contact.state is ContactState.REPORTED:
        return True
    return contact.state is ContactState.CLAIMED and contact.claimed_by == request.viewer.person_id


def _ensure_may_answer(request: RegionRequest, contact: ContactView) -> None:
    if not _may_answer(request, contact):
        raise NotYourContact


def _person_of(contact: ContactView) -> UUID:
    if contact.correspondent_id is None:
        raise NotFound
    return contact.correspondent_id


def _bubbles(
    request: RegionRequest, contact: ContactView, found: list[MessageView]
) -> list[dict[str, Any]]:
    names = accounts.person_names(_authors(found))
    return [_bubble(request, contact, item, names) for item in found]


def _authors(found: Iterable[MessageView]) -> set[UUID]:
    return {
        UUID(item.author_id)
        for item in found
        if item.author_kind == ActorKind.PERSON and item.author_id
    }


def _bubble(
    request: RegionRequest, contact: ContactView, item: MessageView, names: dict[UUID, str]
) -> dict[str, Any]:
    ours = item.direction is Direction.OUT
    failed = item.status is DeliveryState.FAILED
    return {
        "id": item.id,
        "text": item.text or ("" if item.media or item.point else _kind_words(item.kind)),
        "at": item.at,
        "ours": ours,
        "state": _state(item),
        "who": _author(item, names) if ours else "",
        "error": item.error if failed else "",
        "resend_url": reverse("console:resend", args=[request.region_id, contact.id, item.id])
        if failed
        else "",
        "attachments": [_attachment(request, one) for one in item.media if _is_kept(one)],
        "pending": [one for one in item.media if one.state is MediaState.PENDING],
        "rejected": [one for one in item.media if one.state is MediaState.REJECTED],
        "point": item.point,
        "place_name": item.place_name,
        "note": _kind_words(item.kind) if item.kind is MessageKind.LOCATION_REQUEST else "",
    }


def _state(item: MessageView) -> str:
    if item.direction is Direction.IN:
        return ""
    if item.status in _ON_THE_WAY:
        return "unsent"
    return "read" if item.status is DeliveryState.PLAYED else item.status.value


def _author(item: MessageView, names: dict[UUID, str]) -> str:
    if item.author_kind == ActorKind.PERSON:
        return names.get(UUID(item.author_id), "")
    return _("Siaga, by itself")


def _is_kept(file: MediaView) -> bool:
    return file.state is MediaState.STORED


def _attachment(request: RegionRequest, file: MediaView) -> dict[str, str]:
    family = file.content_type.split("/", 1)[0]
    return {
        "url": reverse("media", args=[request.region_id, file.id]),
        "kind": family if family in ("image", "audio", "video") else "file",
        "name": file.original_name or _media_words(family),
    }


def _media_words(family: str) -> str:
    words = {
        "image": _("Photo from the citizen"),
        "audio": _("Voice note from the citizen"),
        "video": _("Video from the citizen"),
    }
    return words.get(family, _("Document from the citizen"))


def _kind_words(kind: MessageKind) -> str:
    words = {
        MessageKind.CONTACTS: _("[a contact card]"),
        MessageKind.REACTION: _("[a reaction]"),
        MessageKind.SYSTEM: _("[a notice of the channel]"),
        MessageKind.STICKER: _("[a sticker]"),
        MessageKind.LOCATION_REQUEST: _("The position was asked for."),
        MessageKind.UNKNOWN: _("[a kind of message that is not known yet; the original is kept]"),
    }
    return words.get(kind, "")
