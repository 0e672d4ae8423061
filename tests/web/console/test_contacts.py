"""A contact on the desk: one holder, one key, one way back."""

from datetime import timedelta
from typing import Any

import pytest

from siaga.intake import rules
from siaga.intake.types import ContactDisposition, ContactState
from tests.web.console.stage import contact, seat, toast_of, writes

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.console.urls")]


def test_the_desk_shows_who_waits_and_what_was_said() -> None:
    sari = seat("sari")
    writes("<b>Kobong</b> pasar, tulung!")
    page = sari.get(fragment=False).content.decode()
    assert "Pak Slamet" in page
    assert "&lt;b&gt;Kobong&lt;/b&gt;" in page, "what a citizen writes is never markup"
    assert 'data-alarm="p1"' in page


def test_the_next_key_claims_the_most_pressing_contact() -> None:
    sari = seat("sari")
    writes("selamat sore, mau tanya", number="62811")
    urgent = writes("ada kebakaran rumah", number="62822")
    answer = sari.post("next/")
    assert answer.status_code == 200
    assert answer["HX-Push-Url"].endswith(f"/contacts/{urgent}/")
    assert contact(urgent).claimed_by == sari.viewer.person_id
    assert "report-form" in answer.content.decode()


def test_of_two_who_claim_one_is_told_kindly() -> None:
    sari, dewi = seat("sari"), seat("dewi")
    contact_id = writes("tolong")
    assert sari.post(f"contacts/{contact_id}/claim/").status_code == 200
    late = dewi.post(f"contacts/{contact_id}/claim/")
    assert late.status_code == 409
    assert toast_of(late)["text"]
    assert "siaga:resync" in late["HX-Trigger"]
    assert contact(contact_id).claimed_by == sari.viewer.person_id


def test_next_skips_to_the_following_when_a_colleague_was_faster() -> None:
    sari, dewi = seat("sari"), seat("dewi")
    first, second = writes("satu", number="62811"), writes("dua", number="62822")
    sari.post("next/")
    dewi.post("next/")
    assert contact(first).claimed_by == sari.viewer.person_id
    assert contact(second).claimed_by == dewi.viewer.person_id
    nobody = dewi.post("next/")
    assert nobody.status_code == 200 and toast_of(nobody)["text"]


def test_what_is_too_late_for_its_author_is_the_supervisors_to_reopen(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.SIAGA_REQUIRE_MFA = False
    sari, ratna = seat("sari"), seat("ratna")
    contact_id = writes("p")
    sari.post("next/")
    sari.post(f"contacts/{contact_id}/dispose/", {"disposition": "ghost"})
    monkeypatch.setattr(rules, "may_undo", lambda at, now: now - at <= timedelta(0))
    assert "undo/" not in sari.get(f"contacts/{contact_id}/").content.decode()
    assert sari.post(f"contacts/{contact_id}/undo/").status_code == 409
    assert "undo/" in ratna.get(f"contacts/{contact_id}/").content.decode()
    assert ratna.post(f"contacts/{contact_id}/undo/").status_code == 200
    assert contact(contact_id).claimed_by == ratna.viewer.person_id


@pytest.mark.parametrize("disposition", ["ghost", "prank", "duplicate", "wrong_number", "test"])
def test_one_key_ends_a_contact_and_u_takes_it_back(disposition: str) -> None:
    sari = seat("sari")
    contact_id = writes("p")
    sari.post("next/")
    answer = sari.post(f"contacts/{contact_id}/dispose/", {"disposition": disposition})
    assert answer.status_code == 200
    ended = contact(contact_id)
    assert ended.disposition == ContactDisposition(disposition)
    undone = sari.client.post(toast_of(answer)["undo_url"])
    assert undone.status_code == 204
    again = contact(contact_id)
    assert again.state is ContactState.CLAIMED and again.claimed_by == sari.viewer.person_id


def test_a_waiting_contact_is_claimed_on_the_way_to_its_end() -> None:
    sari, dewi = seat("sari"), seat("dewi")
    contact_id = writes("p")
    assert sari.post(f"contacts/{contact_id}/dispose/", {"disposition": "ghost"}).status_code == 200
    late = dewi.post(f"contacts/{contact_id}/dispose/", {"disposition": "prank"})
    assert late.status_code == 409
    assert contact(contact_id).disposition is ContactDisposition.GHOST


def test_nobody_ends_what_a_colleague_holds() -> None:
    sari, dewi = seat("sari"), seat("dewi")
    contact_id = writes("tolong")
    sari.post("next/")
    assert dewi.post(f"contacts/{contact_id}/dispose/", {"disposition": "ghost"}).status_code == 409
    assert contact(contact_id).state is ContactState.CLAIMED


def test_taking_over_is_for_those_who_may() -> None:
    sari, dewi, putri = seat("sari"), seat("dewi"), seat("putri")
    contact_id = writes("tolong")
    sari.post("next/")
    assert putri.post(f"contacts/{contact_id}/take-over/").status_code == 403
    assert dewi.post(f"contacts/{contact_id}/take-over/").status_code == 200
    assert contact(contact_id).claimed_by == dewi.viewer.person_id
    lost = sari.get(f"contacts/{contact_id}/seen/")
    assert lost.status_code == 286, "the former holder's screen stops asking and looks again"
    assert "siaga:resync" in lost["HX-Trigger"]


def test_handing_back_puts_it_in_the_queue_again() -> None:
    sari, dewi = seat("sari"), seat("dewi")
    contact_id = writes("tolong")
    sari.post("next/")
    assert dewi.post(f"contacts/{contact_id}/release/").status_code == 409
    assert sari.post(f"contacts/{contact_id}/release/").status_code == 200
    assert contact(contact_id).waiting_since is not None


def test_the_open_form_is_only_laid_anew_when_it_changed_hands() -> None:
    sari, dewi = seat("sari"), seat("dewi")
    contact_id = writes("tolong")
    sari.post("next/")
    mark = "claimed-mine-0"
    assert sari.get(f"contacts/{contact_id}/state/?shown={mark}").status_code == 204
    writes("masih di sini")
    assert sari.get(f"contacts/{contact_id}/state/?shown={mark}").status_code == 204
    dewi.post(f"contacts/{contact_id}/take-over/")
    changed = sari.get(f"contacts/{contact_id}/state/?shown={mark}")
    assert changed.status_code == 200 and changed["HX-Retarget"] == "#main"
