"""Reading a boundary file: which feature is which area, repaired and simplified. Pure."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import shapely
from shapely.geometry import MultiPolygon, Polygon, shape
from shapely.validation import make_valid

FEATURES_MAX = 5_000
VERTICES_MAX = 2_000_000
PRECISION_DEGREES = 1e-5
"""About a metre; finer digits are noise of the tracing."""
_CODE_KEYS = ("code", "kode", "kode_kemendagri", "kdepum", "kdcbps", "kode_desa", "kode_kec", "id")
_BLOCKS = (2, 2, 2, 4)
_INDONESIA = (94.8, -11.2, 141.1, 6.3)
"""West, south, east, north."""


class Unusable(ValueError):
    """The file as a whole cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Boundary:
    """One area's polygon, valid, with the point where its label belongs."""

    code: str
    geometry: MultiPolygon
    label: shapely.Point
    repaired: bool


@dataclass(slots=True)
class BoundaryFile:
    """What a file held: usable boundaries, and what was left out and why."""

    boundaries: dict[str, Boundary] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


def read_boundaries(document: Any) -> BoundaryFile:
    """Every feature with a Kemendagri code; raises Unusable for what is no such collection."""
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or not features:
        raise Unusable("not a GeoJSON FeatureCollection with features")
    if len(features) > FEATURES_MAX:
        raise Unusable(f"{len(features)} features, at most {FEATURES_MAX}")
    found = BoundaryFile()
    vertices = 0
    for number, feature in enumerate(features, start=1):
        code = code_of(feature)
        if code is None:
            found.left_out.append(f"#{number}: no Kemendagri code")
            continue
        boundary = _boundary(feature, code)
        if boundary is None:
            found.left_out.append(f"{code}: no usable polygon")
            continue
        vertices += int(shapely.get_num_coordinates(boundary.geometry))
        if vertices > VERTICES_MAX:
            raise Unusable(f"more than {VERTICES_MAX} corners")
        found.boundaries[code] = boundary
    _refuse_other_places(found.boundaries.values())
    return found


def code_of(feature: Any) -> str | None:
    """The dotted Kemendagri code from the feature's id or its usual properties, or None."""
    if not isinstance(feature, Mapping):
        return None
    properties = feature.get("properties") or {}
    named = {str(key).lower(): value for key, value in properties.items()}
    for candidate in (feature.get("id"), *(named.get(key) for key in _CODE_KEYS)):
        code = dotted_code(candidate)
        if code is not None:
            return code
    return None


def dotted_code(value: Any) -> str | None:
    """``3510161001`` or ``35.10.16.1001`` as ``35.10.16.1001``; None for anything else."""
    digits = re.sub(r"[.\s]", "", str(value)) if isinstance(value, (str, int)) else ""
    lengths = {2: 1, 4: 2, 6: 3, 10: 4}
    if not digits.isdigit() or len(digits) not in lengths:
        return None
    blocks, place = [], 0
    for length in _BLOCKS[: lengths[len(digits)]]:
        blocks.append(digits[place : place + length])
        place += length
    return ".".join(blocks)


def dissolved(boundaries: Mapping[str, Boundary]) -> Iterator[Boundary]:
    """Kecamatan made of their desa, for those that the file does not hold themselves."""
    homes: dict[str, list[Boundary]] = {}
    for code, boundary in boundaries.items():
        if code.count(".") == len(_BLOCKS) - 1:
            homes.setdefault(code.rpartition(".")[0], []).append(boundary)
    for code, parts in homes.items():
        if code not in boundaries:
            geometry = _polygons(shapely.union_all([part.geometry for part in parts]))
            if geometry is not None:
                yield Boundary(code, geometry, label_of(geometry), repaired=False)


def label_of(geometry: MultiPolygon) -> shapely.Point:
    """The middle of the widest part, always inside (a centroid often is not)."""
    widest = max(geometry.geoms, key=lambda part: part.area)
    line = shapely.maximum_inscribed_circle(widest, tolerance=PRECISION_DEGREES * 10)
    center = shapely.get_point(line, 0)
    inside = center is not None and widest.contains(center)
    return center if inside else widest.representative_point()


def _boundary(feature: Mapping[str, Any], code: str) -> Boundary | None:
    geometry = feature.get("geometry")
    if not isinstance(geometry, Mapping):
        return None
    try:
        drawn = shape(dict(geometry))
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, shapely.GEOSException):
        return None
    if drawn.is_empty or not all(math.isfinite(edge) for edge in drawn.bounds):
        return None
    valid = bool(drawn.is_valid)
    usable = _polygons(drawn if valid else make_valid(drawn))
    if usable is None:
        return None
    return Boundary(code, usable, label_of(usable), repaired=not valid)


def _polygons(geometry: Any) -> MultiPolygon | None:
    """Only the areas of whatever a repair left, on the grid of our precision."""
    snapped = shapely.set_precision(shapely.force_2d(geometry), PRECISION_DEGREES)
    parts = [
        part
        for part in _flat(snapped)
        if isinstance(part, Polygon) and not part.is_empty and part.area > 0
    ]
    return MultiPolygon(parts) if parts else None


def _flat(geometry: Any) -> Iterator[Any]:
    if hasattr(geometry, "geoms"):
        for part in geometry.geoms:
            yield from _flat(part)
    else:
        yield geometry


def _refuse_other_places(boundaries: Iterable[Boundary]) -> None:
    west, south, east, north = _INDONESIA
    for boundary in boundaries:
        left, bottom, right, top = boundary.geometry.bounds
        if west <= left and right <= east and south <= bottom and top <= north:
            continue
        swapped = west <= bottom and top <= east and south <= left and right <= north
        if swapped:
            raise Unusable(f"{boundary.code}: longitude and latitude are swapped")
        raise Unusable(f"{boundary.code}: not in Indonesia; is it in WGS 84 degrees?")
