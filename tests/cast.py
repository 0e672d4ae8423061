"""The standing cast. Every test of a permission has its Tono.

Sari takes calls in Banyuwangi, Putri is an intern there, Bima dispatches, Bu Ratna supervises,
Pak Made is the fire service's officer, Ayu administers. Tono works in Jombang and must see none
of it. Pak Slamet always writes from the market, with a failing battery.
"""

from datetime import datetime
from uuid import UUID

from siaga.accounts import queries, services
from siaga.accounts.types import Role, Viewer
from siaga.journal.types import Actor
from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import RegionId

PASSWORD = "terang-bulan-di-alun-alun"
BANYUWANGI = RegionId("banyuwangi")
JOMBANG = RegionId("jombang")
PEKALONGAN = RegionId("kota-pekalongan")
BANYUASIN = RegionId("banyuasin")

_PARTS: dict[str, tuple[str, RegionId, Role, str | None]] = {
    "sari": ("Sari Wulandari", BANYUWANGI, Role.CALL_TAKER, None),
    "dewi": ("Dewi Lestari", BANYUWANGI, Role.CALL_TAKER, None),
    "putri": ("Putri Magang", BANYUWANGI, Role.RESTRICTED_CALL_TAKER, None),
    "bima": ("Bima Saputra", BANYUWANGI, Role.DISPATCHER, None),
    "ratna": ("Bu Ratna", BANYUWANGI, Role.SUPERVISOR, None),
    "made": ("Pak Made", BANYUWANGI, Role.AGENCY_OFFICER, "damkar"),
    "ayu": ("Ayu Administrator", BANYUWANGI, Role.ADMINISTRATOR, None),
    "tono": ("Tono Jombang", JOMBANG, Role.CALL_TAKER, None),
    "rahma": ("Rahma Banyuasin", BANYUASIN, Role.CALL_TAKER, None),
    "lina": ("Lina Pekalongan", PEKALONGAN, Role.CALL_TAKER, None),
}


def enter(name: str, now: datetime, *, confidential: tuple[str, ...] = ()) -> Viewer:
    """Let one of the cast come on stage; returns how the house sees them."""
    full_name, region_id, role, agency_code = _PARTS[name]
    by = Actor.system("test")
    with acting_in(region_id):
        person_id: UUID = services.create_person(
            username=name,
            full_name=full_name,
            password=PASSWORD,
            region_id=region_id,
            by=by,
            now=now,
        )
        services.grant(
            person_id=person_id,
            region_id=region_id,
            role=role,
            agency_code=agency_code,
            confidential_types=confidential,
            by=by,
            now=now,
        )
        viewer = queries.viewer(person_id, region_id, now)
    assert viewer is not None
    return viewer
