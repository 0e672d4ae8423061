"""Everything a whole profile can get wrong, found at noon instead of at the first fire. Pure."""

from collections.abc import Mapping

from siaga.regions.rules.checking import (
    agencies,
    calendars,
    cases,
    clocks,
    identity,
    phones,
    places,
    routes,
)
from siaga.regions.rules.checking.context import CheckContext
from siaga.regions.rules.findings import Finding, errors_in, finding
from siaga.regions.types import Profile

__all__ = ["CheckContext", "check_profile", "check_together"]

_FIRST = (
    identity.check,
    calendars.check,
    clocks.check,
    cases.check,
    agencies.check,
    places.check,
    phones.check,
    routes.check_rules,
)


def check_profile(profile: Profile, context: CheckContext) -> tuple[Finding, ...]:
    """All findings of a whole profile, errors and warnings, with paths but without files.

    Whether every case finds its way is asked only of a profile that is otherwise right.
    """
    findings = [one for check in _FIRST for one in check(profile, context)]
    if not errors_in(findings):
        findings += routes.check_coverage(profile)
    return tuple(findings)


def check_together(profiles: Mapping[str, Profile]) -> dict[str, tuple[Finding, ...]]:
    """What profiles claim twice between them, by the name of the later folder."""
    seen: dict[tuple[str, str], str] = {}
    found: dict[str, tuple[Finding, ...]] = {}
    for folder, profile in profiles.items():
        clashes = []
        for field in ("id", "code", "prefix"):
            value = getattr(profile.region, field)
            other = seen.setdefault((field, value), folder)
            if other != folder:
                path = ("region", field)
                clashes.append(
                    finding("same_region_twice", path, what=field, value=value, other=other)
                )
        found[folder] = tuple(clashes)
    trunks = phones.check_trunks(profiles)
    return {folder: (*clashes, *trunks[folder]) for folder, clashes in found.items()}
