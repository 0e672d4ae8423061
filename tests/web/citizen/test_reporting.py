"""The form: stored once, kindly refused, safe against machines; nothing lost on a mistake."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from siaga.intake import queries
from siaga.intake.types import ContactState, ReportState
from siaga.kernel import clock
from siaga.kernel.tenancy import acting_in
from siaga.messaging import queries as messaging_queries
from siaga.web.citizen import spam
from tests import cast
from tests.rooms.test_path import said_to

BANYUWANGI, JOMBANG = cast.BANYUWANGI, cast.JOMBANG


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    from django.core.cache import cache

    cache.clear()


def ticket_of(page: str) -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def old_ticket() -> str:
    """A page opened long enough ago that a person could have filled it in."""
    return spam.new_ticket(clock.now() - timedelta(seconds=30)).signed


def send(client: Client, region: str, **fields: object) -> object:
    return client.post(
        f"/{region}/",
        {"ticket": old_ticket(), "narrative": "Rumah terbakar di pasar", **fields},
    )


@pytest.mark.django_db
def test_a_report_gets_a_code_and_waits_for_a_person() -> None:
    answer = send(Client(), BANYUWANGI, type_code="KBK-BANGUNAN", name="Slamet")
    assert answer.status_code == 302
    page = Client().get(answer.url)
    assert page.status_code == 200
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    with acting_in(BANYUWANGI):
        sari = cast.enter("sari", clock.now())
        (contact,) = queries.waiting_contacts(sari)
        report = queries.report_of_contact(BANYUWANGI, contact.id)
    assert report is not None
    assert (contact.state, report.reporter_name) == (ContactState.WAITING, "Slamet")


@pytest.mark.django_db
def test_the_same_page_sent_twice_is_one_report() -> None:
    fields = {"ticket": old_ticket(), "narrative": "Rumah terbakar"}
    urls = {Client().post(f"/{BANYUWANGI}/", fields).url for _ in range(2)}
    assert len(urls) == 1
    with acting_in(BANYUWANGI):
        assert len(queries.waiting_contacts(cast.enter("sari", clock.now()))) == 1


@pytest.mark.django_db
def test_lost_property_is_refused_with_the_regions_own_sentence() -> None:
    answer = send(Client(), JOMBANG, narrative="Dompet hilang", type_code="TOLAK-BARANG")
    assert "polsek terdekat" in Client().get(answer.url).content.decode()
    with acting_in(JOMBANG):
        tono = cast.enter("tono", clock.now())
        assert queries.waiting_contacts(tono) == []
        (report,) = queries.reports(tono)
        assert report.correspondent_id is not None
        (told,) = said_to(tono, report.correspondent_id)
    assert report.state is ReportState.REFUSED
    assert report.answered_at is not None
    assert "polsek terdekat" in told
    assert "tidak dapat kami tangani" in told


@pytest.mark.django_db
def test_danger_is_never_refused_by_a_machine() -> None:
    send(Client(), JOMBANG, narrative="Diancam", type_code="TOLAK-BARANG", danger="on")
    send(Client(), JOMBANG, narrative="Dompet diambil, saya ditusuk", type_code="TOLAK-BARANG")
    with acting_in(JOMBANG):
        assert len(queries.waiting_contacts(cast.enter("tono", clock.now()))) == 2


@pytest.mark.django_db
def test_an_anonymous_report_keeps_no_name_and_no_number() -> None:
    send(Client(), BANYUWANGI, name="Slamet", phone="0812 3456 7890", anonymous="on")
    with acting_in(BANYUWANGI):
        (report,) = queries.reports(cast.enter("sari", clock.now()))
        contact = queries.contact(BANYUWANGI, report.contact_id)
    assert (report.reporter_name, report.reporter_phone) == ("", None)
    assert contact is not None
    assert (contact.display_name, contact.phone) == ("", None)


@pytest.mark.django_db
def test_a_mistake_is_named_at_its_field_and_the_text_stays() -> None:
    answer = send(Client(), BANYUWANGI, phone="12")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Nomor telepon ini belum lengkap" in page
    assert "Rumah terbakar di pasar" in page
    assert ticket_of(page)


@pytest.mark.django_db
def test_a_page_that_we_did_not_make_stores_nothing() -> None:
    answer = Client().post(f"/{BANYUWANGI}/", {"ticket": "x", "narrative": "Rumah terbakar"})
    assert answer.status_code == 422
    with acting_in(BANYUWANGI):
        assert queries.waiting_contacts(cast.enter("sari", clock.now())) == []


@pytest.mark.django_db
def test_the_honey_pot_catches_machines() -> None:
    assert send(Client(), BANYUWANGI, website="http://spam").status_code == 422


@pytest.mark.django_db
def test_too_many_reports_from_one_address_are_slowed_down(settings: object) -> None:
    settings.CITIZEN_REPORTS_PER_HOUR = 6
    statuses = [send(Client(), BANYUWANGI).status_code for _ in range(3)]
    assert statuses == [302, 302, 429]


@pytest.mark.django_db
def test_the_browsers_work_is_checked() -> None:
    ticket = spam.new_ticket(clock.now())
    answer = next(n for n in range(10**7) if spam.has_worked(ticket, str(n)))
    assert spam.has_worked(ticket, str(answer))
    assert not spam.has_worked(spam.new_ticket(clock.now()), "0" * 13)
    assert not spam.has_worked(ticket, "-1")


@pytest.mark.django_db
def test_a_photo_loses_its_hidden_position_and_html_is_no_photo() -> None:
    picture = BytesIO()
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "S", 2: (8.0, 12.0, 0.0), 3: "E", 4: (114.0, 22.0, 0.0)})
    Image.new("RGB", (32, 32), "red").save(picture, "JPEG", exif=exif)
    photo = SimpleUploadedFile("a.jpg", picture.getvalue(), "image/jpeg")
    send(Client(), BANYUWANGI, attachments=[photo])
    with acting_in(BANYUWANGI):
        (report,) = queries.reports(cast.enter("sari", clock.now()))
        (message, *_) = messaging_queries.conversation(
            BANYUWANGI, contact_id=report.contact_id, limit=1
        ) + messaging_queries.conversation(BANYUWANGI, contact_id=report.contact_id)
        stored = [
            media
            for item in messaging_queries.conversation(BANYUWANGI, contact_id=report.contact_id)
            for media in item.media
        ]
    assert report.place.point is None
    assert message is not None
    assert not Image.open(stored[0].path).getexif().get_ifd(0x8825)
    page = SimpleUploadedFile("b.jpg", b"<html><script>alert(1)</script>", "image/jpeg")
    assert send(Client(), BANYUWANGI, attachments=[page]).status_code == 422


@pytest.mark.django_db
def test_citizen_text_is_never_markup() -> None:
    answer = send(Client(), BANYUWANGI, narrative="<script>alert(1)</script> tolong")
    page = Client().get(answer.url).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.django_db
def test_the_landing_page_names_every_region_and_unknown_ones_are_not_found() -> None:
    page = Client().get("/").content.decode()
    assert all(f'href="/{region}/"' in page for region in (BANYUWANGI, JOMBANG))
    assert Client().get("/atlantis/").status_code == 404
