"""A graded number on the desk: told calmly, lifted by whoever has a reason."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from siaga.kernel import clock
from siaga.kernel.tenancy import acting_in
from siaga.regions import queries as regions
from siaga.telephony import services as telephony
from siaga.telephony.grades import queries, services
from siaga.telephony.grades.types import Grade
from siaga.telephony.services.calllog import call_id
from tests.cast import BANYUWANGI
from tests.rooms.telephony.record import abandoned_call, write
from tests.web.console.stage import Desk, seat

pytestmark = pytest.mark.django_db
PHONE = "+6281234567890"


@pytest.fixture
def contact(tmp_path: Path, settings: Any) -> UUID:
    """A call of a number that comes later in the queue."""
    settings.SIAGA_HOME, settings.SIAGA_REQUIRE_MFA = tmp_path, False
    now = clock.now()
    write(tmp_path / "cel", *abandoned_call("s-1.1", BANYUWANGI, at=now.timestamp() - 60))
    while telephony.follow(tmp_path / "cel", now=now):
        pass
    return call_id("s-1.1")


def graded(desk: Desk, contact: UUID, **more: Any) -> Any:
    now = clock.now()
    with acting_in(BANYUWANGI):
        services.give(
            PHONE,
            Grade.LATER,
            now + timedelta(hours=3),
            region_id=BANYUWANGI,
            reason="panggilan iseng: 5",
            contact_id=contact,
            by=desk.viewer.actor,
            now=now,
        )
    return standing()[0]


def standing() -> Any:
    with acting_in(BANYUWANGI):
        return queries.standing(BANYUWANGI, PHONE, clock.now())


def shown(desk: Desk, contact: UUID) -> str:
    return str(desk.get(f"contacts/{contact}/recordings/").content.decode())


def test_the_contact_says_how_its_number_is_taken_and_a_call_taker_lifts_it(
    contact: UUID,
) -> None:
    sari = seat("sari")
    assert "grade-" not in shown(sari, contact)
    grade = graded(sari, contact)
    page = shown(sari, contact)
    assert "panggilan iseng: 5" in page and str(grade.id) in page
    url = f"contacts/{contact}/standing/lift/"
    assert sari.post(url, {"grade": str(grade.id), "reason": "x"}).status_code == 422
    assert sari.post(url, {"grade": str(contact), "reason": "salah nomor"}).status_code == 404
    assert sari.post(url, {"grade": str(grade.id), "reason": "ternyata perlu"}).status_code == 200
    assert standing() == []


def test_a_supervisors_hold_is_only_a_supervisors(
    contact: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    sari, ratna = seat("sari"), seat("ratna")
    graded(sari, contact)
    hold = f"contacts/{contact}/standing/hold/"
    given = {"hours": "4", "reason": "menelepon terus sejak pagi"}
    assert sari.post(hold, given).status_code == 403
    assert ratna.post(hold, given).status_code == 403  # the region does not want it
    profile = regions.profile(BANYUWANGI)
    monkeypatch.setattr(type(profile.nuisance), "hard_block", True, raising=False)
    assert ratna.post(hold, {**given, "hours": "25"}).status_code == 422
    assert ratna.post(hold, given).status_code == 200
    [held] = standing()
    assert (held.grade, held.by_hand) == (Grade.HOLD, True)
    lift = f"contacts/{contact}/standing/lift/"
    said = {"grade": str(held.id), "reason": "sudah ditegur"}
    assert sari.post(lift, said).status_code == 403
    assert ratna.post(lift, said).status_code == 200
    assert standing() == []


def test_the_list_of_graded_numbers_is_masked_and_not_for_interns(contact: UUID) -> None:
    sari, putri, tono = seat("sari"), seat("putri"), seat("tono")
    graded(sari, contact)
    page = sari.get("numbers/").content.decode()
    assert f"contacts/{contact}/" in page and "4567890" not in page
    assert putri.get("numbers/").status_code == 403
    assert tono.get("numbers/").status_code == 404


def test_who_is_rung_by_the_number_is_told(contact: UUID) -> None:
    sari = seat("sari")
    graded(sari, contact)
    shown = sari.get(f"calls/s-9.9/?number={PHONE.replace('+', '%2B')}").content.decode()
    assert "panggilan iseng: 5" in shown
