"""The only reads of the room that others use; values, never rows."""

from siaga.regions.queries.boundaries import boundaries
from siaga.regions.queries.places import (
    area,
    area_at,
    area_tree,
    search_case_types,
    search_places,
)
from siaga.regions.queries.profiles import (
    RegionView,
    VersionView,
    agency_id,
    edited_on_screen,
    profile,
    profile_at_version,
    region_ids,
    regions,
    version,
    versions,
)

__all__ = [
    "RegionView",
    "VersionView",
    "agency_id",
    "area",
    "area_at",
    "area_tree",
    "boundaries",
    "edited_on_screen",
    "profile",
    "profile_at_version",
    "region_ids",
    "regions",
    "search_case_types",
    "search_places",
    "version",
    "versions",
]
