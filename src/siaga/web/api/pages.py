"""Cursor pages: `{"items": […], "next": url | null}`, newest first."""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Schema

from siaga.kernel.errors import InvalidField

LIMIT_DEFAULT = 50
LIMIT_MAX = 200

Item = TypeVar("Item")


class Page(Schema, Generic[Item]):
    """One page; follow `next` until it is null."""

    items: list[Item]
    next: str | None


def bounded(limit: int) -> int:
    """A limit within what a page may hold."""
    if not 1 <= limit <= LIMIT_MAX:
        raise InvalidField(
            field="limit", message=_("Ask for between 1 and 200 items; follow `next` for more.")
        )
    return limit


def read_cursor(cursor: str) -> tuple[datetime, UUID] | None:
    """The (time, id) after which the page begins; None for the first page."""
    if not cursor:
        return None
    try:
        at, row_id = base64.urlsafe_b64decode(cursor.encode()).decode().split("|")
        return datetime.fromisoformat(at), UUID(row_id)
    except (ValueError, binascii.Error, UnicodeError):
        raise InvalidField(
            field="cursor", message=_("Use the address in `next` as it was given.")
        ) from None


def page(request: HttpRequest, found: Sequence[Any], limit: int, *, at: str) -> dict[str, Any]:
    """A page from one more row than asked for; `at` names the field of its order."""
    items = list(found[:limit])
    following = None
    if len(found) > limit:
        last = items[-1]
        mark = f"{getattr(last, at).isoformat()}|{last.id}"
        query = request.GET.copy()
        query["cursor"] = base64.urlsafe_b64encode(mark.encode()).decode()
        following = request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
    return {"items": items, "next": following}
