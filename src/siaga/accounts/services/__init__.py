"""The only writes about people. Each records a fact in the regions it concerns."""

from siaga.accounts.services.memberships import grant, revoke
from siaga.accounts.services.people import (
    create_person,
    deactivate,
    note_password_changed,
    reset_password,
    set_language,
    set_pin,
)
from siaga.accounts.services.sessions import (
    end_session,
    end_sessions,
    forget_session,
    lock_session,
    note_active,
    note_lockout,
    note_second_factor,
    note_seen,
    open_session,
    unlock_session,
)
from siaga.accounts.services.tokens import issue_token, revoke_token, use_token

__all__ = [
    "create_person",
    "deactivate",
    "end_session",
    "end_sessions",
    "forget_session",
    "grant",
    "issue_token",
    "lock_session",
    "note_active",
    "note_lockout",
    "note_password_changed",
    "note_second_factor",
    "note_seen",
    "open_session",
    "reset_password",
    "revoke",
    "revoke_token",
    "set_language",
    "set_pin",
    "unlock_session",
    "use_token",
]
