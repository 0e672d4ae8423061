"""Who may watch a region's live stream: a signed-in person of the region, or a citizen's code.

Everything here asks the database through Django and therefore runs in a thread.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from types import SimpleNamespace
from typing import Any, Literal
from uuid import UUID

from django.conf import settings
from django.contrib import auth
from django.db import close_old_connections

from siaga.accounts import queries as accounts
from siaga.kernel.ids import normalize_tracking_code
from siaga.kernel.types import RegionId
from siaga.web.accounts.desk import SESSION_KEY

CODE_CHARS_MAX = 40
SESSION_KEY_CHARS_MAX = 64

TicketResolver = Callable[[RegionId, str], frozenset[UUID] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """What somebody showed at the door of the stream, to be looked at again from time to time."""

    kind: Literal["person", "ticket"]
    region_id: RegionId
    key: str
    """The session key or the tracking code; never logged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit:
    """What a pass allows now."""

    person_id: UUID | None = None
    subjects: frozenset[UUID] | None = None
    """The only subjects a citizen may hear of; None for everything in the region."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not, as an HTTP status: 401 nobody, 403 not of this region, 404 no such report."""

    status: Literal[401, 403, 404]


_ticket_resolver: TicketResolver | None = None


def register_ticket_resolver(resolver: TicketResolver) -> None:
    """Set how a tracking code becomes the subjects its holder may hear of; None for no code."""
    global _ticket_resolver
    _ticket_resolver = resolver


def examine(shown: Pass, now: datetime) -> Permit | Refusal:
    """What this pass allows at this moment. Blocks on the database."""
    close_old_connections()
    try:
        return _ticket(shown) if shown.kind == "ticket" else _person(shown, now)
    finally:
        close_old_connections()


def _ticket(shown: Pass) -> Permit | Refusal:
    code = normalize_tracking_code(shown.key)
    if code is None or _ticket_resolver is None:
        return Refusal(404)
    subjects = _ticket_resolver(shown.region_id, code)
    return Refusal(404) if subjects is None else Permit(subjects=subjects)


def _person(shown: Pass, now: datetime) -> Permit | Refusal:
    person_id = _signed_in(shown.key, now)
    if person_id is None:
        return Refusal(401)
    viewer = accounts.viewer(person_id, shown.region_id, now)
    return Refusal(403) if viewer is None else Permit(person_id=viewer.person_id)


def _signed_in(session_key: str, now: datetime) -> UUID | None:
    """The person of a live session, checked as Django and the sign-in desk check it on a page."""
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    request: Any = SimpleNamespace(session=store)
    person: Any = auth.get_user(request)
    held = store.get(SESSION_KEY)
    if not person.is_authenticated or held is None:
        return None
    person_id: UUID = person.pk
    # Ended elsewhere: the cookie still lives, the sign-in does not.
    return person_id if accounts.session(UUID(held), person_id, now) is not None else None
