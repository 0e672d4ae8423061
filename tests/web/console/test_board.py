"""The board stays quick: as many questions to the database for one incident as for fifty."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from siaga.kernel.geometry import Point
from siaga.kernel.types import Urgency
from tests.web.console.stage import Desk, incident, seat, writes

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.console.urls")]
BOARD = "/banyuwangi/board/rows/"


@pytest.fixture
def bima() -> Desk:
    return seat("bima")


def questions(desk: Desk, path: str) -> int:
    """How many queries one look takes, once everything is warm."""
    desk.client.get(path, headers={"HX-Request": "true"})
    with CaptureQueriesContext(connection) as captured:
        assert desk.client.get(path, headers={"HX-Request": "true"}).status_code == 200
    return len(captured)


def fill(desk: Desk, numbers: range) -> None:
    for number in numbers:
        there = incident(desk, urgency=Urgency.P1, number=f"62880{number:03}")
        desk.post(f"incidents/{there.id}/send/", {"agencies": ["damkar", "bpbd"]})
        writes("tolong", number=f"62881{number:03}")


@pytest.mark.parametrize(
    "path", [BOARD, "/banyuwangi/console/waiting/", "/banyuwangi/console/map/points/"]
)
def test_more_rows_ask_no_more_questions(bima: Desk, path: str) -> None:
    fill(bima, range(1))
    few = questions(bima, path)
    fill(bima, range(1, 7))
    assert questions(bima, path) == few


def test_one_look_at_the_board_asks_few_questions(bima: Desk) -> None:
    fill(bima, range(2))
    assert questions(bima, BOARD) <= 24


def test_the_board_filters_by_urgency_agency_and_kecamatan(bima: Desk) -> None:
    urgent = incident(bima, urgency=Urgency.P1, number="62811")
    calm = incident(bima, urgency=Urgency.P4, number="62812")
    bima.post(f"incidents/{urgent.id}/send/", {"agencies": ["damkar"]})

    def shown(query: str) -> set[str]:
        page = bima.client.get(f"{BOARD}?{query}").content.decode()
        return {item.code for item in (urgent, calm) if item.code in page}

    assert shown("") == {urgent.code, calm.code}
    assert shown("urgency=P4") == {calm.code}
    assert shown("agency=damkar") == {urgent.code}
    assert shown("kecamatan=35.10.14") == {urgent.code, calm.code}
    assert shown("kecamatan=35.10.01") == set()
    assert shown("agency=nobody&urgency=P9") == {urgent.code, calm.code}, "nonsense filters nothing"
    filtered = bima.client.get(f"{BOARD}?filtered=1&urgency=P4&agency=")
    assert filtered["HX-Replace-Url"] == "/banyuwangi/board/?urgency=P4"


def test_the_map_gets_incidents_with_a_point_and_names_that_are_kept(bima: Desk) -> None:
    here = incident(bima, point=Point(-8.27, 114.32), number="62811")
    incident(bima, number="62812")
    items = bima.get("map/points/").json()["items"]
    assert [item["id"] for item in items] == [str(here.id)]
    areas = bima.get("map/areas/")
    assert len(areas.json()["labels"]) == 25
    kept = bima.client.get(
        "/banyuwangi/console/map/areas/", headers={"If-None-Match": areas["ETag"]}
    )
    assert kept.status_code == 304
