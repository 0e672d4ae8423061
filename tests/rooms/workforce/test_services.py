"""Taking, leaving and changing presence at a desk."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from siaga.accounts import queries as accounts_queries
from siaga.accounts import services as accounts
from siaga.accounts.types import Role, Viewer
from siaga.journal.types import Actor
from siaga.kernel.errors import NotFound
from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import RegionId
from siaga.workforce import errors, queries, services
from siaga.workforce.models import Position, PresenceSpan, Sitting
from siaga.workforce.types import BreakReason, LeaveReason, PositionKind, Presence
from tests.cast import BANYUWANGI, JOMBANG, enter
from tests.databases import TestDatabase
from tests.rooms.workforce.desks import desk, facts, sit


@pytest.fixture
def ratna(in_banyuwangi: RegionId, now: datetime) -> Viewer:
    return enter("ratna", now)


@pytest.fixture
def sari(in_banyuwangi: RegionId, now: datetime) -> Viewer:
    return enter("sari", now)


@pytest.fixture
def dewi(in_banyuwangi: RegionId, now: datetime) -> Viewer:
    return enter("dewi", now)


def later(now: datetime, minutes: int) -> datetime:
    return now + timedelta(minutes=minutes)


def present(who: Viewer, presence: Presence, at: datetime, **more: Any) -> None:
    services.set_presence(
        region_id=BANYUWANGI,
        person_id=who.person_id,
        presence=presence,
        by=who.actor,
        now=at,
        **more,
    )


def test_who_takes_a_desk_is_available_there(ratna: Viewer, sari: Viewer, now: datetime) -> None:
    sit(sari, desk(ratna, now), now)
    seat = queries.seat_of(BANYUWANGI, sari.person_id)
    assert seat is not None
    assert (seat.position_code, seat.presence, seat.since) == ("meja-1", Presence.AVAILABLE, now)
    assert facts(BANYUWANGI) == ["workforce.position_opened", "workforce.position_taken"]


def test_taking_the_desk_one_has_changes_nothing(
    ratna: Viewer, sari: Viewer, now: datetime
) -> None:
    position = desk(ratna, now)
    first = sit(sari, position, now)
    present(sari, Presence.BUSY, later(now, 1))
    assert sit(sari, position, later(now, 2)) == first
    seat = queries.seat_of(BANYUWANGI, sari.person_id)
    assert seat is not None
    assert seat.presence is Presence.BUSY


def test_an_occupied_desk_is_refused_unless_its_person_is_relieved(
    ratna: Viewer, sari: Viewer, dewi: Viewer, now: datetime
) -> None:
    position = desk(ratna, now)
    sit(sari, position, now)
    with pytest.raises(errors.PositionTaken):
        sit(dewi, position, later(now, 1))
    sit(dewi, position, later(now, 2), relieve=True)
    former = Sitting.objects.get(person_id=sari.person_id)
    assert (former.left_at, former.left_because) == (later(now, 2), LeaveReason.RELIEVED)
    assert queries.seat_of(BANYUWANGI, sari.person_id) is None
    assert facts(BANYUWANGI)[-2:] == ["workforce.position_left", "workforce.position_taken"]


def test_taking_another_desk_moves_the_person(ratna: Viewer, sari: Viewer, now: datetime) -> None:
    sit(sari, desk(ratna, now), now)
    sit(sari, desk(ratna, now, "meja-2"), later(now, 5))
    seat = queries.seat_of(BANYUWANGI, sari.person_id)
    assert seat is not None
    assert seat.position_code == "meja-2"
    former = Sitting.objects.get(position__code="meja-1")
    assert former.left_because == LeaveReason.MOVED


def test_an_officer_of_an_agency_does_not_sit_at_a_desk(ratna: Viewer, now: datetime) -> None:
    made = enter("made", now)
    with pytest.raises(errors.MayNotSit):
        sit(made, desk(ratna, now), now)
    assert Sitting.objects.count() == 0


def test_tono_of_another_region_neither_sits_here_nor_sees_the_desk(
    ratna: Viewer, now: datetime
) -> None:
    position = desk(ratna, now)
    tono = enter("tono", now)
    with pytest.raises(errors.MayNotSit):
        sit(tono, position, now)
    with acting_in(JOMBANG):
        with pytest.raises(NotFound):
            sit(tono, position, now)
        assert Position.objects.count() == 0
        assert queries.positions(BANYUWANGI) == []


def test_presence_changes_leave_no_gap_and_no_overlap(
    ratna: Viewer, sari: Viewer, now: datetime
) -> None:
    sit(sari, desk(ratna, now), now)
    present(sari, Presence.BUSY, later(now, 1))
    present(sari, Presence.WRAP_UP, later(now, 4))
    present(sari, Presence.BREAK, later(now, 5), break_reason=BreakReason.PRAYER)
    services.leave(region_id=BANYUWANGI, person_id=sari.person_id, by=sari.actor, now=later(now, 9))
    spans = list(PresenceSpan.objects.order_by("since").values_list("presence", "since", "until"))
    assert [span[0] for span in spans] == ["available", "busy", "wrap_up", "break"]
    assert [span[1] for span in spans[1:]] == [span[2] for span in spans[:-1]]
    assert spans[-1][2] == later(now, 9)


def test_the_same_presence_again_is_not_recorded(
    ratna: Viewer, sari: Viewer, now: datetime
) -> None:
    sit(sari, desk(ratna, now), now)
    present(sari, Presence.AVAILABLE, later(now, 1))
    assert "workforce.presence_changed" not in facts(BANYUWANGI)


def test_a_break_without_a_reason_is_refused(ratna: Viewer, sari: Viewer, now: datetime) -> None:
    sit(sari, desk(ratna, now), now)
    with pytest.raises(errors.BreakNeedsReason):
        present(sari, Presence.BREAK, now)


def test_presence_without_a_desk_is_refused(sari: Viewer, now: datetime) -> None:
    with pytest.raises(errors.NotSeated):
        present(sari, Presence.BUSY, now)


def test_leaving_twice_is_harmless(ratna: Viewer, sari: Viewer, now: datetime) -> None:
    sit(sari, desk(ratna, now), now)
    answers = [
        services.leave(region_id=BANYUWANGI, person_id=sari.person_id, by=sari.actor, now=now)
        for _ in range(2)
    ]
    assert answers == [True, False]


def test_a_desk_in_use_cannot_be_closed_and_a_closed_one_not_taken(
    ratna: Viewer, sari: Viewer, now: datetime
) -> None:
    position = desk(ratna, now)
    sit(sari, position, now)
    with pytest.raises(errors.PositionTaken):
        services.close_position(position_id=position, by=ratna.actor, now=now)
    services.leave(region_id=BANYUWANGI, person_id=sari.person_id, by=sari.actor, now=now)
    services.close_position(position_id=position, by=ratna.actor, now=now)
    with pytest.raises(errors.PositionClosed):
        sit(sari, position, now)
    assert desk(ratna, now) == position
    sit(sari, position, now)


def test_a_code_is_used_once(ratna: Viewer, now: datetime) -> None:
    desk(ratna, now)
    with pytest.raises(errors.PositionCodeUsed):
        desk(ratna, now)


def test_who_loses_the_last_role_at_a_desk_gets_up_at_once(
    ratna: Viewer, sari: Viewer, now: datetime
) -> None:
    sit(sari, desk(ratna, now), now)
    extra = accounts.grant(
        person_id=sari.person_id,
        region_id=BANYUWANGI,
        role=Role.DISPATCHER,
        by=Actor.system("test"),
        now=now,
    )
    first = next(
        item.id
        for item in accounts_queries.memberships(sari.person_id, now)
        if item.role is Role.CALL_TAKER
    )
    for membership, still_seated in ((first, True), (extra, False)):
        accounts.revoke(
            membership_id=membership,
            region_id=BANYUWANGI,
            by=Actor.system("test"),
            now=later(now, 3),
        )
        assert (queries.seat_of(BANYUWANGI, sari.person_id) is not None) is still_seated
    assert Sitting.objects.get().left_because == LeaveReason.REMOVED


def test_the_database_itself_allows_one_person_at_a_desk(
    ratna: Viewer, sari: Viewer, dewi: Viewer, now: datetime
) -> None:
    position = desk(ratna, now)
    sit(sari, position, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Sitting.objects.create(
            region_id=BANYUWANGI,
            position_id=position,
            person_id=dewi.person_id,
            taken_at=now,
        )


def test_an_unknown_desk_is_not_found(sari: Viewer, now: datetime) -> None:
    with pytest.raises(NotFound):
        services.take_position(
            position_id=uuid4(), person_id=sari.person_id, by=sari.actor, now=now
        )


def test_a_supervisor_desk_is_of_its_kind(ratna: Viewer, now: datetime) -> None:
    desk(ratna, now, "pengawas", PositionKind.SUPERVISION)
    (view,) = queries.positions(BANYUWANGI)
    assert view.kind is PositionKind.SUPERVISION


def test_of_two_who_sit_down_at_the_same_moment_one_is_told(
    committed_db: TestDatabase, now: datetime
) -> None:
    with acting_in(BANYUWANGI):
        position = desk(enter("ratna", now), now)
        people = [enter("sari", now), enter("dewi", now)]
    start = Barrier(2)

    def sit_down(who: Viewer) -> str:
        try:
            with acting_in(BANYUWANGI):
                start.wait(timeout=10)
                sit(who, position, now)
        except errors.PositionTaken:
            return "told"
        finally:
            connection.close()
        return "seated"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(sit_down, people)) == ["seated", "told"]
    with acting_in(BANYUWANGI):
        assert len(queries.on_duty(BANYUWANGI, now)) == 1
        assert facts(BANYUWANGI).count("workforce.position_taken") == 1
