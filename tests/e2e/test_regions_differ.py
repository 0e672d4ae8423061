"""One program, four regions: each difference comes from its profile, and each has its Tono."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import httpx
import pytest
from django.test import Client
from playwright.sync_api import Browser, expect

from siaga.accounts.types import Role
from siaga.kernel import clock
from siaga.kernel.tenancy import acting_in
from siaga.regions import queries as regions
from siaga.web.citizen.views.shown import region_shown
from tests.cast import BANYUASIN, BANYUWANGI
from tests.e2e import handling
from tests.e2e.screens import screen, signed_in_at
from tests.e2e.whole import Whole, csrf_of
from tests.waiting import wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]
SUNDAY_NIGHT = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
MONDAY_MORNING = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def tono(whole: Whole) -> Iterator[httpx.Client]:
    """Tono takes calls in Jombang: his browser."""
    with whole.signed_in(whole.person("jombang", "call_taker")) as client:
        yield client


def hidden_from_tono(whole: Whole, tono: httpx.Client, region: str, *paths: str) -> None:
    """His browser finds nothing there, and his token finds no such thing in his own region."""
    for path in paths:
        assert tono.get(f"/{region}/console/{path}").status_code == 404, path
    with whole.holder("jombang", Role.CALL_TAKER) as api:
        for path in paths:
            assert api.get(path.rstrip("/")).status_code == 404, path


def test_jombang_refuses_lost_property_and_explains_where_to_go(
    browser: Browser, whole: Whole
) -> None:
    sentence = "kehilangan barang bukan keadaan darurat"
    page = screen(browser, whole, "/jombang/")
    page.fill("textarea[name=narrative]", "Dompet saya hilang di pasar Legi tadi pagi")
    page.select_option("select[name=type_code]", "TOLAK-BARANG")
    expect(page.locator("#scope")).to_contain_text(sentence)
    page.wait_for_function("() => document.querySelector('input[name=pow]').value !== ''")
    page.click("form.sheet .button--primary")
    page.wait_for_url("**/jombang/track/**")
    expect(page.locator("#progress")).to_contain_text(sentence)
    expect(page.locator("#progress")).to_contain_text("polsek terdekat")


def test_jombang_refuses_on_whatsapp_with_its_own_sentence(whole: Whole) -> None:
    number = "6281234500021"
    whole.citizen_writes("jombang", number, "Min, STNK saya ketinggalan di angkot")
    with whole.desk("jombang") as desk:
        contact = handling.waiting(desk, "STNK saya ketinggalan")
        with pytest.raises(AssertionError, match=r"triage\.out_of_scope"):
            handling.opened(desk, contact, "TOLAK-BARANG", urgency="P5", area="35.17.09")
        report_id = desk.get(f"contacts/{contact['id']}").json()["report_id"]
        handling.done(desk.post(f"reports/{report_id}/refuse", json={}))
    told = wait_until(lambda: [m for m in whole.received_by(number) if "polsek" in m], 60)
    assert "kehilangan barang bukan keadaan darurat" in told[0]


def test_the_same_lost_property_is_no_refusal_in_banyuasin(whole: Whole) -> None:
    with httpx.Client(base_url=whole.url, timeout=30) as citizen:
        said = citizen.get("/banyuasin/scope/", params={"type_code": "TOLAK-BARANG"}).text
    assert "Polres Banyuasin" in said and "bukan keadaan darurat" not in said


def test_banyuwangi_holds_a_p3_until_a1_and_says_so(
    browser: Browser, whole: Whole, tono: httpx.Client
) -> None:
    whole.citizen_writes("banyuwangi", "6281234500022", "Pohon condong hampir roboh ke jalan")
    with whole.desk("banyuwangi") as desk:
        contact = handling.waiting(desk, "Pohon condong hampir roboh")
        incident_id = handling.opened(desk, contact, "POHON-TUMBANG", urgency="P3", area="35.10.14")
        path = f"/banyuwangi/console/incidents/{incident_id}/"
        held = desk.post(
            f"incidents/{incident_id}/dispatch", json=handling.orders(desk, incident_id)
        )
        assert (held.status_code, held.json()["code"]) == (409, "triage.needs_a1")
        page = signed_in_at(browser, whole, whole.person("banyuwangi", "call_taker"), path)
        expect(page.locator("#incident-now")).to_contain_text("memastikan dahulu")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#toasts .toast")).to_contain_text("A1")
        assert desk.get(f"incidents/{incident_id}").json()["status"] != "dispatched"
        handling.confirmed(desk, incident_id)
        handling.sent(desk, incident_id)
        expect(page.locator("#incident-head")).to_contain_text("dikirim")
        report_id = desk.get(f"contacts/{contact['id']}").json()["report_id"]
    page.context.close()
    hidden_from_tono(
        whole, tono, "banyuwangi", f"incidents/{incident_id}/", f"contacts/{contact['id']}/"
    )
    with whole.holder("jombang", Role.CALL_TAKER) as api:
        assert api.get(f"reports/{report_id}").status_code == 404


def test_a_life_threat_goes_at_once_and_says_it_is_not_yet_a1(
    whole: Whole, tono: httpx.Client
) -> None:
    whole.citizen_writes("banyuwangi", "6281234500023", "Orang tenggelam di pantai Boom!")
    with whole.desk("banyuwangi") as desk:
        contact = handling.waiting(desk, "tenggelam di pantai Boom")
        incident_id = handling.opened(desk, contact, "TENGGELAM", urgency="P1", area="35.10.16")
        handling.sent(desk, incident_id)
        incident = desk.get(f"incidents/{incident_id}").json()
    assert incident["status"] == "dispatched"
    assert incident["truth"] == "unverified" and incident["dispatched_unverified"] is True
    with whole.signed_in(whole.person("banyuwangi", "call_taker")) as sari:
        assert "belum A1" in sari.get(f"/banyuwangi/console/incidents/{incident_id}/").text
    hidden_from_tono(whole, tono, "banyuwangi", f"incidents/{incident_id}/")


def test_a_confidential_report_in_banyuasin_is_unseen_by_all_who_are_not_named(
    whole: Whole, tono: httpx.Client
) -> None:
    words = f"Dana desa dipotong kepala dusun {uuid4().hex[:8]}"
    sent_in_the_form(whole, words)
    with whole.named("banyuasin") as ratna:
        contact = handling.waiting(ratna, words)
        incident_id = handling.opened(
            ratna, contact, "ADUAN-KORUPSI", urgency="P4", area="16.07.01"
        )
        report_id = ratna.get(f"contacts/{contact['id']}").json()["report_id"]
        found = ratna.get("messages", params={"search": words}).json()["items"]
        assert [item["contact_id"] for item in found] == [contact["id"]]
        entries = ratna.get("journal", params={"subject": incident_id}).json()["items"]
        assert entries
    things = (f"contacts/{contact['id']}", f"reports/{report_id}", f"incidents/{incident_id}")
    for role in (Role.CALL_TAKER, Role.AUDITOR):
        with whole.holder("banyuasin", role) as other:
            for path in things:
                assert other.get(path).status_code == 404, (role, path)
            lists = [other.get(name, params={"limit": 200}) for name in ("contacts", "incidents")]
            lists.append(other.get("messages", params={"search": words}))
            lists.append(other.get("journal", params={"subject": incident_id}))
            lists.append(other.get("journal", params={"limit": 200}))
            for answer in lists:
                for secret in (words, contact["id"], report_id, incident_id):
                    assert secret not in answer.text, (role, str(answer.url), secret)
    unseen_at_the_console(whole, words, contact["id"], incident_id)
    hidden_from_tono(whole, tono, "banyuasin", *(f"{thing}/" for thing in things[::2]))


def unseen_at_the_console(whole: Whole, words: str, contact_id: str, incident_id: str) -> None:
    """Another call taker's lists, board and map do not know it."""
    with whole.signed_in(whole.person("banyuasin", "call_taker")) as sari:
        for path in ("console/", "console/waiting/", "board/", "console/map/points/"):
            answer = sari.get(f"/banyuasin/{path}")
            assert answer.status_code == 200, path
            for secret in (words, contact_id, incident_id):
                assert secret not in answer.text, path
        for path in (f"contacts/{contact_id}/", f"incidents/{incident_id}/"):
            assert sari.get(f"/banyuasin/console/{path}").status_code == 404


def sent_in_the_form(whole: Whole, words: str) -> None:
    """A citizen tells of corruption, and asks for confidence."""
    with httpx.Client(
        base_url=whole.url, timeout=30, headers={"Referer": f"{whole.url}/banyuasin/"}
    ) as citizen:
        page = citizen.get("/banyuasin/")
        ticket = page.text.split('name="ticket" value="')[1].split('"')[0]
        fields = {
            "narrative": words,
            "type_code": "ADUAN-KORUPSI",
            "area_code": "16.07.01",
            "confidential": "on",
            "ticket": ticket,
            "csrfmiddlewaretoken": csrf_of(page),
        }
        wait_until(lambda: citizen.post("/banyuasin/", data=fields).status_code == 302)


@pytest.mark.django_db
def test_banyuasin_after_hours_shows_its_notice_and_opens_again_on_monday(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    notice = "melayani Senin sampai Jumat"
    client = Client(headers={"Accept-Language": "id"})
    monkeypatch.setattr(clock, "now", lambda: SUNDAY_NIGHT)
    assert notice in client.get("/banyuasin/").content.decode()
    assert notice not in client.get("/banyuwangi/").content.decode()
    with acting_in(BANYUASIN):
        duty_phone = regions.profile(BANYUASIN).hours[-1].outside.forward_phone
    assert duty_phone
    monkeypatch.setattr(clock, "now", lambda: MONDAY_MORNING)
    assert notice not in client.get("/banyuasin/").content.decode()
    with acting_in(BANYUWANGI):
        assert region_shown(BANYUWANGI, SUNDAY_NIGHT).closed_notice == ""
