"""Facts about people. Names and addresses are personal; ids are not."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_noop

from siaga.journal.facts import Fact, fact


@fact(
    "accounts.person_added",
    version=1,
    reads=gettext_noop("%(full_name)s (%(username)s) was added."),
    personal=("username", "full_name"),
    subjects=("person_id",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class PersonAdded(Fact):
    """Somebody can sign in from now on."""

    person_id: UUID
    username: str
    full_name: str


@fact(
    "accounts.role_granted",
    version=1,
    reads=gettext_noop("The role %(role)s was granted."),
    subjects=("person_id", "membership_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGranted(Fact):
    """A person holds a role in this region."""

    person_id: UUID
    membership_id: UUID
    role: str
    agency_code: str | None
    confidential_types: tuple[str, ...]


@fact(
    "accounts.role_revoked",
    version=1,
    reads=gettext_noop("The role %(role)s was ended."),
    subjects=("person_id", "membership_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRevoked(Fact):
    """A person no longer holds a role in this region."""

    person_id: UUID
    membership_id: UUID
    role: str


@fact(
    "accounts.language_set",
    version=1,
    reads=gettext_noop("The language was set to %(language)s."),
    subjects=("person_id",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageSet(Fact):
    """A person reads another language from now on."""

    person_id: UUID
    language: str


@fact(
    "accounts.password_reset",
    version=1,
    reads=gettext_noop("The password was reset; it must be changed at the next sign-in."),
    subjects=("person_id",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordReset(Fact):
    """Somebody else gave this person a temporary password."""

    person_id: UUID
    second_factors_removed: int


@fact(
    "accounts.password_changed",
    version=1,
    reads=gettext_noop("The password was changed by its owner."),
    subjects=("person_id",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChanged(Fact):
    """The person chose a new password."""

    person_id: UUID


@fact(
    "accounts.second_factor_changed",
    version=1,
    reads=gettext_noop("Second factor: %(change)s %(method)s."),
    subjects=("person_id",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorChanged(Fact):
    """A second factor was added, removed or renewed; `method` as allauth names it."""

    person_id: UUID
    change: str
    method: str


@fact(
    "accounts.person_deactivated",
    version=1,
    reads=gettext_noop("The person can no longer sign in."),
    subjects=("person_id",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDeactivated(Fact):
    """All roles ended, all sessions and tokens closed."""

    person_id: UUID


@fact(
    "accounts.signed_in",
    version=1,
    reads=gettext_noop("Signed in."),
    personal=("ip",),
    subjects=("person_id",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn(Fact):
    """A person opened a session; `methods` such as password, mfa, webauthn."""

    person_id: UUID
    methods: tuple[str, ...]
    ip: str


@fact(
    "accounts.sign_in_locked",
    version=1,
    reads=gettext_noop("Sign-in was locked after too many wrong passwords."),
    personal=("ip",),
    subjects=("person_id",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class SignInLocked(Fact):
    """Too many wrong passwords for this person from one address."""

    person_id: UUID
    ip: str


@fact(
    "accounts.sessions_ended",
    version=1,
    reads=gettext_noop("%(count)s session(s) were ended."),
    subjects=("person_id",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class SessionsEnded(Fact):
    """Sessions were closed before their time."""

    person_id: UUID
    count: int


@fact(
    "accounts.token_issued",
    version=1,
    reads=gettext_noop("The API token %(prefix)s… was issued."),
    personal=("name",),
    subjects=("token_id", "person_id"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class TokenIssued(Fact):
    """A program may act for a person or an agency."""

    token_id: UUID
    person_id: UUID | None
    agency_code: str | None
    scopes: tuple[str, ...]
    prefix: str
    name: str


@fact(
    "accounts.token_revoked",
    version=1,
    reads=gettext_noop("The API token %(prefix)s… was revoked."),
    subjects=("token_id",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRevoked(Fact):
    """A program's key no longer opens anything."""

    token_id: UUID
    prefix: str
