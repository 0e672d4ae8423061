"""What the doctor says about the invariant."""

from datetime import datetime

from django.db import connection

from siaga.kernel.types import RegionId
from siaga.oversight import checks
from tests.rooms.test_path import write


def test_the_doctor_names_region_kind_and_cure(in_banyuwangi: RegionId, now: datetime) -> None:
    write(in_banyuwangi, "halo", now)
    assert list(checks.nobody_is_forgotten(now)) == []
    with connection.cursor() as cursor:
        cursor.execute("UPDATE journal_deadline SET finished_at = now()")
    (found,) = checks.nobody_is_forgotten(now)
    assert "banyuwangi: 1 contact_without_clock" in found.text
    assert "/banyuwangi/control/" in found.cure
