"""A NUL is the sender's mistake: 400 and a sentence, and nothing is kept."""

import json

import pytest

from siaga.intake import queries as intake
from siaga.intake.types import ContactState
from siaga.kernel import clock
from siaga.kernel.tenancy import acting_in
from siaga.triage import queries as triage
from tests import cast
from tests.rooms.test_path import contact_of, report_on, write
from tests.web.api.test_api import api
from tests.web.console.stage import seat, writes

pytestmark = pytest.mark.django_db
SENTENCE = "tidak dapat disimpan"
NUL = "padam\x00lagi"


def test_the_api_names_it_and_keeps_nothing() -> None:
    now = clock.now()
    with acting_in(cast.BANYUWANGI):
        sari = cast.enter("sari", now)
        write(cast.BANYUWANGI, "kebakaran", now)
        report_id = report_on(sari, now, type_code="KBK-BANGUNAN")
        client = api(sari, now)
    answer = client.post(
        f"/api/v1/reports/{report_id}/evidence",
        json.dumps({"kind": "callback", "note": NUL}),
        content_type="application/json",
        headers={"Accept-Language": "id"},
    )
    assert answer.status_code == 400
    assert answer.json()["code"] == "siaga.unstorable"
    assert SENTENCE in answer.json()["message"]
    with acting_in(cast.BANYUWANGI):
        assert triage.evidence(cast.BANYUWANGI, report_id=report_id) == []


def test_a_screen_is_told_in_words_and_the_contact_still_waits() -> None:
    sari = seat("sari")
    contact_id = writes("halo")
    path, said = f"contacts/{contact_id}/dispose/", {"disposition": "information", "words": NUL}
    answer = sari.post(path, said)
    assert answer.status_code == 400
    assert SENTENCE in json.loads(answer["HX-Trigger"])["siaga:toast"]["text"]
    with acting_in(cast.BANYUWANGI):
        assert contact_of(sari.viewer) == contact_id
    page = sari.client.post(sari.url(path), said)
    assert page.status_code == 400
    assert SENTENCE in page.content.decode()


def test_what_only_the_server_can_refuse_ends_the_same() -> None:
    """PostgreSQL itself refuses a NUL inside JSON; the answer does not come from a broken page."""
    sari = seat("sari")
    contact_id = writes("halo")
    sari.post(f"contacts/{contact_id}/claim/")
    answer = sari.client.post(
        sari.url(f"contacts/{contact_id}/draft/"),
        {"narrative": NUL},
        headers={"Accept": "application/json"},
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "siaga.unstorable")
    with acting_in(cast.BANYUWANGI):
        assert intake.draft(cast.BANYUWANGI, contact_id) is None
        assert intake.contact_for(sari.viewer, contact_id).state is ContactState.CLAIMED
