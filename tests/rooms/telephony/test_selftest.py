"""The nightly self-test: when it runs, what it finds missing, what is left of it."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from siaga.intake import queries as intake
from siaga.intake.types import ContactDisposition
from siaga.journal import queries as journal
from siaga.journal.types import Actor
from siaga.kernel import clock
from siaga.kernel.types import RegionId
from siaga.telephony import models
from siaga.telephony.live.picture import LivePicture
from siaga.telephony.names import Mark
from siaga.telephony.selftest import judging, queries, services
from siaga.telephony.selftest.types import Check, Kept, Observed
from siaga.telephony.services import follow, live
from siaga.telephony.services.calllog import call_id
from siaga.telephony.types import CallOutcome
from tests.cast import enter
from tests.rooms.telephony import record

JAKARTA = ZoneInfo("Asia/Jakarta")
BY = Actor.system("test")
AT = time(3, 10)
WHOLE = Observed(
    linked_id="siagatest-5.1",
    marks=(Mark.OFFERED, Mark.GREETED, Mark.QUEUED, Mark.ENDED),
    in_picture=True,
)
KEPT = Kept(outcome=CallOutcome.ABANDONED, has_contact=True)


def test_a_whole_call_lacks_nothing() -> None:
    assert judging.failures(WHOLE, KEPT) == ()


@pytest.mark.parametrize(
    ("seen", "kept", "missing"),
    [
        (Observed(problem="refused"), Kept(), (Check.ASTERISK,)),
        (
            Observed(linked_id="x", marks=(Mark.OFFERED,), in_picture=True),
            KEPT,
            (Check.GREETED, Check.QUEUED),
        ),
        (WHOLE, Kept(), (Check.LOGGED, Check.CONTACT)),
        (
            WHOLE,
            Kept(outcome=CallOutcome.ANSWERED, answered=True, has_contact=True),
            (Check.RECORDED,),
        ),
        (
            Observed(linked_id="x", marks=(Mark.OFFERED, Mark.CLOSED), in_picture=True),
            Kept(outcome=CallOutcome.CLOSED, has_contact=True),
            (),
        ),
    ],
)
def test_what_is_missing_is_named(seen: Observed, kept: Kept, missing: tuple[Check, ...]) -> None:
    assert judging.failures(seen, kept) == missing


def local(hour: int, minute: int, day: int = 22) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=JAKARTA).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "latest", "due"),
    [
        (local(3, 9), local(3, 10, 21), False),
        (local(3, 10), local(3, 10, 21), True),
        (local(3, 11), local(3, 10), False),
        (local(8, 0), None, True),
        (local(9, 30), None, False),
        (local(0, 30), local(3, 10, 21), False),
        (local(4, 0), local(1, 0), True),
    ],
)
def test_it_is_run_once_a_night_and_caught_up_with_but_not_by_day(
    now: datetime, latest: datetime | None, due: bool
) -> None:
    assert judging.is_due(AT, JAKARTA, latest, now) is due


def test_it_is_late_after_a_day_and_a_half(now: datetime) -> None:
    assert judging.is_late(None, now)
    assert not judging.is_late(now - timedelta(hours=35), now)
    assert judging.is_late(now - timedelta(hours=37), now)


def test_one_test_runs_at_a_time_and_a_killed_one_has_failed(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    first = services.begin(in_banyuwangi, by=BY, now=now)
    assert first is not None
    assert services.begin(in_banyuwangi, by=BY, now=now + timedelta(minutes=1)) is None
    running = queries.latest(in_banyuwangi)
    assert running is not None and running.ended_at is None and not running.passed
    again = services.begin(in_banyuwangi, by=BY, now=now + timedelta(minutes=6))
    assert again not in (None, first)
    dead = queries.recent(in_banyuwangi)[1]
    assert dead.failed == (Check.BROKE_OFF,)
    assert journal.entries(in_banyuwangi, names=("telephony.self_tested",))


def test_only_a_telephone_in_service_is_tested_at_night(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    night = local(3, 10)
    assert services.begin_due(night) == []
    live.write({in_banyuwangi: LivePicture(connected=True)}, now=night)
    assert services.begin_due(night) == [in_banyuwangi]
    assert services.begin_due(night + timedelta(minutes=1)) == []


def test_the_test_is_judged_by_what_was_kept_and_its_contact_is_no_citizen(
    in_banyuwangi: RegionId, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "cel.jsonl"
    record.write(file, *record.abandoned_call(WHOLE.linked_id, "banyuwangi"))
    monkeypatch.setattr(services, "SETTLE_SECONDS", 0.2)
    monkeypatch.setattr(services.centre, "manager_login", lambda plans: None)

    def called(*_given: object) -> Observed:
        follow(file, now=clock.now())
        return WHOLE

    monkeypatch.setattr(services, "call_ourselves", called)
    test_id = services.begin(in_banyuwangi, by=BY, now=clock.now())
    assert test_id is not None
    services.run(in_banyuwangi, test_id)
    services.run(in_banyuwangi, test_id)
    done = queries.latest(in_banyuwangi)
    assert done is not None and done.passed and done.outcome is CallOutcome.ABANDONED
    assert len(journal.entries(in_banyuwangi, names=("telephony.self_tested",))) == 1
    contact = intake.contact_for(enter("ratna", clock.now()), call_id(WHOLE.linked_id))
    assert contact.disposition is ContactDisposition.TEST
    assert models.SelfTest.objects.get(id=test_id).linked_id == WHOLE.linked_id
