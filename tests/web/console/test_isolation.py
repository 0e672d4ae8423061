"""Tono of Jombang finds nothing of Banyuwangi; confidential cases are for those named."""

from typing import Any
from uuid import UUID

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from siaga.dispatch import queries as dispatch
from siaga.dispatch import services as dispatch_services
from siaga.dispatch.services.sending import Order
from siaga.kernel import clock
from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import Urgency
from siaga.triage import queries as triage
from tests.cast import BANYUWANGI
from tests.web.console.stage import FORM, HTMX, Desk, incident, seat, writes

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.console.urls")]
SOMETHING = UUID("0190a000-0000-7000-8000-000000000001")


def addresses() -> list[tuple[str, tuple[str, ...]]]:
    """Every address of the console and the board, with the names of the ids in it."""
    found: list[tuple[str, tuple[str, ...]]] = []

    def walk(patterns: list[URLPattern | URLResolver], before: str) -> None:
        for pattern in patterns:
            route = before + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, route)
            elif "/console/" in route or "/board/" in route or "/media/" in route:
                found.append((route, tuple(pattern.pattern.converters)))

    walk(get_resolver().url_patterns, "/")
    return found


def test_every_address_of_another_region_is_absent_for_tono() -> None:
    tono = seat("tono")
    sari = seat("sari")
    there = incident(sari)
    waiting = writes("tolong", number="62833")
    with acting_in(BANYUWANGI):
        [assignment_id] = dispatch_services.send(
            there.id,
            [Order(agency_code="damkar")],
            region_id=BANYUWANGI,
            by=sari.viewer.actor,
            now=clock.now(),
        )
        [report_id] = triage.report_ids(BANYUWANGI, there.id)
    ids = {
        "incident_id": there.id,
        "contact_id": waiting,
        "report_id": report_id,
        "assignment_id": assignment_id,
    }
    tried = 0
    for route, _names in addresses():
        path = route.replace("<slug:region>", "banyuwangi")
        for name, value in ids.items():
            path = path.replace(f"<uuid:{name}>", str(value))
        path = path.replace("<str:linked_id>", "siaga1-1.1")
        for name in ("message_id", "position_id", "media_id", "call_id", "callback_id"):
            path = path.replace(f"<uuid:{name}>", str(SOMETHING))
        assert "<" not in path, path
        for answer in (
            tono.client.get(path, headers=HTMX),
            tono.client.post(path, {}, headers=HTMX),
            tono.client.get(path),
        ):
            assert answer.status_code in (404, 405), (path, answer.status_code)
            tried += answer.status_code == 404
    assert tried > 60
    with acting_in(BANYUWANGI):
        assert dispatch.assignment(BANYUWANGI, assignment_id) is not None


def test_ids_of_another_region_are_absent_below_ones_own() -> None:
    tono, sari = seat("tono"), seat("sari")
    there = incident(sari)
    waiting = writes("tolong", number="62833")
    for rest in (
        f"incidents/{there.id}/",
        f"incidents/{there.id}/now/",
        f"contacts/{waiting}/",
        f"contacts/{waiting}/talk/",
        f"contacts/{waiting}/seen/",
    ):
        answer = tono.client.get(f"/jombang/console/{rest}", headers=HTMX)
        assert answer.status_code == 404, rest
    for rest in (f"contacts/{waiting}/claim/", f"incidents/{there.id}/close/"):
        answer = tono.client.post(f"/jombang/console/{rest}", {}, headers=HTMX)
        assert answer.status_code == 404, rest


def test_whoever_is_not_signed_in_is_led_to_the_door() -> None:
    sari = seat("sari")
    sari.client.logout()
    assert sari.get(fragment=False).status_code == 302
    assert sari.get("waiting/").status_code == 401


def test_officers_and_administrators_have_no_desk(settings: Any) -> None:
    settings.SIAGA_REQUIRE_MFA = False
    for name in ("made", "ayu"):
        assert seat(name).get(fragment=False).status_code == 403


def confidential(desk: Desk) -> str:
    contact_id = writes("suami memukul saya, tolong", number="62844", name="Ibu R")
    assert desk.post(f"contacts/{contact_id}/claim/").status_code == 200
    form = {**FORM, "type_code": "KDRT", "urgency": "", "agencies": [], "then": "open"}
    assert desk.post(f"contacts/{contact_id}/file/", form).status_code == 200
    return str(contact_id)


def test_a_confidential_incident_is_unseen_by_colleagues_on_every_list() -> None:
    sari, dewi = seat("sari"), seat("dewi")
    contact_id = confidential(sari)
    with acting_in(BANYUWANGI):
        [there] = triage.board(sari.viewer)
    assert there.confidential and there.urgency is Urgency.P1
    own = sari.get(f"incidents/{there.id}/").content.decode()
    assert "Rahasia" in own and "Sari Wulandari" in own, "who may see it is shown"
    for path in (
        f"incidents/{there.id}/",
        f"contacts/{contact_id}/",
        f"contacts/{contact_id}/talk/",
    ):
        assert dewi.get(path).status_code == 404, path
    for page in (
        dewi.get("waiting/"),
        dewi.get("map/points/"),
        dewi.client.get("/banyuwangi/board/"),
    ):
        assert there.code not in page.content.decode()
        assert "Ibu R" not in page.content.decode()
    assert there.code in sari.client.get("/banyuwangi/board/").content.decode()


def test_a_grant_for_the_type_lets_in() -> None:
    sari, dewi = seat("sari"), seat("dewi", confidential=("KDRT",))
    confidential(sari)
    with acting_in(BANYUWANGI):
        [there] = triage.board(dewi.viewer)
    assert dewi.get(f"incidents/{there.id}/").status_code == 200


def test_earlier_words_of_a_confidential_case_do_not_stand_beside_a_new_contact() -> None:
    sari, dewi = seat("sari"), seat("dewi")
    confidential(sari)
    with acting_in(BANYUWANGI):
        [there] = triage.board(sari.viewer)
    sari.post(f"incidents/{there.id}/close/", {"disposition": "handled"})
    again = writes("pohon tumbang di depan rumah", number="62844", name="Ibu R")
    page = dewi.post("next/").content.decode()
    assert str(again) in page
    assert "memukul" not in page


def test_the_intern_asks_for_help_where_the_role_ends() -> None:
    sari, putri = seat("sari"), seat("putri")
    there = incident(sari)
    with acting_in(BANYUWANGI):
        [assignment_id] = dispatch_services.send(
            there.id,
            [Order(agency_code="damkar")],
            region_id=BANYUWANGI,
            by=sari.viewer.actor,
            now=clock.now(),
        )
    refused = {
        f"assignments/{assignment_id}/answer/": {"state": "acknowledged"},
        f"assignments/{assignment_id}/withdraw/": {"words": "salah kirim"},
        f"incidents/{there.id}/close/": {"disposition": "handled"},
        f"incidents/{there.id}/reopen/": {"reason": "belum"},
        f"incidents/{there.id}/evidence/": {"kind": "supervisor_override"},
    }
    for path, data in refused.items():
        assert putri.post(path, data).status_code == 403, path
    callback = {"kind": "callback", "note": "ditelepon balik"}
    assert putri.post(f"incidents/{there.id}/evidence/", callback).status_code == 204
    page = putri.get(f"incidents/{there.id}/").content.decode()
    assert "supervisor_override" not in page
    assert f"/assignments/{assignment_id}/answer/" in page or "assignments_answer" not in page
