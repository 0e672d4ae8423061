"""Kecamatan and landmarks, against the national list. Pure."""

from collections.abc import Iterator

from siaga.regions.rules.checking.cases import near
from siaga.regions.rules.checking.context import CheckContext
from siaga.regions.rules.findings import Finding, finding
from siaga.regions.types import Profile

INDONESIA = (-11.2, 94.8, 6.3, 141.1)
"""South, west, north, east."""


def check(profile: Profile, context: CheckContext) -> Iterator[Finding]:
    """Findings about places: every kecamatan once, known, and in Indonesia."""
    national = context.children(profile.region.code)
    seen: set[str] = set()
    for index, area in enumerate(profile.areas):
        path = ("areas", index)
        if area.code in seen:
            yield finding("duplicate_code", (*path, "code"), value=area.code)
        seen.add(area.code)
        if area.code not in national:
            hint = near(area.code, national)
            yield finding("unknown_area", (*path, "code"), value=area.code, hint=hint)
        elif national[area.code] != area.name:
            name = national[area.code]
            yield finding("area_name", (*path, "name"), value=area.code, name=name)
        if not _in_indonesia(area.lat, area.lng):
            yield finding("bad_point", path, value=f"{area.lat}, {area.lng}")
    for code, name in national.items():
        if code not in seen:
            yield finding("uncovered_area", ("areas",), value=code, name=name)
    yield from _landmarks(profile, context)


def _landmarks(profile: Profile, context: CheckContext) -> Iterator[Finding]:
    for index, landmark in enumerate(profile.landmarks):
        path = ("landmarks", index)
        inside = landmark.area.startswith(f"{profile.region.code}.")
        if not inside or context.area_name(landmark.area) is None:
            hint = near(landmark.area, profile.areas_by_code)
            yield finding("unknown_area", (*path, "area"), value=landmark.area, hint=hint)
        lat, lng = landmark.lat, landmark.lng
        half = (lat is None) != (lng is None)
        if half or (lat is not None and lng is not None and not _in_indonesia(lat, lng)):
            yield finding("bad_point", path, value=f"{lat}, {lng}")


def _in_indonesia(lat: float, lng: float) -> bool:
    south, west, north, east = INDONESIA
    return south <= lat <= north and west <= lng <= east
