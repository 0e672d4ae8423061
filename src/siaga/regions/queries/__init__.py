"""The only reads of the room that others use; values, never rows."""

from siaga.regions.queries.profiles import (
    RegionView,
    agency_id,
    edited_on_screen,
    profile,
    profile_at_version,
    region_ids,
    regions,
    version,
)

__all__ = [
    "RegionView",
    "agency_id",
    "edited_on_screen",
    "profile",
    "profile_at_version",
    "region_ids",
    "regions",
    "version",
]
