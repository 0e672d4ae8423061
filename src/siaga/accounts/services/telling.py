"""A person is of no region, so what happens to them is told in every region they serve."""

from datetime import datetime
from uuid import UUID

from siaga.accounts import queries
from siaga.accounts.errors import ServesElsewhere
from siaga.accounts.models import Membership, Person
from siaga.journal import services as journal
from siaga.journal.facts import Fact
from siaga.journal.types import Actor, ActorKind
from siaga.kernel.errors import NotFound
from siaga.kernel.tenancy import ALL_REGIONS, acting_in
from siaga.kernel.types import RegionId


def record_everywhere(one: Fact, person_id: UUID, *, by: Actor, now: datetime) -> None:
    """Record the fact in each region in which the person holds a role now."""
    with acting_in(ALL_REGIONS):
        regions = {item.region_id for item in queries.memberships(person_id, now)}
        for region_id in sorted(regions):
            journal.record(one, region_id=region_id, by=by, now=now)


def locked_person_of(region_id: RegionId, person_id: UUID) -> Person:
    """The row, locked, of a person whom this region knows; NotFound for all others."""
    known = Membership.objects.filter(region_id=region_id, person_id=person_id).exists()
    if not known:
        raise NotFound()
    return Person.objects.select_for_update().get(id=person_id)


def ensure_governed(person_id: UUID, region_id: RegionId, *, by: Actor, now: datetime) -> None:
    """Refuse to touch the sign-in of somebody who also serves a region of others.

    Otherwise one region's administrator could take over an account that opens another region.
    Whoever runs the installation (the command line) may.
    """
    if by.kind is ActorKind.SYSTEM or by.person_id == person_id:
        return
    held = queries.memberships(person_id, now)
    if any(item.region_id != region_id for item in held):
        raise ServesElsewhere()
