"""A profile comes into force: a new version, its projections, a fact; one transaction."""

import hashlib
from datetime import datetime
from typing import Literal

import msgspec

from siaga.journal import services as journal
from siaga.journal.types import Actor
from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import RegionId
from siaga.regions import folders
from siaga.regions.errors import ProfileChangedMeanwhile, ProfileInvalid
from siaga.regions.events import ProfileApplied
from siaga.regions.models import ProfileVersion, Region
from siaga.regions.rules.checking import check_profile
from siaga.regions.rules.differing import Change, differences
from siaga.regions.rules.findings import errors_in, finding
from siaga.regions.services.projecting import project
from siaga.regions.types import Profile, Value

CHANGES_TOLD_MAX = 50
Source = Literal["folder", "face"]


class Applied(Value, frozen=True, kw_only=True):
    """What applying did: nothing if the profile is already in force."""

    number: int
    changes: tuple[Change, ...]

    @property
    def changed(self) -> bool:
        """Whether a new version was made."""
        return bool(self.changes)


def apply_profile(
    profile: Profile,
    *,
    by: Actor,
    now: datetime,
    source: Source = "face",
    expected_version: int | None = None,
) -> Applied:
    """Validate a profile and put it into force; idempotent.

    Raises ProfileInvalid with every error, ProfileChangedMeanwhile if the version in force is
    not the expected one. Records regions.profile_applied when something changed.
    """
    region_id = profile.region.id
    with acting_in(region_id):
        region = _locked_region(profile)
        if expected_version is not None and expected_version != region.version:
            raise ProfileChangedMeanwhile(region_id=region_id)
        former = _in_force(region)
        changes = differences(former, profile)
        if not changes:
            return Applied(number=region.version, changes=())
        _ensure_right(profile, former if source == "face" else None, now)
        version = _store(region, profile, source, changes, by=by, now=now)
        project(profile, former)
        journal.record(
            ProfileApplied(
                version_id=version.id,
                number=version.number,
                source=source,
                count=len(changes),
                changed=tuple(change.path for change in changes[:CHANGES_TOLD_MAX]),
            ),
            region_id=region_id,
            by=by,
            now=now,
        )
        return Applied(number=version.number, changes=changes)


def _ensure_right(profile: Profile, former: Profile | None, now: datetime) -> None:
    """Refuse errors; for an edit on the screen only those that the former profile has not."""
    context = folders.context(now.date())
    errors = errors_in(check_profile(profile, context))
    if errors and former is not None:
        known = {(one.code, one.message) for one in check_profile(former, context)}
        errors = tuple(one for one in errors if (one.code, one.message) not in known)
    if errors:
        raise ProfileInvalid(findings=errors)


def digest_of(profile: Profile) -> str:
    """The same for equal profiles, whatever file or screen they came from."""
    return hashlib.sha256(msgspec.json.encode(profile, order="deterministic")).hexdigest()


def stored(version: ProfileVersion) -> Profile:
    """The profile of a version."""
    return msgspec.convert(version.profile, Profile)


def _locked_region(profile: Profile) -> Region:
    info = profile.region
    for field in ("code", "prefix"):
        value = getattr(info, field)
        other = Region.objects.exclude(id=info.id).filter(**{field: value}).first()
        if other is not None:
            path = ("region", field)
            clash = finding("same_region_twice", path, what=field, value=value, other=other.id)
            raise ProfileInvalid(findings=(clash,))
    Region.objects.get_or_create(
        id=info.id,
        defaults={
            "code": info.code,
            "name": info.name,
            "timezone": info.timezone,
            "prefix": info.prefix,
            "brand": profile.brand.name,
        },
    )
    return Region.objects.select_for_update().get(id=info.id)


def _in_force(region: Region) -> Profile | None:
    if region.version_id is None:
        return None
    return stored(ProfileVersion.objects.get(id=region.version_id))


def _store(
    region: Region,
    profile: Profile,
    source: Source,
    changes: tuple[Change, ...],
    *,
    by: Actor,
    now: datetime,
) -> ProfileVersion:
    version = ProfileVersion.objects.create(
        region=region,
        number=region.version + 1,
        profile=msgspec.to_builtins(profile),
        digest=digest_of(profile),
        applied_at=now,
        actor_kind=by.kind.value,
        actor_id=by.id,
        source=source,
        summary=[change.path for change in changes[:CHANGES_TOLD_MAX]],
    )
    info = profile.region
    region.code, region.name, region.timezone = info.code, info.name, info.timezone
    region.prefix, region.brand = info.prefix, profile.brand.name
    region.version, region.version_id = version.number, version.id
    region.save()
    return version


def last_folder_digest(region_id: RegionId) -> str | None:
    """The digest of the newest version that came from a folder; None if there was none."""
    with acting_in(region_id):
        versions = ProfileVersion.objects.filter(region_id=region_id, source="folder")
        return versions.order_by("-number").values_list("digest", flat=True).first()
