"""The desk: this browser's sign-in, whether somebody sits at it, and whether it is locked."""

from datetime import datetime
from typing import cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest

from siaga.accounts import queries, rules, services
from siaga.accounts.types import SessionView

SESSION_KEY = "siaga_sign_in"
SECONDS_KEY = "siaga_sign_in_seconds"
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def client_ip(request: HttpRequest) -> str:
    """The caller's address, as the front (edge or nginx) hands it on."""
    return str(request.META.get("REMOTE_ADDR") or "")


def desk_of(request: HttpRequest) -> SessionView | None:
    """The desk set by the middleware; None for a citizen or before signing in."""
    return cast("SessionView | None", getattr(request, "desk", None))


def is_locked(request: HttpRequest) -> bool:
    """Whether the desk waits to be unlocked."""
    return bool(getattr(request, "desk_locked", False))


def identify(request: HttpRequest, now: datetime) -> None:
    """Find the desk, sign out what was ended elsewhere, note activity, and lock when idle."""
    request.desk = None  # type: ignore[attr-defined]
    request.desk_locked = False  # type: ignore[attr-defined]
    if not request.user.is_authenticated:
        return
    desk = _open_desk(request, now)
    if desk is None:
        logout(request)
        return
    request.desk = desk  # type: ignore[attr-defined]
    if rules.is_locked(desk, settings.SIAGA_IDLE_LOCK_SECONDS, now):
        request.desk_locked = True  # type: ignore[attr-defined]
        if desk.locked_at is None:
            services.lock_session(sign_in_id=desk.id, now=now)
    elif _is_activity(request):
        services.note_active(sign_in_id=desk.id, now=now)
    services.note_seen(desk, ip=client_ip(request), now=now)


def keep_cookie(request: HttpRequest) -> None:
    """Let the browser keep the session as long as the sign-in lasts, neither longer nor less."""
    seconds = request.session.get(SECONDS_KEY)
    if seconds:
        request.session.set_expiry(int(seconds))


def _open_desk(request: HttpRequest, now: datetime) -> SessionView | None:
    held = request.session.get(SESSION_KEY)
    if not held or request.user.pk is None:
        return None
    return queries.session(UUID(held), request.user.pk, now)


def _is_activity(request: HttpRequest) -> bool:
    """A person's doing, not a page that refreshes itself: a write, or a page opened."""
    if request.method not in _SAFE_METHODS:
        return True
    return is_page(request)


def is_page(request: HttpRequest) -> bool:
    """Whether the answer becomes a whole page, rather than a fragment or a script's answer."""
    if request.headers.get("HX-Request"):
        return request.headers.get("HX-Boosted") == "true"
    mode = request.headers.get("Sec-Fetch-Mode")
    if mode is not None:
        return mode == "navigate"
    # Browsers say nothing of the mode on plain HTTP: a page asks for HTML, a script for anything.
    return "text/html" in request.headers.get("Accept", "text/html")
