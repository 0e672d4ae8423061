"""Names that the place search learns from use: each confirmed location may add one."""

import re
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from siaga.journal import services as journal
from siaga.journal.types import Actor
from siaga.kernel.errors import InvalidField
from siaga.kernel.geometry import Point
from siaga.kernel.ids import new_id
from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import RegionId
from siaga.regions.errors import AreaUnknown
from siaga.regions.events import AliasLearned
from siaga.regions.models import Area
from siaga.regions.rules.places import plain_text

ALIAS_LENGTH_MIN = 3
ALIAS_LENGTH_MAX = 80
_HAS_LETTERS = re.compile(r"[a-z]{3}")
_REMEMBER = """
INSERT INTO regions_placename
    (id, region_id, area_code, kind, name, document, lat, lng, source, uses)
VALUES (%s, %s, %s, 'landmark', %s, %s, %s, %s, 'learned', 1)
ON CONFLICT (region_id, area_code, kind, document) DO UPDATE
    SET uses = regions_placename.uses + 1,
        lat = coalesce(regions_placename.lat, excluded.lat),
        lng = coalesce(regions_placename.lng, excluded.lng)
RETURNING id, uses
"""


def learn_alias(
    region_id: RegionId,
    name: str,
    area_code: str,
    *,
    point: Point | None = None,
    by: Actor,
    now: datetime,
) -> UUID:
    """From now on `name` also means this area; learning it again makes it weigh more.

    Records regions.alias_learned the first time. Raises InvalidField for a name without letters
    or of the wrong length, AreaUnknown for a code outside the region.
    """
    text = plain_text(name)
    if not ALIAS_LENGTH_MIN <= len(text) <= ALIAS_LENGTH_MAX or not _HAS_LETTERS.search(text):
        raise InvalidField(field="name", message=_("Give the place a name of 3 to 80 letters."))
    with acting_in(region_id):
        area = Area.objects.filter(region_id=region_id, code=area_code, active=True).first()
        if area is None:
            raise AreaUnknown(area_code=area_code)
        place_id, uses = _remember(region_id, name.strip(), area, point)
        if uses == 1:
            fact = AliasLearned(place_id=place_id, name=name.strip(), area_code=area_code)
            journal.record(fact, region_id=region_id, by=by, now=now)
        return place_id


def _remember(region_id: RegionId, name: str, area: Area, point: Point | None) -> tuple[UUID, int]:
    document = f"{plain_text(name)} {plain_text(area.kecamatan)}"
    lat, lng = (point.lat, point.lng) if point else (None, None)
    with connection.cursor() as cursor:
        cursor.execute(_REMEMBER, [new_id(), region_id, area.code, name, document, lat, lng])
        place_id, uses = cursor.fetchone()
    return place_id, uses
