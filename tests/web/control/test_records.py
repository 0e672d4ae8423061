"""The registers: found by the code that people say, read only."""

import pytest

from siaga.intake import queries as intake
from siaga.kernel.tenancy import acting_in
from siaga.triage import queries as triage
from tests.cast import BANYUWANGI
from tests.web.console.stage import incident, writes
from tests.web.console.stage import seat as desk_of
from tests.web.control.stage import seat, text

pytestmark = pytest.mark.django_db


def test_incident_and_tracking_codes_lead_to_their_pages() -> None:
    found = incident(desk_of("sari"))
    with acting_in(BANYUWANGI):
        report = intake.reports_in(BANYUWANGI, triage.report_ids(BANYUWANGI, found.id))[0]
    ratna = seat("ratna")
    assert ratna.get("find/", q=f" {found.code.lower()} ")["Location"].endswith(
        f"/incidents/{found.id}/"
    )
    typed = report.tracking_code.replace("-", " ").lower()
    assert ratna.get("find/", q=typed)["Location"].endswith(f"/contacts/{report.contact_id}/")
    assert "Tidak ada yang dikenal" in text(ratna.get("find/", q="ZZZZ"))


def test_a_contact_shows_what_was_said_and_what_became_of_it() -> None:
    contact_id = writes("<script>alert(1)</script> banjir")
    page = text(seat("ratna").get(f"contacts/{contact_id}/"))
    assert "&lt;script&gt;alert(1)" in page and "Pak Slamet" in page
    assert "6281234567890" not in page, "the whole number is not shown"


def test_registers_filter_and_take_nonsense_kindly() -> None:
    found = incident(desk_of("sari"))
    ratna = seat("ratna")
    assert found.code in text(ratna.get("incidents/"))
    assert found.code in text(ratna.get("incidents/", status=found.status.value))
    assert found.code not in text(ratna.get("incidents/", status="closed"))
    assert ratna.get("incidents/", status="entah", after="%%%").status_code == 200
    assert ratna.get("contacts/", state="reported").status_code == 200
