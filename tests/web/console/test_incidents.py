"""An incident on the desk: sent, answered, declined, corrected, closed."""

from uuid import UUID

import pytest

from siaga.dispatch import queries as dispatch
from siaga.dispatch.types import AssignmentState
from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import Urgency
from siaga.triage import queries as triage
from siaga.triage.types import IncidentStatus, Truth
from tests.cast import BANYUWANGI
from tests.web.console.stage import KABAT, Desk, contact, incident, seat, toast_of, writes

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.console.urls")]


@pytest.fixture
def bima() -> Desk:
    return seat("bima")


def now_of(incident_id: UUID):  # type: ignore[no-untyped-def]
    with acting_in(BANYUWANGI):
        found = triage.incident(BANYUWANGI, incident_id)
        return found, dispatch.assignments(BANYUWANGI, incident_id)


def test_several_agencies_are_sent_at_once_with_a_note(bima: Desk) -> None:
    there = incident(bima)
    page = bima.get(f"incidents/{there.id}/").content.decode()
    assert 'name="agencies"' in page, "proposals with their reasons"
    sent = bima.post(
        f"incidents/{there.id}/send/",
        {"agencies": ["damkar", "bpbd"], "note": "lewat gang masjid"},
    )
    assert sent.status_code == 204 and "2" in toast_of(sent)["text"]
    _, assignments = now_of(there.id)
    assert {item.agency_code for item in assignments} == {"damkar", "bpbd"}
    assert {item.note for item in assignments} == {"lewat gang masjid"}
    again = bima.post(f"incidents/{there.id}/send/", {"agencies": ["damkar"]})
    assert again.status_code == 204 and len(now_of(there.id)[1]) == 2
    assert bima.post(f"incidents/{there.id}/send/", {}).status_code == 422


def test_what_an_agency_says_on_the_telephone_is_written_down_for_it(bima: Desk) -> None:
    there = incident(bima)
    bima.post(f"incidents/{there.id}/send/", {"agencies": ["damkar"]})
    [assignment] = now_of(there.id)[1]
    path = f"assignments/{assignment.id}/answer/"
    for state in ("acknowledged", "en_route", "on_scene"):
        assert bima.post(path, {"state": state}).status_code == 204
    assert now_of(there.id)[0].truth is Truth.A1, "a unit on the scene has seen it"
    assert bima.post(path, {"state": "done", "words": "pohon dipotong"}).status_code == 204
    found, [assignment] = now_of(there.id)
    assert assignment.done_note == "pohon dipotong"
    assert found.status is IncidentStatus.DONE
    assert bima.post(path, {"state": "declined", "words": "x"}).status_code == 409
    assert bima.post(path, {"state": "withdrawn"}).status_code == 422


def test_a_decline_needs_its_reason_and_asks_for_another_agency(bima: Desk) -> None:
    there = incident(bima)
    bima.post(f"incidents/{there.id}/send/", {"agencies": ["damkar"]})
    [assignment] = now_of(there.id)[1]
    path = f"assignments/{assignment.id}/answer/"
    assert bima.post(path, {"state": "declined"}).status_code == 422
    assert bima.post(path, {"state": "declined", "words": "armada di Genteng"}).status_code == 204
    page = bima.get(f"incidents/{there.id}/now/").content.decode()
    assert "armada di Genteng" in page and "Semua menolak" in page
    rows = bima.get("waiting/").content.decode()
    assert "menolak" in rows, "the list says who must be replaced"


def test_an_agency_is_called_off_with_a_reason(bima: Desk) -> None:
    there = incident(bima)
    bima.post(f"incidents/{there.id}/send/", {"agencies": ["damkar"]})
    [assignment] = now_of(there.id)[1]
    path = f"assignments/{assignment.id}/withdraw/"
    assert bima.post(path).status_code == 422
    assert bima.post(path, {"words": "salah lokasi"}).status_code == 204
    assert now_of(there.id)[1][0].state is AssignmentState.WITHDRAWN


def test_ticks_stay_as_the_person_left_them_while_the_screen_looks_again(bima: Desk) -> None:
    there = incident(bima)
    page = bima.get(f"incidents/{there.id}/now/").content.decode()
    codes = [part.split('"', 1)[0] for part in page.split('name="agencies_shown" value="')[1:]]
    query = "&".join(f"agencies_shown={code}" for code in codes)
    untouched = bima.get(f"incidents/{there.id}/now/?{query}&note=hati-hati").content.decode()
    assert 'name="agencies" value="' in untouched
    assert "checked" not in untouched.split('id="send-form"')[1].split("</form>")[0]
    assert 'value="hati-hati"' in untouched
    added = bima.get(f"incidents/{there.id}/now/?{query}&agencies=satpolpp").content.decode()
    assert 'value="satpolpp" checked' in added


def test_a_false_report_is_not_sent(bima: Desk) -> None:
    there = incident(bima)
    said = {"kind": "callback", "confirms": "no", "note": "pelapor mengaku iseng"}
    assert bima.post(f"incidents/{there.id}/evidence/", said).status_code == 204
    assert now_of(there.id)[0].truth is Truth.FALSE
    assert bima.post(f"incidents/{there.id}/send/", {"agencies": ["damkar"]}).status_code == 403
    assert 'id="send-form"' not in bima.get(f"incidents/{there.id}/").content.decode()


def test_correcting_and_lowering_need_what_they_need(bima: Desk) -> None:
    there = incident(bima, urgency=Urgency.P2)
    right = {
        "type_code": "POHON-TUMBANG",
        "urgency": "P3",
        "place_value": f"{KABAT}@-8.270000,114.320000",
        "place_label": "Pasar Kabat",
        "summary": "Ranting saja",
    }
    assert bima.post(f"incidents/{there.id}/correct/", right).status_code == 409
    assert (
        bima.post(
            f"incidents/{there.id}/correct/", {**right, "reason": "sudah dilihat"}
        ).status_code
        == 200
    )
    found = now_of(there.id)[0]
    assert found.urgency is Urgency.P3 and found.place.point is not None
    raised = bima.post(f"incidents/{there.id}/raise/", {"urgency": "P1", "reason": "ada korban"})
    assert raised.status_code == 200 and now_of(there.id)[0].urgency is Urgency.P1
    assert (
        bima.post(f"incidents/{there.id}/raise/", {"urgency": "P2", "reason": "x"}).status_code
        == 409
    )


def test_closing_tells_the_reporter_and_reopening_lets_work_go_on(bima: Desk) -> None:
    there = incident(bima)
    assert bima.post(f"incidents/{there.id}/close/", {}).status_code == 422
    closed = bima.post(f"incidents/{there.id}/close/", {"disposition": "handled", "note": "beres"})
    assert closed.status_code == 200
    assert now_of(there.id)[0].status is IncidentStatus.CLOSED
    page = bima.get(f"incidents/{there.id}/").content.decode()
    assert "kami tutup" in page, "the message to the citizen stands in the conversation"
    assert (
        bima.post(f"incidents/{there.id}/reopen/", {"reason": "masih menutup jalan"}).status_code
        == 200
    )
    assert now_of(there.id)[0].status is IncidentStatus.REOPENED


def test_a_reply_to_a_report_waits_and_opens_the_incident(bima: Desk) -> None:
    there = incident(bima, number="62812")
    contact_id = writes("kok lama pak?", number="62812")
    rows = bima.get("waiting/").content.decode()
    assert f'id="contact-{contact_id}"' in rows
    answer = bima.post("next/")
    assert answer["HX-Push-Url"].startswith(f"/banyuwangi/console/incidents/{there.id}/")
    assert "kok lama pak?" in answer.content.decode()
    assert contact(contact_id).waiting_since is None
