"""The people of the demo: one for each role in each region, with known sign-ins."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from siaga.accounts import queries, services
from siaga.accounts.types import Role, Scope
from siaga.journal.types import Actor
from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import RegionId
from siaga.regions import queries as region_queries
from siaga.regions.types import Profile
from siaga.workforce import services as workforce

PASSWORD = "lentera-malam-112"  # noqa: S105 - printed on purpose, for the demo only
TOKEN_DAYS = 365
_BY = Actor.system("demo")
_NAMES = {
    Role.CALL_TAKER: ("Sari Wulandari", "Dewi Anggraini"),
    Role.RESTRICTED_CALL_TAKER: ("Putri Magang",),
    Role.DISPATCHER: ("Bima Saputra",),
    Role.SUPERVISOR: ("Ratna Kusuma",),
    Role.PUBLISHER: ("Galih Prakoso",),
    Role.AUDITOR: ("Hendra Wijaya",),
    Role.ADMINISTRATOR: ("Ayu Lestari",),
}
_OFFICERS = (("fire", "Made Santosa"), ("ambulance", "Nur Aini"), ("disaster", "Joko Susilo"),
             ("inspectorate", "Wahyu Hidayat"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A sign-in of the demo."""

    region: str
    role: str
    username: str
    password: str
    agency: str | None = None


@dataclass(frozen=True, slots=True)
class DemoRegion:
    """What the simulation needs of one region; kept in a private file between starts."""

    region: str
    people: list[DemoPerson]
    desk_token: str
    supervisor_token: str
    agency_tokens: dict[str, str]


def settle(home: Path, now: datetime) -> list[DemoRegion]:
    """Make the people, desks and tokens of every region, once; later starts find them."""
    kept = home / "demo-people.json"
    known: dict[str, Any] = json.loads(kept.read_text()) if kept.exists() else {}
    regions = []
    for region_id in region_queries.region_ids():
        if region_id in known:
            regions.append(_restored(known[region_id]))
            continue
        regions.append(_settle_region(region_queries.profile(region_id), now))
        known[region_id] = asdict(regions[-1])
        _keep(kept, known)
    return regions


def _settle_region(profile: Profile, now: datetime) -> DemoRegion:
    region_id = profile.region.id
    with acting_in(region_id):
        people, ids = _people(profile, now)
        for number, code in enumerate(("meja-1", "meja-2", "meja-3"), 1):
            workforce.open_position(
                region_id=region_id,
                code=code,
                name=f"Meja {number}",
                by=_BY,
                now=now,
            )
        tokens = {
            agency.code: _token(region_id, f"demo {agency.code}", now, agency_code=agency.code)
            for agency in profile.agencies
            if agency.active
        }
        return DemoRegion(
            region=region_id,
            people=people,
            desk_token=_token(region_id, "demo desk", now, person_id=ids[Role.DISPATCHER]),
            supervisor_token=_token(
                region_id, "demo supervisor", now, person_id=ids[Role.SUPERVISOR]
            ),
            agency_tokens=tokens,
        )


def _people(profile: Profile, now: datetime) -> tuple[list[DemoPerson], dict[Role, UUID]]:
    prefix = profile.region.prefix.lower()
    people: list[DemoPerson] = []
    ids: dict[Role, UUID] = {}
    for role, names in _NAMES.items():
        for number, name in enumerate(names, 1):
            username = f"{prefix}.{role}" + (str(number) if number > 1 else "")
            ids.setdefault(role, _person(profile, username, name, role, now))
            if number > 1:
                _person(profile, username, name, role, now)
            people.append(DemoPerson(profile.region.id, role, username, PASSWORD))
    for mandate, name in _OFFICERS:
        agency = next(
            (item for item in profile.agencies if item.active and mandate in item.mandates), None
        )
        if agency is None:
            continue
        username = f"{prefix}.{agency.code}"
        _person(profile, username, name, Role.AGENCY_OFFICER, now, agency_code=agency.code)
        people.append(
            DemoPerson(profile.region.id, Role.AGENCY_OFFICER, username, PASSWORD, agency.code)
        )
    return people, ids


def _person(
    profile: Profile,
    username: str,
    name: str,
    role: Role,
    now: datetime,
    *,
    agency_code: str | None = None,
) -> UUID:
    region_id = profile.region.id
    known = next(
        (item for item in queries.people(region_id, now, limit=500) if item.username == username),
        None,
    )
    if known is not None:
        return known.id
    person_id = services.create_person(
        username=username, full_name=name, password=PASSWORD, region_id=region_id, by=_BY, now=now
    )
    # Somebody must be named for confidential cases, or nobody could ever take them.
    named = [case.code for case in profile.taxonomy.types if case.confidential or case.restricted]
    services.grant(
        person_id=person_id,
        region_id=region_id,
        role=role,
        agency_code=agency_code,
        confidential_types=named if role is Role.SUPERVISOR else (),
        by=_BY,
        now=now,
    )
    return person_id


def _token(
    region_id: RegionId,
    name: str,
    now: datetime,
    *,
    person_id: UUID | None = None,
    agency_code: str | None = None,
) -> str:
    return services.issue_token(
        region_id=region_id,
        name=name,
        scopes=(Scope.READ, Scope.TRANSITION),
        expires_at=now + timedelta(days=TOKEN_DAYS),
        person_id=person_id,
        agency_code=agency_code,
        by=_BY,
        now=now,
    ).secret


def _restored(kept: dict[str, Any]) -> DemoRegion:
    people = [DemoPerson(**person) for person in kept["people"]]
    return DemoRegion(**(kept | {"people": people}))


def _keep(path: Path, known: dict[str, Any]) -> None:
    draft = path.with_suffix(f".{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(known, file)
    draft.replace(path)
