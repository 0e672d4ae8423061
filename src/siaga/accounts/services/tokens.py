"""Tokens for programs: issued once, stored as digests, revocable at once."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from siaga.accounts import events, queries
from siaga.accounts.models import ApiToken
from siaga.accounts.rules import TOKEN_DAYS_MAX
from siaga.accounts.types import IssuedToken, Scope, TokenHolder
from siaga.journal import services as journal
from siaga.journal.types import Actor
from siaga.kernel.errors import InvalidField, NotFound
from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import RegionId

_SECRET_BYTES = 32
_PREFIX_LENGTH = 12
_USE_NOTED_EVERY = timedelta(minutes=1)


def issue_token(
    *,
    region_id: RegionId,
    name: str,
    scopes: Iterable[Scope],
    expires_at: datetime,
    person_id: UUID | None = None,
    agency_code: str | None = None,
    by: Actor,
    now: datetime,
) -> IssuedToken:
    """Make a token for one person or one agency; its secret is returned once, never stored.

    Raises InvalidField (scopes, expires_at, holder), NotFound for a person without a role here.
    """
    held = sorted(scope.value for scope in set(scopes))
    if not held:
        raise InvalidField(field="scopes", message=_("Choose what the token may do."))
    if not now < expires_at <= now + timedelta(days=TOKEN_DAYS_MAX):
        cure = _("A token ends within %(days)s days.") % {"days": TOKEN_DAYS_MAX}
        raise InvalidField(field="expires_at", message=cure)
    if (person_id is None) == (agency_code is None):
        cure = _("A token belongs to one person or to one agency.")
        raise InvalidField(field="holder", message=cure)
    secret = f"{queries.TOKEN_MARK}{secrets.token_urlsafe(_SECRET_BYTES)}"
    with acting_in(region_id):
        if person_id is not None and queries.viewer(person_id, region_id, now) is None:
            raise NotFound()
        row = ApiToken.objects.create(
            region_id=region_id,
            person_id=person_id,
            agency_code=agency_code,
            name=name,
            prefix=secret[:_PREFIX_LENGTH],
            digest=queries.token_digest(secret),
            scopes=held,
            created_at=now,
            expires_at=expires_at,
        )
        fact = events.TokenIssued(
            token_id=row.id,
            person_id=person_id,
            agency_code=agency_code,
            scopes=tuple(held),
            prefix=row.prefix,
            name=name,
        )
        journal.record(fact, region_id=region_id, by=by, now=now)
    return IssuedToken(id=row.id, secret=secret)


def revoke_token(*, token_id: UUID, region_id: RegionId, by: Actor, now: datetime) -> None:
    """The token opens nothing from now on; revoking it twice changes nothing. Raises NotFound."""
    with acting_in(region_id):
        row = ApiToken.objects.select_for_update().filter(id=token_id, region_id=region_id).first()
        if row is None:
            raise NotFound()
        if row.revoked_at is not None:
            return
        row.revoked_at = now
        row.save(update_fields=["revoked_at"])
        fact = events.TokenRevoked(token_id=row.id, prefix=row.prefix)
        journal.record(fact, region_id=region_id, by=by, now=now)


def use_token(raw: str, now: datetime) -> TokenHolder | None:
    """Like `queries.token`, and notes once a minute that the token is in use."""
    holder = queries.token(raw, now)
    if holder is not None:
        with acting_in(holder.region_id):
            stale = Q(last_used_at=None) | Q(last_used_at__lt=now - _USE_NOTED_EVERY)
            ApiToken.objects.filter(stale, id=holder.token_id).update(last_used_at=now)
    return holder
