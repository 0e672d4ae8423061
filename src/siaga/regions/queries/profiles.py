"""Regions and their profiles, with a process cache keyed by version."""

from collections import OrderedDict
from datetime import datetime
from threading import Lock
from uuid import UUID

import msgspec
from django.db import connection

from siaga.journal.types import Actor, ActorKind
from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import RegionId
from siaga.regions.errors import AgencyUnknown, RegionUnknown
from siaga.regions.models import Agency, ProfileVersion, Region
from siaga.regions.types import Profile, Value

CACHED_PROFILES_MAX = 64
REGIONS_MAX = 600
VERSIONS_MAX = 100

# Keyed by the version's id, so an entry can never be wrong: a version is never changed.
_cache: OrderedDict[UUID, Profile] = OrderedDict()
_lock = Lock()
# Asked for every page and every message.
_CURRENT = "SELECT version, version_id FROM regions_region WHERE id = %s AND active"


class RegionView(Value, frozen=True, kw_only=True):
    """The public names of a region."""

    id: RegionId
    code: str
    name: str
    brand: str
    timezone: str
    prefix: str
    version: int


class VersionView(Value, frozen=True, kw_only=True):
    """One version of a profile, for the history in the control face."""

    number: int
    applied_at: datetime
    actor: Actor
    source: str
    changed: tuple[str, ...]


def region_ids() -> tuple[RegionId, ...]:
    """The ids of all active regions, in order of their names."""
    return tuple(view.id for view in regions())


def regions() -> tuple[RegionView, ...]:
    """All active regions, in order of their names."""
    rows = Region.objects.filter(active=True, version__gt=0).order_by("name")[:REGIONS_MAX]
    return tuple(
        RegionView(
            id=RegionId(row.id),
            code=row.code,
            name=row.name,
            brand=row.brand,
            timezone=row.timezone,
            prefix=row.prefix,
            version=row.version,
        )
        for row in rows
    )


def version(region_id: RegionId) -> int:
    """The number of the profile in force; RegionUnknown if there is none."""
    return _current(region_id)[0]


def profile(region_id: RegionId) -> Profile:
    """The profile in force. One indexed look at the region's row, the rest from the cache.

    Readable before sign-in and whatever the present scope is: what a face shows of it is the
    face's care. RegionUnknown if no profile was applied.
    """
    _, version_id = _current(region_id)
    with _lock:
        if version_id in _cache:
            _cache.move_to_end(version_id)
            return _cache[version_id]
    with acting_in(region_id):
        stored = ProfileVersion.objects.values_list("profile", flat=True).get(id=version_id)
    read = msgspec.convert(stored, Profile)
    with _lock:
        _cache[version_id] = read
        while len(_cache) > CACHED_PROFILES_MAX:
            _cache.popitem(last=False)
    return read


def profile_at_version(region_id: RegionId, number: int) -> Profile:
    """A former profile, for plans that were frozen under it."""
    rows = ProfileVersion.objects.filter(region_id=region_id, number=number)
    stored = rows.values_list("profile", flat=True).first()
    if stored is None:
        raise RegionUnknown(region_id=region_id)
    return msgspec.convert(stored, Profile)


def edited_on_screen(region_id: RegionId) -> bool:
    """Whether the version in force was written on the screen, not in a folder."""
    _, version_id = _current(region_id)
    with acting_in(region_id):
        return ProfileVersion.objects.filter(id=version_id, source="face").exists()


def versions(region_id: RegionId, limit: int = VERSIONS_MAX) -> tuple[VersionView, ...]:
    """The history of the profile, newest first; `changed` names paths."""
    rows = ProfileVersion.objects.filter(region_id=region_id).defer("profile")
    return tuple(
        VersionView(
            number=row.number,
            applied_at=row.applied_at,
            actor=Actor(ActorKind(row.actor_kind), row.actor_id),
            source=row.source,
            changed=tuple(row.summary),
        )
        for row in rows.order_by("-number")[: min(limit, VERSIONS_MAX)]
    )


def agency_id(region_id: RegionId, agency_code: str) -> UUID:
    """The key of the agency's row, for foreign keys; AgencyUnknown if there is none."""
    rows = Agency.objects.filter(region_id=region_id, code=agency_code)
    found = rows.values_list("id", flat=True).first()
    if found is None:
        raise AgencyUnknown(agency_code=agency_code)
    return found


def _current(region_id: RegionId) -> tuple[int, UUID]:
    with connection.cursor() as cursor:
        cursor.execute(_CURRENT, [region_id])
        row = cursor.fetchone()
    if row is None or row[1] is None:
        raise RegionUnknown(region_id=region_id)
    return row[0], row[1]
