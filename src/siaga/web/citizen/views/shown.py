"""What every page of a region shows: the brand, the greeting, whether anybody is at the desk."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from siaga.kernel.types import RegionId
from siaga.regions import queries, rules


@dataclass(frozen=True, slots=True)
class RegionShown:
    """The region as the templates know it."""

    id: RegionId
    brand: str
    name: str
    owner: str
    tagline: str
    greeting: str
    number: str
    closed_notice: str
    fallback_numbers: tuple[str, ...]


def region_shown(region_id: RegionId, now: datetime) -> RegionShown:
    """The region's public side at this moment, in the active language."""
    profile = queries.profile(region_id)
    language = get_language() or "id"
    outside = rules.out_of_hours(profile, now)
    notice = outside.notice.said_in(language) if outside and outside.notice else ""
    return RegionShown(
        id=region_id,
        brand=profile.brand.name,
        name=profile.region.name,
        owner=profile.brand.owner,
        tagline=profile.brand.tagline.said_in(language),
        greeting=rules.greeting(profile, now).said_in(language),
        number=profile.brand.number,
        closed_notice=notice,
        fallback_numbers=profile.brand.fallback_numbers,
    )
