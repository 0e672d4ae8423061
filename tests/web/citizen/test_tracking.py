"""The tracking page: only with the code, messages both ways, the objection."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from siaga.followup import services as followup
from siaga.intake import queries
from siaga.kernel import clock
from siaga.kernel.types import RegionId
from siaga.triage import queries as triage_queries
from siaga.triage.types import IncidentDisposition, IncidentStatus
from tests import cast
from tests.rooms.test_path import incident_on, write


@pytest.fixture
def code(in_banyuwangi: RegionId) -> str:
    now = clock.now()
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "kebakaran", now)
    incident_on(sari, now)
    return queries.reports(sari)[0].tracking_code


def test_the_address_in_messages_is_the_address_of_the_page() -> None:
    told = settings.TRACKING_PATH.format(region="banyuwangi", code="AAAA")
    assert reverse("citizen:track", args=["banyuwangi", "AAAA"]) == told


def test_the_code_may_be_typed_in_any_way(code: str) -> None:
    typed = code.lower().replace("-", " ")
    answer = Client().post("/banyuwangi/track/", {"code": typed})
    assert answer.url == f"/banyuwangi/track/{code}/"


def test_a_wrong_code_and_another_regions_code_are_not_found(code: str) -> None:
    assert Client().get("/banyuwangi/track/AAAA-BBBB-CCCC-DDDD/").status_code == 404
    assert Client().get(f"/jombang/track/{code}/").status_code == 404
    answer = Client().post("/banyuwangi/track/", {"code": "salah"})
    assert answer.status_code == 422


def test_a_message_of_the_citizen_waits_for_a_person(code: str) -> None:
    answer = Client().post(f"/banyuwangi/track/{code}/message/", {"text": "kapan datang?"})
    assert answer.status_code == 302
    report = queries.report_by_code(cast.BANYUWANGI, code)
    assert report is not None
    contact = queries.contact(cast.BANYUWANGI, report.contact_id)
    assert contact is not None
    assert contact.unread == 1


def test_the_code_leaks_to_no_other_site_and_the_pages_own_forms_keep_their_origin(
    code: str,
) -> None:
    answer = Client().get(f"/banyuwangi/track/{code}/")
    assert answer["Referrer-Policy"] == "same-origin"


def test_a_form_from_elsewhere_is_refused_in_our_own_words(code: str) -> None:
    stranger = Client(enforce_csrf_checks=True)
    answer = stranger.post(f"/banyuwangi/track/{code}/message/", {"text": "kapan datang?"})
    assert answer.status_code == 403
    assert "Halaman ini sudah terlalu lama terbuka." in answer.content.decode()


def test_an_objection_opens_the_incident_again(code: str) -> None:
    report = queries.report_by_code(cast.BANYUWANGI, code)
    assert report is not None
    incident = triage_queries.incident_of_report(cast.BANYUWANGI, report.id)
    assert incident is not None
    path = f"/banyuwangi/track/{code}/objection/"
    assert Client().post(path, {"text": "belum"}).status_code == 409
    from siaga.journal.types import Actor

    followup.close(
        incident.id,
        IncidentDisposition.HANDLED,
        region_id=cast.BANYUWANGI,
        by=Actor.system("test"),
        now=clock.now(),
    )
    assert "Belum beres?" in Client().get(f"/banyuwangi/track/{code}/").content.decode()
    assert Client().post(path, {"text": ""}).status_code == 422
    assert Client().post(path, {"text": "api menyala lagi"}).status_code == 302
    again = triage_queries.incident(cast.BANYUWANGI, incident.id)
    assert again is not None
    assert again.status is IncidentStatus.REOPENED


def test_both_languages_are_there(code: str) -> None:
    page = Client().get(f"/banyuwangi/track/{code}/?lang=en").content.decode()
    assert "Report received" in page
