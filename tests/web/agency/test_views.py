"""The officer's face: own assignments, harmless repeats, honest refusals."""

from datetime import datetime

import pytest
from django.test import Client

from siaga.dispatch import queries
from siaga.dispatch.types import AssignmentId, AssignmentState
from siaga.kernel import clock
from siaga.kernel.types import RegionId
from tests import cast
from tests.rooms.dispatch.test_services import send
from tests.rooms.test_path import incident_on, write
from tests.web.signing_in import desk


@pytest.fixture
def sent(in_banyuwangi: RegionId) -> AssignmentId:
    now = clock.now()
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "kebakaran", now)
    return send(incident_on(sari, now), now, "damkar")[0]


@pytest.fixture
def made(sent: AssignmentId) -> Client:
    return desk(cast.enter("made", clock.now()))


def state(sent: AssignmentId) -> AssignmentState:
    view = queries.assignment(cast.BANYUWANGI, sent)
    assert view is not None
    return view.state


def test_the_list_and_the_assignment_are_shown(made: Client, sent: AssignmentId) -> None:
    assert "Kebakaran bangunan" in made.get("/banyuwangi/agency/").content.decode()
    page = made.get(f"/banyuwangi/agency/{sent}/")
    assert page.status_code == 200
    assert "Terima" in page.content.decode()


def test_the_whole_way_with_one_thumb(made: Client, sent: AssignmentId) -> None:
    base = f"/banyuwangi/agency/{sent}"
    assert made.post(f"{base}/accept/").status_code == 302
    assert made.post(f"{base}/accept/").status_code == 302  # sent again by the telephone
    for step in ("en_route", "on_scene"):
        assert made.post(f"{base}/advance/", {"state": step}).status_code == 302
    assert made.post(f"{base}/done/", {"note": "Api padam"}).status_code == 302
    assert state(sent) is AssignmentState.DONE


def test_done_without_a_word_comes_back_with_the_cure(made: Client, sent: AssignmentId) -> None:
    base = f"/banyuwangi/agency/{sent}"
    assert made.post(f"{base}/done/", {"note": ""}).status_code == 422
    answer = made.post(f"{base}/done/", {"note": ""}, headers={"Idempotency-Key": "k"})
    assert answer.json()["message"]
    assert state(sent) is AssignmentState.SENT


def test_declining_needs_a_reason(made: Client, sent: AssignmentId) -> None:
    base = f"/banyuwangi/agency/{sent}"
    assert made.post(f"{base}/decline/", {"reason": ""}).status_code == 422
    assert made.post(f"{base}/decline/", {"reason": "armada rusak"}).status_code == 302
    assert state(sent) is AssignmentState.DECLINED


def test_others_find_nothing(sent: AssignmentId, now: datetime) -> None:
    tono = desk(cast.enter("tono", clock.now()))
    assert tono.get(f"/banyuwangi/agency/{sent}/").status_code == 404
    assert Client().get(f"/banyuwangi/agency/{sent}/").status_code in {302, 404}


def test_a_call_taker_has_no_officers_face(sent: AssignmentId) -> None:
    dewi = desk(cast.enter("dewi", clock.now()))
    assert dewi.get("/banyuwangi/agency/").status_code == 403
