"""The decisions that hang on the table of permissions. Pure."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from siaga.accounts.roles import PERMISSIONS, may, permissions_of
from siaga.accounts.types import Permission, Role, Scope, SessionView, Viewer

__all__ = [
    "PERMISSIONS",
    "is_locked",
    "locks_when_idle",
    "may",
    "may_see_confidential",
    "needs_second_factor",
    "permissions_in_scope",
    "permissions_of",
    "session_lifetime",
    "username_problem",
]

PASSWORD_LENGTH_MIN = 12
UNLOCK_ATTEMPTS_MAX = 5
PIN_LENGTH_MIN = 6
PIN_LENGTH_MAX = 12
CONSOLE_SESSION_HOURS_MAX = 14
OFFICER_SESSION_DAYS_MAX = 30
TOKEN_DAYS_MAX = 400

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")

SECOND_FACTOR_ROLES = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR, Role.PUBLISHER})
READING = frozenset(
    item
    for item in Permission
    if item.value.endswith((".read", ".use")) or item is Permission.BULK_EXPORT
)
_NOT_BY_TOKEN = {Permission.PEOPLE_MANAGE, Permission.TOKENS_MANAGE, Permission.PROFILE_EDIT}


def permissions_in_scope(scopes: Iterable[Scope]) -> frozenset[Permission]:
    """What a token with these scopes may be used for, if its holder may."""
    held = set(scopes)
    heard = {Permission.RECORDINGS_READ}
    allowed: frozenset[Permission] = READING if Scope.READ in held else frozenset()
    if Scope.TRANSITION in held:
        allowed = frozenset(Permission) - _NOT_BY_TOKEN
    return allowed | heard if Scope.RECORDINGS in held else allowed - heard


def may_see_confidential(
    viewer: Viewer, type_code: str, named_people: Iterable[object], agency_codes: Iterable[str]
) -> bool:
    """Whether this viewer is one of those named for a confidential case.

    Being a supervisor is not enough. One is named personally (who took it, who was added), by a
    grant for the case type, or by being of an agency to which the case was sent.
    """
    if not viewer.may(Permission.CONFIDENTIAL_READ):
        return False
    if viewer.person_id in named_people:
        return True
    if type_code in viewer.confidential_types:
        return True
    return viewer.agency_code is not None and viewer.agency_code in agency_codes


def username_problem(username: str) -> bool:
    """Whether this cannot be a user name: lower-case letters, digits, dots, dashes, 2 to 60."""
    return _USERNAME.fullmatch(username) is None


def needs_second_factor(roles: Iterable[Role]) -> bool:
    """Supervisors and everyone above must hold a second factor."""
    return not SECOND_FACTOR_ROLES.isdisjoint(roles)


def locks_when_idle(roles: Iterable[Role]) -> bool:
    """Desks lock; an officer's own telephone has its own lock."""
    return any(role is not Role.AGENCY_OFFICER for role in roles)


def is_locked(session: SessionView, idle_seconds: int, now: datetime) -> bool:
    """Whether a desk waits for its PIN: locked by hand, or left alone for too long."""
    if session.locked_at is not None:
        return True
    return session.idle_lock and now - session.active_at >= timedelta(seconds=idle_seconds)


def session_lifetime(roles: Iterable[Role]) -> timedelta:
    """How long a sign-in lasts at most: one long shift at a desk, a month on a telephone."""
    if locks_when_idle(roles):
        return timedelta(hours=CONSOLE_SESSION_HOURS_MAX)
    return timedelta(days=OFFICER_SESSION_DAYS_MAX)


assert PIN_LENGTH_MIN < PIN_LENGTH_MAX
