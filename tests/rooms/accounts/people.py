"""People for the tests of this room: added through the services, as everybody is."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from siaga.accounts import services
from siaga.accounts.types import Role
from siaga.journal.types import Actor
from siaga.kernel.types import RegionId

BANYUWANGI = RegionId("banyuwangi")
JOMBANG = RegionId("jombang")
NOW = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)
INSTALLER = Actor.system("tests")
PASSWORD = "sawah hijau di kaki gunung"


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody with one role in one region."""

    id: UUID
    username: str
    region_id: RegionId
    membership_id: UUID
    actor: Actor


def colleague(
    username: str,
    role: Role,
    region_id: RegionId = BANYUWANGI,
    *,
    agency_code: str | None = None,
    phone: str | None = None,
    now: datetime = NOW,
) -> Colleague:
    """Add a person and grant the role."""
    person_id = services.create_person(
        username=username,
        full_name=username.replace(".", " ").title(),
        password=PASSWORD,
        region_id=region_id,
        phone=phone,
        by=INSTALLER,
        now=now,
    )
    membership_id = services.grant(
        person_id=person_id,
        region_id=region_id,
        role=role,
        agency_code=agency_code,
        by=INSTALLER,
        now=now,
    )
    return Colleague(person_id, username, region_id, membership_id, Actor.person(person_id))
