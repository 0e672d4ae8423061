"""The only writes about people. Each records a fact in the regions it concerns."""

from siaga.accounts.services.memberships import grant, revoke
from siaga.accounts.services.people import (
    create_person,
    deactivate,
    note_password_changed,
    reset_password,
    set_language,
    set_pin,
    set_theme,
)
from siaga.accounts.services.sessions import (
    end_session,
    end_sessions,
    note_lockout,
    note_second_factor,
    note_seen,
    note_sign_in,
)
from siaga.accounts.services.tokens import issue_token, revoke_token, use_token

__all__ = [
    "create_person",
    "deactivate",
    "end_session",
    "end_sessions",
    "grant",
    "issue_token",
    "note_lockout",
    "note_password_changed",
    "note_second_factor",
    "note_seen",
    "note_sign_in",
    "reset_password",
    "revoke",
    "revoke_token",
    "set_language",
    "set_pin",
    "set_theme",
    "use_token",
]
