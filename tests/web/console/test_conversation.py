"""The talk with the citizen: free words, templates, positions, files, and what did not arrive."""

from datetime import timedelta

import pytest

from siaga.kernel import clock
from siaga.kernel.geometry import Point
from siaga.kernel.tenancy import acting_in
from siaga.messaging import queries as messaging
from siaga.messaging import services
from siaga.messaging.types import DeliveryState, MessageKind
from siaga.triage import queries as triage
from tests.cast import BANYUWANGI, JOMBANG
from tests.web.console.stage import FORM, Desk, contact, seat, toast_of, writes

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.console.urls")]


@pytest.fixture
def sari() -> Desk:
    return seat("sari")


def said(contact_id):  # type: ignore[no-untyped-def]
    with acting_in(BANYUWANGI):
        return messaging.conversation(BANYUWANGI, contact_id=contact_id)


def test_inside_the_window_words_go_out_as_they_are(sari: Desk) -> None:
    contact_id = writes("tolong")
    sari.post("next/")
    answer = sari.post(f"contacts/{contact_id}/message/", {"text": "Di mana <tepatnya>?"})
    assert answer.status_code == 200
    assert "Di mana &lt;tepatnya&gt;?" in answer.content.decode()
    last = said(contact_id)[-1]
    assert last.kind is MessageKind.TEXT and last.text == "Di mana <tepatnya>?"
    assert sari.post(f"contacts/{contact_id}/message/", {"text": "  "}).status_code == 422


def test_only_the_holder_answers_while_a_contact_is_in_hand(sari: Desk) -> None:
    contact_id = writes("tolong")
    dewi = seat("dewi")
    assert dewi.post(f"contacts/{contact_id}/message/", {"text": "Halo"}).status_code == 409
    sari.post("next/")
    assert dewi.post(f"contacts/{contact_id}/message/", {"text": "Halo"}).status_code == 409
    assert "composer-text" not in dewi.get(f"contacts/{contact_id}/").content.decode()
    assert "composer-text" in sari.get(f"contacts/{contact_id}/").content.decode()


def test_after_a_day_the_same_words_go_out_inside_the_template(sari: Desk) -> None:
    contact_id = writes("tolong", now=clock.now() - timedelta(hours=25))
    sari.post("next/")
    page = sari.get(f"contacts/{contact_id}/").content.decode()
    assert "24 jam sudah lewat" in page
    sari.post(f"contacts/{contact_id}/message/", {"text": "Masih butuh bantuan?"})
    last = said(contact_id)[-1]
    assert last.kind is MessageKind.TEMPLATE
    assert "Masih butuh bantuan?" in last.text and "Banyuwangi Respon" in last.text


def test_the_position_is_asked_for_and_can_be_used(sari: Desk) -> None:
    contact_id = writes("tolong")
    sari.post("next/")
    assert sari.post(f"contacts/{contact_id}/position/").status_code == 200
    assert said(contact_id)[-1].kind is MessageKind.LOCATION_REQUEST
    writes("", point=Point(-8.27, 114.32), kind=MessageKind.LOCATION)
    page = sari.get(f"contacts/{contact_id}/talk/").content.decode()
    assert 'data-fill-lat="-8.270000"' in page
    form = {**FORM, "place_value": "", "place_label": "", "lat": "-8.27", "lng": "114.32"}
    sari.post(f"contacts/{contact_id}/file/", {**form, "then": "open", "urgency": ""})
    with acting_in(BANYUWANGI):
        [found] = triage.board(sari.viewer)
    assert found.place.point == Point(-8.27, 114.32)
    assert found.place.area_code == "35.10.14", "the kecamatan with the nearest label"


def test_what_failed_is_visible_and_can_be_sent_again(sari: Desk) -> None:
    contact_id = writes("tolong")
    sari.post("next/")
    sari.post(f"contacts/{contact_id}/message/", {"text": "Segera ke sana"})
    message = said(contact_id)[-1]
    assert message.status is DeliveryState.QUEUED
    with acting_in(BANYUWANGI):
        services.mark_failed(message.id, "131026", by=sari.viewer.actor, now=clock.now())
    page = sari.get(f"contacts/{contact_id}/talk/").content.decode()
    assert f"messages/{message.id}/resend/" in page
    again = sari.post(f"contacts/{contact_id}/messages/{message.id}/resend/")
    assert again.status_code == 200 and toast_of(again)["text"]
    other = writes("lain", number="62899")
    assert sari.post(f"contacts/{other}/messages/{message.id}/resend/").status_code == 404


def test_information_is_answered_and_ends_the_contact(sari: Desk) -> None:
    contact_id = writes("jadwal KTP keliling?")
    sari.post("next/")
    words = {"disposition": "information", "words": "Senin dan Rabu di kantor kecamatan."}
    sari.post(f"contacts/{contact_id}/dispose/", words)
    assert "Senin dan Rabu" in said(contact_id)[-1].text
    assert contact(contact_id).disposition_note == words["words"]


def test_a_refusal_carries_the_regions_own_sentence() -> None:
    tono = seat("tono")
    contact_id = writes("dompet saya hilang", region_id=JOMBANG)
    tono.client.post("/jombang/console/next/", headers={"HX-Request": "true"})
    path = f"/jombang/console/contacts/{contact_id}/"
    page = tono.client.get(path, headers={"HX-Request": "true"}).content.decode()
    assert 'value="TOLAK-BARANG"' in page or "TOLAK-BARANG" in page
    guide = tono.client.post(
        f"{path}guide/", {"type_code": "TOLAK-BARANG"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert "tidak menangani jenis ini" in guide
    held = tono.client.post(
        f"{path}file/",
        {"type_code": "TOLAK-BARANG", "then": "open"},
        headers={"HX-Request": "true"},
    )
    assert held.status_code == 422
    ended = tono.client.post(
        f"{path}dispose/",
        {"disposition": "refused", "type_code": "TOLAK-BARANG"},
        headers={"HX-Request": "true"},
    )
    assert ended.status_code == 200
    with acting_in(JOMBANG):
        last = messaging.conversation(JOMBANG, contact_id=contact_id)[-1]
    assert "Mohon maaf" in last.text


def test_a_refusal_without_words_is_not_sent(sari: Desk) -> None:
    contact_id = writes("dompet hilang")
    sari.post("next/")
    empty = sari.post(f"contacts/{contact_id}/dispose/", {"disposition": "refused"})
    assert empty.status_code == 422
    assert contact(contact_id).disposition is None


def test_curhat_ends_with_who_can_help(sari: Desk) -> None:
    contact_id = writes("saya lelah sekali")
    sari.post("next/")
    words = {"disposition": "venting", "words": "Puskesmas Kabat, poli jiwa"}
    sari.post(f"contacts/{contact_id}/dispose/", words)
    assert "Puskesmas Kabat, poli jiwa" in said(contact_id)[-1].text


def test_the_ledger_says_who_and_what(sari: Desk) -> None:
    contact_id = writes("tolong")
    sari.post("next/")
    sari.post(f"contacts/{contact_id}/file/", {**FORM, "then": "report"})
    report_id = contact(contact_id).report_id
    added = sari.post(f"reports/{report_id}/evidence/", {"kind": "callback", "note": "suara sama"})
    assert added.status_code == 204
    page = sari.get(f"reports/{report_id}/ledger/").content.decode()
    assert "suara sama" in page and "Sari Wulandari" in page
    assert sari.post(f"reports/{report_id}/evidence/", {"kind": "rumor"}).status_code == 422
