"""What every page of the face shares: the region, the rooms one may enter, pages by key."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from siaga.accounts.types import Permission, Viewer
from siaga.regions import queries as regions
from siaga.web.accounts.access import RegionRequest

T = TypeVar("T")
Key = tuple[datetime, UUID]

PAGE_ROWS = 50
_ROOMS: dict[str, Permission] = {
    "console": Permission.CONSOLE_USE,
    "journal": Permission.JOURNAL_READ,
    "contacts": Permission.CONTACTS_READ,
    "incidents": Permission.INCIDENTS_READ,
    "messages": Permission.MESSAGES_READ,
    "reports": Permission.REPORTS_READ,
    "people": Permission.PEOPLE_READ,
    "manage_people": Permission.PEOPLE_MANAGE,
    "tokens": Permission.TOKENS_MANAGE,
    "profile": Permission.PROFILE_READ,
    "edit_profile": Permission.PROFILE_EDIT,
    "desks": Permission.OVERSIGHT_READ,
    "manage_desks": Permission.DESKS_MANAGE,
    "requeue": Permission.INBOUND_REQUEUE,
    "phone": Permission.CALLS_SUPERVISE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionShown:
    """The region as the shell knows it."""

    id: str
    brand: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """Some rows and the addresses of the others."""

    rows: Sequence[T]
    newest: str
    older: str


def allowed(viewer: Viewer) -> dict[str, bool]:
    """Which rooms of the face this viewer may enter; the navigation shows only those."""
    return {room: viewer.may(permission) for room, permission in _ROOMS.items()}


def shown(
    request: RegionRequest, template: str, words: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """The page, with what the shell needs. It is of one person and one moment: never cached."""
    viewer = request.viewer
    brand = regions.profile(viewer.region_id).brand.name
    context = {
        "region": RegionShown(id=viewer.region_id, brand=brand),
        "can": allowed(viewer),
        **(words or {}),
    }
    response = render(request, template, context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def page(
    request: RegionRequest, found: Sequence[T], key: Callable[[T], Key], *, limit: int = PAGE_ROWS
) -> Page[T]:
    """The first `limit` of what was found; one more row than that means there are older ones."""
    rows, more = found[:limit], len(found) > limit
    filters = {name: value for name, value in request.GET.items() if name != "after" and value}
    older = f"?{urlencode({**filters, 'after': write_key(key(rows[-1]))})}" if more else ""
    newest = f"?{urlencode(filters)}" if request.GET.get("after") else ""
    return Page(rows=rows, newest=newest, older=older)


def write_key(key: Key) -> str:
    """Where the next page begins, fit for an address."""
    at, row_id = key
    return urlsafe_b64encode(f"{at.isoformat()}|{row_id}".encode()).decode().rstrip("=")


def read_key(text: str) -> Key | None:
    """The key as it was written; None for the first page and for anything else."""
    try:
        padded = text + "=" * (-len(text) % 4)
        at, _, row_id = urlsafe_b64decode(padded).decode().partition("|")
        moment = datetime.fromisoformat(at)
        return (moment, UUID(row_id)) if moment.tzinfo else None
    except ValueError:
        return None
