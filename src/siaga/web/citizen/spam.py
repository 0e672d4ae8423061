"""The quiet guard of the public form: a signed page, a little work for the browser, limits.

Nobody has to read crooked letters, and nothing is asked of a third party. Without JavaScript the
form still works, with a lower limit.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from siaga.kernel.errors import SiagaError
from siaga.kernel.ids import new_id, tracking_code

WORK_BITS = 14
PAGE_HOURS_MAX = 12
SECONDS_MIN = 2
HOUR = 3600
_SALT = "citizen.form"


class PageTooOld(SiagaError):
    """The form was opened long ago, or was not made by us."""

    code = "citizen.page_too_old"
    http_status = 422
    sentence = _("This page was open for too long. Your text is still here: please send it again.")


class TooMany(SiagaError):
    """More reports from one connection than a person sends."""

    code = "citizen.too_many"
    http_status = 429
    sentence = _(
        "Too many reports came from this connection. Please call 112, or try again in an hour."
    )


@dataclass(frozen=True, slots=True)
class Ticket:
    """What the page carries: the tracking code the report will have, and the id of the sending."""

    tracking_code: str
    submission_id: UUID
    made_at: datetime
    signed: str


def new_ticket(now: datetime) -> Ticket:
    """A ticket for a fresh page."""
    code, submission_id = tracking_code(), new_id()
    signed = signing.dumps(
        {"code": code, "id": str(submission_id), "at": now.timestamp()}, salt=_SALT
    )
    return Ticket(code, submission_id, now, signed)


def read_ticket(signed: str, now: datetime) -> Ticket:
    """The ticket of a page we made. Raises PageTooOld."""
    try:
        said: dict[str, Any] = signing.loads(signed, salt=_SALT)
        made_at = datetime.fromtimestamp(said["at"], tz=now.tzinfo)
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        raise PageTooOld from None
    if (now - made_at).total_seconds() > PAGE_HOURS_MAX * HOUR:
        raise PageTooOld
    return Ticket(said["code"], UUID(said["id"]), made_at, signed)


def has_worked(ticket: Ticket, answer: str) -> bool:
    """Whether the browser found the number that the challenge asks for."""
    if not answer.isascii() or not answer.isdigit() or len(answer) > 12:
        return False
    digest = hashlib.sha256(f"{ticket.signed}:{answer}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> (32 - WORK_BITS) == 0


def ensure_welcome(
    request: HttpRequest, ticket: Ticket, *, answer: str, honey: str, now: datetime
) -> None:
    """Let people pass and slow machines down. Raises TooMany, PageTooOld."""
    if honey:
        raise PageTooOld
    worked = has_worked(ticket, answer)
    if not worked and (now - ticket.made_at).total_seconds() < SECONDS_MIN:
        raise PageTooOld
    limit = settings.CITIZEN_REPORTS_PER_HOUR if worked else settings.CITIZEN_REPORTS_PER_HOUR // 3
    ensure_below(request, "report", limit)


def ensure_below(request: HttpRequest, what: str, limit: int) -> None:
    """At most `limit` an hour from one address. Raises TooMany."""
    address = hashlib.sha256(request.META.get("REMOTE_ADDR", "").encode()).hexdigest()[:16]
    key = f"citizen:{what}:{address}"
    cache.add(key, 0, timeout=HOUR)
    if cache.incr(key) > limit:
        raise TooMany
