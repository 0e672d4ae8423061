"""Who is on duty, now and at any moment of the past, and whether the shift is manned."""

from datetime import UTC, datetime, timedelta

import pytest

from siaga.kernel.types import RegionId
from siaga.workforce import queries, services
from siaga.workforce.types import PositionKind, Presence
from tests.cast import BANYUWANGI, enter
from tests.rooms.workforce.desks import desk, sit

pytestmark = pytest.mark.usefixtures("in_banyuwangi")


def test_on_duty_is_true_for_the_past_too(in_banyuwangi: RegionId, now: datetime) -> None:
    ratna, sari = enter("ratna", now), enter("sari", now)
    sit(sari, desk(ratna, now), now)
    busy_at, left_at = now + timedelta(minutes=10), now + timedelta(minutes=30)
    services.set_presence(
        region_id=BANYUWANGI,
        person_id=sari.person_id,
        presence=Presence.BUSY,
        by=sari.actor,
        now=busy_at,
    )
    services.leave(region_id=BANYUWANGI, person_id=sari.person_id, by=sari.actor, now=left_at)

    def seen(at: datetime) -> list[tuple[str, Presence]]:
        return [(one.name, one.presence) for one in queries.on_duty(BANYUWANGI, at)]

    assert seen(now - timedelta(seconds=1)) == []
    assert seen(now) == [("Sari Wulandari", Presence.AVAILABLE)]
    assert seen(busy_at) == [("Sari Wulandari", Presence.BUSY)]
    assert seen(left_at) == []


def test_positions_show_who_sits_there_and_the_closed_ones_last(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    ratna, sari = enter("ratna", now), enter("sari", now)
    closed = desk(ratna, now, "meja-0")
    services.close_position(position_id=closed, by=ratna.actor, now=now)
    sit(sari, desk(ratna, now, "meja-1"), now)
    desk(ratna, now, "meja-2")
    found = queries.positions(BANYUWANGI)
    assert [one.code for one in found] == ["meja-1", "meja-2", "meja-0"]
    assert [one.person_id for one in found] == [sari.person_id, None, None]
    assert found[0].presence is Presence.AVAILABLE


def test_the_list_of_desks_costs_three_queries(
    in_banyuwangi: RegionId, now: datetime, django_assert_num_queries: object
) -> None:
    ratna = enter("ratna", now)
    for number in range(5):
        desk(ratna, now, f"meja-{number}")
    for number, name in enumerate(("sari", "dewi")):
        who = enter(name, now)
        position = queries.positions(BANYUWANGI)[number].id
        sit(who, position, now)
    with django_assert_num_queries(3):  # type: ignore[operator]
        queries.positions(BANYUWANGI)


def test_the_night_shift_asks_for_its_seats(in_banyuwangi: RegionId) -> None:
    night = datetime(2026, 11, 21, 17, 30, tzinfo=UTC)  # half past midnight there
    evening = night - timedelta(hours=6)
    ratna, sari = enter("ratna", evening), enter("sari", evening)
    before = queries.coverage(BANYUWANGI, night)
    assert before.shift is not None
    assert (before.shift.code, before.short_by) == ("malam", before.seats)
    sit(sari, desk(ratna, evening), night)
    sit(ratna, desk(ratna, evening, "pengawas", PositionKind.SUPERVISION), night)
    after = queries.coverage(BANYUWANGI, night)
    assert (after.seated, after.available) == (1, 1)
    assert after.short_by == before.seats - 1
