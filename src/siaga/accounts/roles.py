"""The closed lists of roles and permissions, and the one total table between them. Pure."""

from collections.abc import Iterable
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """What a person is in a region. One person may hold several, in several regions."""

    CALL_TAKER = "call_taker"
    RESTRICTED_CALL_TAKER = "restricted_call_taker"
    DISPATCHER = "dispatcher"
    SUPERVISOR = "supervisor"
    AGENCY_OFFICER = "agency_officer"
    PUBLISHER = "publisher"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """Everything that can be allowed; a closed list. `PERMISSIONS` below says who has what."""

    CONTACTS_READ = "contacts.read"
    CONTACTS_CLAIM = "contacts.claim"
    CONTACTS_TAKE_OVER = "contacts.take_over"
    CONTACTS_DISPOSE = "contacts.dispose"
    CONTACTS_REOPEN = "contacts.reopen"
    MESSAGES_READ = "messages.read"
    MESSAGES_SEND = "messages.send"
    NUMBERS_BLOCK = "numbers.block"
    RECORDINGS_READ = "recordings.read"
    RECORDINGS_HOLD = "recordings.hold"
    REPORTS_READ = "reports.read"
    REPORTS_WRITE = "reports.write"
    REPORTS_VERIFY = "reports.verify"
    REPORTS_OVERRIDE = "reports.override"
    INCIDENTS_READ = "incidents.read"
    INCIDENTS_OPEN = "incidents.open"
    INCIDENTS_JOIN = "incidents.join"
    INCIDENTS_DISPATCH = "incidents.dispatch"
    INCIDENTS_CLOSE = "incidents.close"
    INCIDENTS_CLOSE_SERIOUS = "incidents.close_serious"
    INCIDENTS_REOPEN = "incidents.reopen"
    ASSIGNMENTS_READ = "assignments.read"
    ASSIGNMENTS_ANSWER = "assignments.answer"
    ASSIGNMENTS_ANSWER_FOR = "assignments.answer_for"
    ASSIGNMENTS_WITHDRAW = "assignments.withdraw"
    MEDIA_READ = "media.read"
    CONFIDENTIAL_READ = "confidential.read"
    JOURNAL_READ = "journal.read"
    OVERSIGHT_READ = "oversight.read"
    PUBLICATIONS_WRITE = "publications.write"
    PROFILE_READ = "profile.read"
    PROFILE_EDIT = "profile.edit"
    PEOPLE_READ = "people.read"
    PEOPLE_MANAGE = "people.manage"
    TOKENS_MANAGE = "tokens.manage"
    BULK_EXPORT = "bulk.export"
    CONSOLE_USE = "console.use"
    AGENCY_USE = "agency.use"
    CONTROL_USE = "control.use"
    DESKS_MANAGE = "desks.manage"
    INBOUND_REQUEUE = "inbound.requeue"
    CALLS_SUPERVISE = "calls.supervise"


class Scope(StrEnum):
    """What an API token may be used for, within what its holder may do."""

    READ = "read"
    TRANSITION = "transition"
    RECORDINGS = "recordings"
    """Hear what callers said; no other scope includes it."""


_RESTRICTED_CALL_TAKER = frozenset(
    {
        Permission.CONSOLE_USE,
        Permission.CONTACTS_READ,
        Permission.CONTACTS_CLAIM,
        Permission.CONTACTS_DISPOSE,
        Permission.MESSAGES_READ,
        Permission.MESSAGES_SEND,
        Permission.REPORTS_READ,
        Permission.REPORTS_WRITE,
        Permission.REPORTS_VERIFY,
        Permission.INCIDENTS_READ,
        Permission.INCIDENTS_OPEN,
        Permission.INCIDENTS_JOIN,
        Permission.INCIDENTS_DISPATCH,
        Permission.INCIDENTS_CLOSE,
        Permission.ASSIGNMENTS_READ,
        Permission.MEDIA_READ,
        Permission.CONFIDENTIAL_READ,
        Permission.PROFILE_READ,
    }
)
_CALL_TAKER = _RESTRICTED_CALL_TAKER | {
    Permission.ASSIGNMENTS_ANSWER_FOR,
    Permission.CONTACTS_TAKE_OVER,
    Permission.NUMBERS_BLOCK,
    Permission.RECORDINGS_READ,
    Permission.INCIDENTS_CLOSE_SERIOUS,
    Permission.INCIDENTS_REOPEN,
}
_DISPATCHER = _CALL_TAKER | {Permission.ASSIGNMENTS_WITHDRAW}
_SUPERVISOR = _DISPATCHER | {
    Permission.CONTACTS_REOPEN,
    Permission.REPORTS_OVERRIDE,
    Permission.RECORDINGS_HOLD,
    Permission.JOURNAL_READ,
    Permission.OVERSIGHT_READ,
    Permission.PEOPLE_READ,
    Permission.BULK_EXPORT,
    Permission.CONTROL_USE,
    Permission.DESKS_MANAGE,
    Permission.INBOUND_REQUEUE,
    Permission.CALLS_SUPERVISE,
}

# Confidential cases need more than the permission: see rules.may_see_confidential.
PERMISSIONS: MappingProxyType[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.RESTRICTED_CALL_TAKER: _RESTRICTED_CALL_TAKER,
        Role.CALL_TAKER: _CALL_TAKER,
        Role.DISPATCHER: _DISPATCHER,
        Role.SUPERVISOR: _SUPERVISOR,
        Role.AGENCY_OFFICER: frozenset(
            {
                Permission.AGENCY_USE,
                Permission.ASSIGNMENTS_READ,
                Permission.ASSIGNMENTS_ANSWER,
                Permission.MEDIA_READ,
                Permission.CONFIDENTIAL_READ,
            }
        ),
        Role.PUBLISHER: frozenset(
            {
                Permission.CONTROL_USE,
                Permission.OVERSIGHT_READ,
                Permission.PUBLICATIONS_WRITE,
                Permission.PROFILE_READ,
            }
        ),
        Role.AUDITOR: frozenset(
            {
                Permission.CONTROL_USE,
                Permission.CONTACTS_READ,
                Permission.MESSAGES_READ,
                Permission.RECORDINGS_READ,
                Permission.REPORTS_READ,
                Permission.INCIDENTS_READ,
                Permission.ASSIGNMENTS_READ,
                Permission.MEDIA_READ,
                Permission.CONFIDENTIAL_READ,
                Permission.JOURNAL_READ,
                Permission.OVERSIGHT_READ,
                Permission.PEOPLE_READ,
                Permission.PROFILE_READ,
                Permission.BULK_EXPORT,
            }
        ),
        # Runs the installation, not the incidents: no contacts, no reports, no conversations.
        Role.ADMINISTRATOR: frozenset(
            {
                Permission.CONTROL_USE,
                Permission.JOURNAL_READ,
                Permission.OVERSIGHT_READ,
                Permission.PEOPLE_READ,
                Permission.PEOPLE_MANAGE,
                Permission.TOKENS_MANAGE,
                Permission.PROFILE_READ,
                Permission.PROFILE_EDIT,
                Permission.DESKS_MANAGE,
                Permission.INBOUND_REQUEUE,
            }
        ),
    }
)
_unlisted = set(Role) - PERMISSIONS.keys()
assert not _unlisted, f"roles without a line in the table: {_unlisted}"
_ungranted = set(Permission) - frozenset[Permission]().union(*PERMISSIONS.values())
assert not _ungranted, f"permissions that nobody holds: {_ungranted}"


def may(roles: Iterable[Role], permission: Permission) -> bool:
    """Whether any of these roles allows this."""
    return any(permission in PERMISSIONS[role] for role in roles)


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """Everything these roles allow together."""
    return frozenset[Permission]().union(*(PERMISSIONS[role] for role in roles))
