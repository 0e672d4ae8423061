"""Points on the earth and the distance between them."""

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

_EARTH_RADIUS_METRES = 6_371_008.8
_LATITUDE_MAX = 90.0
_LONGITUDE_MAX = 180.0


@dataclass(frozen=True, slots=True)
class Point:
    """WGS 84 degrees; latitude first in speech, longitude first in GeoJSON."""

    lat: float
    lng: float

    def __post_init__(self) -> None:
        if not (-_LATITUDE_MAX <= self.lat <= _LATITUDE_MAX):
            raise ValueError(f"latitude {self.lat} is not within ±{_LATITUDE_MAX}")
        if not (-_LONGITUDE_MAX <= self.lng <= _LONGITUDE_MAX):
            raise ValueError(f"longitude {self.lng} is not within ±{_LONGITUDE_MAX}")


def distance_metres(a: Point, b: Point) -> float:
    """Great-circle distance (haversine), good to 0.5 % at any range."""
    lat_a, lat_b = radians(a.lat), radians(b.lat)
    half_lat = sin((lat_b - lat_a) / 2) ** 2
    half_lng = sin(radians(b.lng - a.lng) / 2) ** 2
    return 2 * _EARTH_RADIUS_METRES * asin(sqrt(half_lat + cos(lat_a) * cos(lat_b) * half_lng))
