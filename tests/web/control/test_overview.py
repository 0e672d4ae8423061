"""The supervisor's page says what needs a person, and only what is theirs to see."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from siaga.dispatch import services as dispatch
from siaga.dispatch.services.sending import Order
from siaga.kernel import clock
from siaga.kernel.tenancy import acting_in
from tests.cast import BANYUWANGI
from tests.web.console.stage import incident, writes
from tests.web.console.stage import seat as desk_of
from tests.web.control.stage import seat, text

pytestmark = pytest.mark.django_db
QUERIES_MAX = 60


def test_a_quiet_house_says_that_nobody_has_been_forgotten() -> None:
    page = text(seat("ratna").get())
    assert "Tidak ada yang terlupakan" in page
    assert 'data-alarm="supervisor"' not in page


def test_who_waits_too_long_is_named_with_the_way_there() -> None:
    long_ago = clock.now() - timedelta(minutes=9)
    contact_id = writes("tulung <b>pak</b>", now=long_ago)
    page = text(seat("ratna").get())
    assert "Pak Slamet" in page and f"/subject/{contact_id}/" in page
    assert "&lt;b&gt;pak" in page, "what a citizen writes is never markup"


def test_a_silent_agency_is_named_first() -> None:
    sari = desk_of("sari")
    found = incident(sari)
    with acting_in(BANYUWANGI):
        dispatch.send(
            found.id,
            [Order(agency_code="damkar")],
            region_id=BANYUWANGI,
            by=sari.viewer.actor,
            now=clock.now() - timedelta(minutes=30),
        )
    page = text(seat("ratna").get("now/"))
    assert "belum menjawab" in page and found.code in page


def test_a_forgotten_report_is_listed_and_the_green_sentence_is_gone() -> None:
    writes("halo", now=clock.now())
    with acting_in(BANYUWANGI), connection.cursor() as cursor:
        cursor.execute("UPDATE journal_deadline SET finished_at = now(), outcome = 'lost'")
    page = text(seat("ratna").get())
    assert "Tidak ada yang terlupakan" not in page
    assert "tidak ada alarm yang terpasang" in page


def test_confidential_cases_of_others_are_not_on_the_page() -> None:
    from tests.web.console.stage import calls

    hidden = calls("soal korupsi", type_code="KORUPSI", confidential=True)
    page = text(seat("ratna").get())
    assert str(hidden) not in page and "soal korupsi" not in page


def test_todays_sums_add_up_and_tests_are_left_out(settings: Any) -> None:
    sari = desk_of("sari")
    writes("satu", number="62811")
    writes("dua", number="62822")
    sari.post("next/")
    page = text(seat("ratna").get())
    assert "jumlahnya cocok" in page
    settings.SIAGA_DEMO = True
    assert "ikut dihitung" in text(seat_again())


def seat_again() -> object:
    from tests.web.control.stage import signed_in

    return signed_in("ratna").get("/banyuwangi/control/")


def test_the_page_costs_the_same_however_much_waits() -> None:
    ratna = seat("ratna")
    long_ago = clock.now() - timedelta(minutes=9)
    writes("a", number="62811", now=long_ago)
    with CaptureQueriesContext(connection) as few:
        ratna.get("now/")
    for n in range(6):
        writes("b", number=f"6282{n}", now=long_ago)
    with CaptureQueriesContext(connection) as many:
        ratna.get("now/")
    assert len(many) <= len(few) + 1
    assert len(many) <= QUERIES_MAX


def test_only_who_may_requeues_and_only_the_regions_own() -> None:
    ratna = seat("ratna")
    answer = ratna.post("inbound/requeue/", {"id": ["1", "x", "99999999"]})
    assert answer.status_code == 200
    assert seat("sari").post("inbound/requeue/", {"id": ["1"]}).status_code == 403
