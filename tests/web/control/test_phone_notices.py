"""Notices and self-tests on the supervisor's telephone, and what the incident shows of them."""

from datetime import timedelta
from uuid import UUID

import pytest

from siaga.kernel import clock
from siaga.kernel.doctor import run_examinations
from siaga.kernel.tenancy import acting_in
from siaga.telephony import models
from siaga.telephony.notices import queries as notices
from siaga.telephony.selftest import queries as selftest
from siaga.telephony.selftest import services as selftest_services
from siaga.telephony.selftest.types import Check
from siaga.telephony.types import CommandKind
from siaga.web.control import attention
from siaga.web.control.phone import notices as notice_pages
from tests.cast import BANYUWANGI
from tests.web.console.stage import incident
from tests.web.console.stage import seat as desk
from tests.web.control.phone_stage import asked, painted, picture
from tests.web.control.stage import Seat, seat, text

pytestmark = pytest.mark.django_db
WORDS = "Kebakaran di Pasar Rogojampi sudah kami ketahui."


@pytest.fixture
def ratna() -> Seat:
    return seat("ratna")


def current() -> notices.NoticeView | None:
    with acting_in(BANYUWANGI):
        return notices.current(BANYUWANGI)


def caller(number: int, *, notice: str, queued: bool) -> None:
    at = clock.now()
    with acting_in(BANYUWANGI):
        models.Call.objects.create(
            id=UUID(int=number),
            region_id=BANYUWANGI,
            linked_id=f"siagatest-8.{number}",
            presented_at=at,
            queued_at=at if queued else None,
            ended_at=at,
            notice=notice,
        )


def test_a_notice_is_given_from_the_incident_counted_and_ended(
    ratna: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = incident(desk("bima"), "KBK-BANGUNAN")
    painted(picture(notice=""))
    page = text(ratna.get("phone/notices/", incident=str(there.id)))
    assert "sudah kami ketahui dan petugas sedang menuju lokasi" in page
    assert f'<option value="{there.id}" selected' in page
    given = ratna.post("phone/notices/", {"text": WORDS, "incident": str(there.id)})
    assert given.status_code == 302
    assert asked() == [(CommandKind.NOTICE_ON, {"text": WORDS})]
    found = current()
    assert found is not None and found.incident_id == there.id
    caller(1, notice="heard", queued=False)
    caller(2, notice="heard", queued=True)
    caller(3, notice="other", queued=True)
    page = text(ratna.get("phone/notices/now/"))
    assert "sedang disuarakan dan dikirim" in page
    monkeypatch.setattr(notice_pages, "SPOKEN_WITHIN", timedelta(0))
    assert "Asterisk belum memilikinya" in text(ratna.get("phone/notices/now/"))
    painted(picture(notice=WORDS))
    page = text(ratna.get("phone/notices/now/"))
    assert "sedang diperdengarkan" in page and there.code in page
    assert "Penelepon mendengar dahulu:" in text(ratna.get("phone/now/"))
    shown = ratna.client.get(f"/banyuwangi/console/incidents/{there.id}/").content.decode()
    assert "2 penelepon lain" in shown and "control/phone/notices/?incident=" in shown
    assert ratna.post("phone/notices/end/").status_code == 302
    assert asked() == [(CommandKind.NOTICE_OFF, {})] and current() is None
    assert "didengar 3; 1 menutup telepon, 1 menekan 1" in text(ratna.get("phone/notices/"))


def test_what_cannot_be_said_is_refused_in_the_form(ratna: Seat) -> None:
    refused = ratna.post("phone/notices/", {"text": "pendek"})
    assert refused.status_code == 422 and "dalam satu kalimat" in text(refused)
    assert ratna.post("phone/notices/", {"text": "x" * 500}).status_code == 422
    assert current() is None and asked() == []


def test_a_notice_that_nobody_here_gave_can_be_ended(ratna: Seat) -> None:
    painted(picture(notice="Sisa pengumuman lama."))
    assert "tidak diberikan dari sini" in text(ratna.get("phone/notices/"))
    ratna.post("phone/notices/end/")
    assert asked() == [(CommandKind.NOTICE_OFF, {})]


def test_the_telephone_is_tested_now_and_a_failure_is_told_everywhere(ratna: Seat) -> None:
    painted()
    assert "Belum pernah diuji" in text(ratna.get("phone/"))
    assert ratna.post("phone/test/").status_code == 204
    assert "Uji sedang berjalan" in ratna.post("phone/test/")["HX-Trigger"].encode().decode(
        "unicode_escape"
    )
    assert "sedang menelepon dirinya" in text(ratna.get("phone/now/"))
    with acting_in(BANYUWANGI):
        later = clock.now() + timedelta(minutes=6)
        selftest_services.begin(BANYUWANGI, by=ratna.viewer.actor, now=later)
        models.SelfTest.objects.filter(ended_at=None).update(
            ended_at=later, failed=[Check.QUEUED.value], note="no route"
        )
        assert selftest.latest(BANYUWANGI) is not None
    page = text(ratna.get("phone/now/"))
    assert "sampai di antrean" in page and "no route" in page
    assert "Uji mandiri telepon gagal" in text(ratna.get())
    found = run_examinations(clock.now(), only=frozenset({"telephony.self_test"}))
    assert [one.level.value for one in found] == ["error"] and "queued" in found[0].text


def test_calls_that_could_not_be_written_down_need_a_person(ratna: Seat) -> None:
    painted()
    with acting_in(BANYUWANGI):
        models.UnrecordedCall.objects.create(
            linked_id="s-1.1", region_id=BANYUWANGI, noted_at=clock.now()
        )
        [told] = attention.gathered(ratna.viewer, clock.now()).telephone[-1:]
    assert told.title.startswith("1 ") and told.title in text(ratna.get())


def test_others_neither_give_notices_nor_test(ratna: Seat) -> None:
    for somebody in (seat("sari"), seat("ayu")):
        assert somebody.get("phone/notices/").status_code == 403
        for path in ("phone/notices/", "phone/notices/end/", "phone/notices/hear/", "phone/test/"):
            assert somebody.post(path, {"text": WORDS}).status_code == 403
    assert asked() == [] and current() is None
