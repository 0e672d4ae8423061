"""The daemon writes down what it sees; it is the only writer of the picture."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection

from siaga.kernel.tenancy import ALL_REGIONS, acting_in
from siaga.kernel.types import RegionId
from siaga.telephony import models
from siaga.telephony.live.picture import LivePicture, to_stored

CHANNEL = "siaga_phone"
"""NOTIFY with a region's name: its picture is another one."""


def write(pictures: Mapping[RegionId, LivePicture], *, now: datetime) -> None:
    """Put these pictures in the place of the former ones."""
    rows = [
        models.Live(
            region_id=region_id, picture=to_stored(picture), at=now, connected=picture.connected
        )
        for region_id, picture in pictures.items()
    ]
    with acting_in(ALL_REGIONS):
        models.Live.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["region_id"],
            update_fields=["picture", "at", "connected"],
        )
    with connection.cursor() as cursor:
        for region_id in pictures:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, region_id])
