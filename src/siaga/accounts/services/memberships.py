"""Granting and ending roles."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from siaga.accounts import events, queries
from siaga.accounts.errors import AgencyNeeded, LastAdministrator, OneAgencyOnly
from siaga.accounts.models import Membership, Person
from siaga.accounts.services.sessions import end_sessions
from siaga.accounts.types import Role
from siaga.journal import services as journal
from siaga.journal.types import Actor, ActorKind
from siaga.kernel.errors import NotFound
from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import RegionId


def grant(
    *,
    person_id: UUID,
    region_id: RegionId,
    role: Role,
    agency_code: str | None = None,
    confidential_types: Iterable[str] = (),
    valid_until: datetime | None = None,
    by: Actor,
    now: datetime,
) -> UUID:
    """Give a role in a region; granting it again changes its end and its confidential types.

    Returns the membership's id. Raises AgencyNeeded, OneAgencyOnly, NotFound.
    """
    if (role is Role.AGENCY_OFFICER) != (agency_code is not None):
        raise AgencyNeeded()
    types = sorted(set(confidential_types))
    with acting_in(region_id):
        if not Person.objects.select_for_update().filter(id=person_id, is_active=True).exists():
            raise NotFound()
        if agency_code is not None:
            _ensure_one_agency(person_id, region_id, agency_code, now)
        row, created = Membership.objects.get_or_create(
            region_id=region_id,
            person_id=person_id,
            role=role.value,
            agency_code=agency_code,
            defaults={
                "confidential_types": types,
                "valid_from": now,
                "valid_until": valid_until,
            },
        )
        if not created:
            row.confidential_types = types
            row.valid_until = valid_until
            row.save(update_fields=["confidential_types", "valid_until"])
        fact = events.RoleGranted(
            person_id=person_id,
            membership_id=row.id,
            role=role.value,
            agency_code=agency_code,
            confidential_types=tuple(types),
        )
        journal.record(fact, region_id=region_id, by=by, now=now)
        return row.id


def revoke(*, membership_id: UUID, region_id: RegionId, by: Actor, now: datetime) -> None:
    """End a role now; ending it twice changes nothing. Raises NotFound, LastAdministrator.

    Whoever holds no role anywhere any more is signed out.
    """
    with acting_in(region_id):
        row = (
            Membership.objects.select_for_update()
            .filter(id=membership_id, region_id=region_id)
            .first()
        )
        if row is None:
            raise NotFound()
        if row.valid_until is not None and row.valid_until <= now:
            return
        end(row, by=by, now=now)
        if not queries.memberships(row.person_id, now):
            end_sessions(person_id=row.person_id, by=by, now=now)


def end(row: Membership, *, by: Actor, now: datetime) -> None:
    """End this locked membership and tell; keeps a region's last administrator."""
    if row.role == Role.ADMINISTRATOR and by.kind is not ActorKind.SYSTEM:
        _ensure_another_administrator(row, now)
    row.valid_until = max(now, row.valid_from)
    row.save(update_fields=["valid_until"])
    fact = events.RoleRevoked(person_id=row.person_id, membership_id=row.id, role=row.role)
    journal.record(fact, region_id=RegionId(row.region_id), by=by, now=now)


def _ensure_one_agency(
    person_id: UUID, region_id: RegionId, agency_code: str, now: datetime
) -> None:
    others = Membership.objects.valid_at(now).filter(
        region_id=region_id, person_id=person_id, role=Role.AGENCY_OFFICER.value
    )
    other = others.exclude(agency_code=agency_code).first()
    if other is not None:
        raise OneAgencyOnly(agency_code=other.agency_code)


def _ensure_another_administrator(row: Membership, now: datetime) -> None:
    # Locks all of them, so that two administrators cannot end each other at the same moment.
    others = (
        Membership.objects.select_for_update(of=("self",))
        .valid_at(now)
        .filter(region_id=row.region_id, role=Role.ADMINISTRATOR.value, person__is_active=True)
    )
    if all(other.person_id == row.person_id for other in others):
        raise LastAdministrator()
