"""What others may ask about people. Values, never rows; nobody outside the asked region."""

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef

from siaga.accounts import rules
from siaga.accounts.models import ApiToken, Membership, Person, SignIn
from siaga.accounts.types import (
    MembershipView,
    Officer,
    PersonView,
    Role,
    Scope,
    SessionView,
    TokenHolder,
    TokenView,
    Viewer,
)
from siaga.journal.types import Actor, ActorKind
from siaga.kernel.tenancy import ALL_REGIONS, acting_in, current_scope
from siaga.kernel.types import RegionId

PEOPLE_MAX = 500
OFFICERS_MAX = 50
MEMBERSHIPS_MAX = 200
SESSIONS_MAX = 50
TOKENS_MAX = 200
TOKEN_MARK = "siaga_"  # noqa: S105 - the beginning of every token, so that leaks are found


def seeing(region_id: str) -> AbstractContextManager[None]:
    """The running transaction if it already sees the region, else one that does."""
    return nullcontext() if current_scope() in {region_id, ALL_REGIONS} else acting_in(region_id)


def viewer(person_id: UUID, region_id: RegionId, now: datetime) -> Viewer | None:
    """The person as seen by this region's doors; None if they hold no role in it now."""
    with seeing(region_id):
        rows = list(
            Membership.objects.valid_at(now)
            .filter(region_id=region_id, person_id=person_id, person__is_active=True)
            .select_related("person")
            .order_by("valid_from")[:MEMBERSHIPS_MAX]
        )
    if not rows:
        return None
    person = rows[0].person
    return Viewer(
        person_id=person_id,
        region_id=region_id,
        roles=frozenset(Role(row.role) for row in rows),
        agency_code=next((row.agency_code for row in rows if row.agency_code), None),
        confidential_types=frozenset(code for row in rows for code in row.confidential_types),
        language=person.language,
        name=person.full_name,
    )


def memberships(person_id: UUID, now: datetime) -> list[MembershipView]:
    """Everything this person holds anywhere now; for the person's own choice of a region."""
    with acting_in(ALL_REGIONS):
        rows = Membership.objects.valid_at(now).filter(person_id=person_id, person__is_active=True)
        return [_membership(row) for row in rows.order_by("region_id", "role")[:MEMBERSHIPS_MAX]]


def people(region_id: RegionId, now: datetime, limit: int = PEOPLE_MAX) -> list[PersonView]:
    """Those who hold a role in the region now, by name, with the roles they hold there."""
    with seeing(region_id):
        held: dict[UUID, list[Membership]] = {}
        rows = Membership.objects.valid_at(now).filter(region_id=region_id)
        for row in rows.select_related("person").order_by("person__full_name", "role"):
            held.setdefault(row.person_id, []).append(row)
        chosen = list(held.values())[:limit]
        protected = _with_second_factor([rows[0].person_id for rows in chosen])
        return [_person(rows, rows[0].person_id in protected) for rows in chosen]


def person(person_id: UUID, region_id: RegionId, now: datetime) -> PersonView | None:
    """One person of the region; None if absent or of other regions only."""
    with seeing(region_id):
        rows = list(
            Membership.objects.valid_at(now)
            .filter(region_id=region_id, person_id=person_id)
            .select_related("person")
            .order_by("role")[:MEMBERSHIPS_MAX]
        )
        if not rows:
            return None
        return _person(rows, bool(_with_second_factor([person_id])))


def person_id(username: str) -> UUID | None:
    """Who signs in by this name, in any region: for signing in and for whoever runs the house."""
    known = Person.objects.filter(username=username.strip().lower())
    return known.values_list("id", flat=True).first()


def person_name(person_id: UUID) -> str | None:
    """The full name, if the person holds or held a role in a region the transaction sees."""
    return person_names([person_id]).get(person_id)


def person_names(person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The full names of those who hold or held a role in a region the transaction sees."""
    known_here = Membership.objects.filter(person_id=OuterRef("id"))
    rows = Person.objects.filter(Exists(known_here), id__in=list(person_ids)[:PEOPLE_MAX])
    return dict(rows.values_list("id", "full_name"))


def on_call_officers(
    region_id: RegionId, agency_code: str, now: datetime, limit: int = OFFICERS_MAX
) -> list[Officer]:
    """The agency's officers who may be called now, in the order of their appointment."""
    with seeing(region_id):
        rows = Membership.objects.valid_at(now).filter(
            region_id=region_id, agency_code=agency_code, person__is_active=True
        )
        return [
            Officer(
                person_id=row.person_id,
                name=row.person.full_name,
                phone=row.person.phone,
                language=row.person.language,
            )
            for row in rows.select_related("person").order_by("valid_from")[:limit]
        ]


def session(sign_in_id: UUID, person_id: UUID, now: datetime) -> SessionView | None:
    """This person's sign-in; None once it ended, whatever the browser still holds."""
    rows = SignIn.objects.filter(
        id=sign_in_id, person_id=person_id, person__is_active=True, expires_at__gt=now
    )
    row = rows.select_related("person").first()
    return None if row is None else _session(row)


def sessions(person_id: UUID, now: datetime) -> list[SessionView]:
    """Where this person is signed in, the most recently used first."""
    rows = SignIn.objects.filter(person_id=person_id, expires_at__gt=now).select_related("person")
    return [_session(row) for row in rows.order_by("-seen_at")[:SESSIONS_MAX]]


def has_second_factor(person_id: UUID) -> bool:
    """Whether a TOTP generator or a passkey is enrolled; recovery codes alone do not count."""
    return bool(_with_second_factor([person_id]))


def token(raw: str, now: datetime) -> TokenHolder | None:
    """Who bears this API token; None if unknown, expired, revoked, or its person has left."""
    if not raw.startswith(TOKEN_MARK):
        return None
    with acting_in(ALL_REGIONS):
        row = ApiToken.objects.filter(
            digest=token_digest(raw), revoked_at=None, expires_at__gt=now
        ).first()
    if row is None:
        return None
    held = _viewer_of_token(row, now)
    if held is None:
        return None
    return TokenHolder(
        token_id=row.id,
        region_id=held.region_id,
        scopes=frozenset(Scope(item) for item in row.scopes),
        viewer=held,
    )


def tokens(region_id: RegionId, limit: int = TOKENS_MAX) -> list[TokenView]:
    """The region's tokens, the newest first, revoked and expired ones included."""
    with seeing(region_id):
        rows = ApiToken.objects.filter(region_id=region_id).select_related("person")
        return [_token(row) for row in rows.order_by("-created_at")[:limit]]


def token_digest(raw: str) -> str:
    """What is stored of a token: it has 256 bits of chance, so a plain digest is enough."""
    return sha256(raw.encode()).hexdigest()


def _viewer_of_token(row: ApiToken, now: datetime) -> Viewer | None:
    region_id = RegionId(row.region_id)
    allowed = rules.permissions_in_scope(Scope(item) for item in row.scopes)
    if row.person_id is None:
        return Viewer(
            person_id=row.id,
            region_id=region_id,
            roles=frozenset({Role.AGENCY_OFFICER}),
            agency_code=row.agency_code,
            confidential_types=frozenset(),
            language="id",
            name=row.name,
            acts_as=Actor(ActorKind.AGENCY_TOKEN, str(row.id)),
            limited_to=allowed,
        )
    held = viewer(row.person_id, region_id, now)
    if held is None:
        return None
    return Viewer(
        person_id=held.person_id,
        region_id=region_id,
        roles=held.roles,
        agency_code=held.agency_code,
        confidential_types=held.confidential_types,
        language=held.language,
        name=held.name,
        acts_as=Actor(ActorKind.API_TOKEN, str(held.person_id)),
        limited_to=allowed,
    )


def _session(row: SignIn) -> SessionView:
    return SessionView(
        id=row.id,
        person_id=row.person_id,
        ip=row.ip,
        device=row.device,
        created_at=row.created_at,
        seen_at=row.seen_at,
        active_at=row.active_at,
        locked_at=row.locked_at,
        expires_at=row.expires_at,
        idle_lock=row.idle_lock,
        must_change_password=row.person.must_change_password,
        has_pin=bool(row.person.pin),
    )


def _with_second_factor(person_ids: list[UUID]) -> set[UUID]:
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    rows = Authenticator.objects.filter(user_id__in=person_ids, type__in=kinds)
    return set(rows.values_list("user_id", flat=True))


def _membership(row: Membership) -> MembershipView:
    return MembershipView(
        id=row.id,
        person_id=row.person_id,
        region_id=RegionId(row.region_id),
        role=Role(row.role),
        agency_code=row.agency_code,
        confidential_types=frozenset(row.confidential_types),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )


def _person(rows: list[Membership], has_factor: bool) -> PersonView:
    person = rows[0].person
    return PersonView(
        id=person.id,
        username=person.username,
        full_name=person.full_name,
        email=person.email,
        phone=person.phone,
        language=person.language,
        is_active=person.is_active,
        last_sign_in=person.last_login,
        has_second_factor=has_factor,
        memberships=tuple(_membership(row) for row in rows),
    )


def _token(row: ApiToken) -> TokenView:
    return TokenView(
        id=row.id,
        name=row.name,
        prefix=row.prefix,
        scopes=frozenset(Scope(item) for item in row.scopes),
        person_name=row.person.full_name if row.person else None,
        agency_code=row.agency_code,
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
    )
