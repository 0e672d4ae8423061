"""The frozen values by which other rooms know a person."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from siaga.accounts.roles import Permission, Role, Scope, may
from siaga.journal.types import Actor
from siaga.kernel.types import RegionId

__all__ = [
    "IssuedToken",
    "MembershipView",
    "Officer",
    "Permission",
    "PersonView",
    "Role",
    "Scope",
    "SessionView",
    "TokenHolder",
    "TokenView",
    "Viewer",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who is looking, in one region, now: what every guarded door asks for.

    `acts_as` and `limited_to` are set for tokens only: the actor to record, and the permissions
    to which the token is limited. For an agency's token `person_id` is the token's own id.
    """

    person_id: UUID
    region_id: RegionId
    roles: frozenset[Role]
    agency_code: str | None
    confidential_types: frozenset[str]
    language: str
    name: str
    acts_as: Actor | None = None
    limited_to: frozenset[Permission] | None = None

    def may(self, permission: Permission) -> bool:
        """Whether this viewer is allowed to do this in this region."""
        if self.limited_to is not None and permission not in self.limited_to:
            return False
        return may(self.roles, permission)

    @property
    def actor(self) -> Actor:
        """The actor to record for what this viewer does."""
        return self.acts_as or Actor.person(self.person_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenHolder:
    """The bearer of a valid API token, with the viewer as which it acts."""

    token_id: UUID
    region_id: RegionId
    scopes: frozenset[Scope]
    viewer: Viewer

    def may(self, permission: Permission) -> bool:
        """Whether both the holder's roles and the token's scopes allow this."""
        return self.viewer.may(permission)

    @property
    def actor(self) -> Actor:
        """The actor to record."""
        return self.viewer.actor


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipView:
    """A role somebody holds in a region, as shown to people."""

    id: UUID
    person_id: UUID
    region_id: RegionId
    role: Role
    agency_code: str | None
    confidential_types: frozenset[str]
    valid_from: datetime
    valid_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """A person of a region with the roles they hold there."""

    id: UUID
    username: str
    full_name: str
    email: str
    phone: str | None
    language: str
    is_active: bool
    last_sign_in: datetime | None
    has_second_factor: bool
    memberships: tuple[MembershipView, ...]

    @property
    def roles(self) -> frozenset[Role]:
        """The roles held in the region that was asked for."""
        return frozenset(item.role for item in self.memberships)


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """Somebody of an agency who can be called."""

    person_id: UUID
    name: str
    phone: str | None
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionView:
    """A place where a person is signed in; `device` is what the browser calls itself."""

    id: UUID
    person_id: UUID
    ip: str
    device: str
    created_at: datetime
    seen_at: datetime
    active_at: datetime
    locked_at: datetime | None
    expires_at: datetime
    idle_lock: bool
    must_change_password: bool
    has_pin: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenView:
    """An API token without its secret."""

    id: UUID
    name: str
    prefix: str
    scopes: frozenset[Scope]
    person_name: str | None
    agency_code: str | None
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedToken:
    """A new token; the only moment at which its secret is known."""

    id: UUID
    secret: str
