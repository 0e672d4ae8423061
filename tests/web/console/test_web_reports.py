"""What came by the web form: read, completed, refused with an answer."""

from typing import Any
from uuid import UUID

import pytest

from siaga.intake import queries as intake
from siaga.intake import services as intake_services
from siaga.intake.types import ContactState, LocationState, Place, ReportState, Telling
from siaga.kernel import clock
from siaga.kernel.ids import tracking_code
from siaga.kernel.tenancy import acting_in
from siaga.messaging import queries as messaging
from tests.cast import BANYUWANGI
from tests.web.console.stage import CHANNEL, KABAT, Desk, contact, seat, writes

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.console.urls")]


@pytest.fixture
def sari() -> Desk:
    return seat("sari")


def web_report(**more: Any) -> UUID:
    """A citizen has sent the form; returns the contact that waits."""
    contact_id = writes("Lampu jalan mati sejak kemarin", number="62815", name="Bu Tini")
    with acting_in(BANYUWANGI):
        intake_services.file_web_report(
            contact_id,
            Telling(
                narrative="Lampu jalan mati sejak kemarin",
                type_code="PJU",
                place=Place(area_code=KABAT, text="Kabat", state=LocationState.KNOWN),
                reporter_name="Bu Tini",
                **more,
            ),
            region_id=BANYUWANGI,
            tracking_code=tracking_code(),
            by=CHANNEL,
            now=clock.now(),
        )
    return contact_id


def test_the_form_begins_with_what_the_citizen_wrote(sari: Desk) -> None:
    contact_id = web_report()
    page = sari.post(f"contacts/{contact_id}/claim/").content.decode()
    assert "Lampu jalan mati sejak kemarin" in page
    assert 'name="type_code" value="PJU"' in page
    assert f'name="place_value" value="{KABAT}"' in page


def test_a_refused_web_report_is_answered(sari: Desk) -> None:
    contact_id = web_report()
    sari.post(f"contacts/{contact_id}/claim/")
    words = {"disposition": "refused", "words": "Lampu itu milik perumahan; hubungi pengelolanya."}
    assert sari.post(f"contacts/{contact_id}/dispose/", words).status_code == 200
    with acting_in(BANYUWANGI):
        report = intake.report_of_contact(BANYUWANGI, contact_id)
        said = messaging.conversation(BANYUWANGI, contact_id=contact_id)
    assert report is not None and report.state is ReportState.REFUSED
    assert report.answered_at is not None
    assert "hubungi pengelolanya" in said[-1].text


def test_undoing_the_end_of_a_web_report_brings_it_back(sari: Desk) -> None:
    contact_id = web_report()
    sari.post(f"contacts/{contact_id}/claim/")
    sari.post(f"contacts/{contact_id}/dispose/", {"disposition": "prank"})
    assert sari.post(f"contacts/{contact_id}/undo/").status_code == 200
    assert contact(contact_id).state is ContactState.CLAIMED


def test_a_confidential_web_report_waits_only_for_those_named(sari: Desk) -> None:
    contact_id = web_report(confidential=True)
    assert sari.get(f"contacts/{contact_id}/").status_code == 404
    assert str(contact_id) not in sari.get("waiting/").content.decode()
    dewi = seat("dewi", confidential=("PJU",))
    assert dewi.get(f"contacts/{contact_id}/").status_code == 200
