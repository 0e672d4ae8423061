"""How refusals reach a person: a page, a toast for htmx, JSON for an island."""

import json

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation

from siaga.kernel.errors import Conflict, Forbidden, NotFound
from siaga.web.shared import htmx
from siaga.web.shared.middleware import ErrorMiddleware

pytestmark = pytest.mark.urls("tests.web.shared.urls")


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def middleware() -> ErrorMiddleware:
    return ErrorMiddleware(lambda request: HttpResponse())


def asked(**headers: str) -> HttpRequest:
    return RequestFactory().post("/x/", headers=headers)


def test_htmx_gets_a_toast_and_after_a_conflict_looks_again(middleware: ErrorMiddleware) -> None:
    answer = middleware.process_exception(asked(**{"HX-Request": "true"}), Conflict())

    assert answer is not None
    assert answer.status_code == 409
    assert answer["HX-Reswap"] == "none"
    said = json.loads(answer["HX-Trigger"])
    assert said["siaga:toast"]["text"] == Conflict().message
    assert "siaga:resync" in said


def test_an_island_gets_the_reason_as_json(middleware: ErrorMiddleware) -> None:
    answer = middleware.process_exception(asked(Accept="application/json"), Forbidden())

    assert answer is not None
    assert answer.status_code == 403
    assert json.loads(answer.content)["code"] == "siaga.forbidden"


def test_other_errors_are_left_to_django(middleware: ErrorMiddleware) -> None:
    assert middleware.process_exception(asked(), ValueError("bug")) is None


def test_a_person_gets_a_page_that_says_what_to_do(middleware: ErrorMiddleware) -> None:
    answer = middleware.process_exception(asked(), NotFound())

    assert answer is not None
    assert answer.status_code == 404
    assert b"112" in answer.content


def test_a_toast_can_carry_its_undo() -> None:
    answer = htmx.toast(HttpResponse(), "Marked as ghost call.", undo_url="/u/", seconds=8)

    assert json.loads(answer["HX-Trigger"])["siaga:toast"] == {
        "text": "Marked as ghost call.",
        "undo_url": "/u/",
        "seconds": 8,
    }


def test_a_second_trigger_does_not_displace_the_first() -> None:
    answer = htmx.trigger(htmx.toast(HttpResponse(), "Saved."), "siaga:close")

    assert set(json.loads(answer["HX-Trigger"])) == {"siaga:toast", "siaga:close"}


def test_the_design_page_is_only_for_the_demo(client: Client, settings) -> None:
    settings.SIAGA_DEMO = False
    assert client.get("/control/design/").status_code == 404
    settings.SIAGA_DEMO = True
    assert client.get("/control/design/").status_code == 200


@pytest.mark.parametrize("name", ["console", "board", "agency", "citizen"])
def test_every_shell_can_be_looked_at(client: Client, settings, name: str) -> None:
    settings.SIAGA_DEMO = True

    answer = client.get(f"/control/design/{name}/")

    assert answer.status_code == 200
    assert b"skip-link" in answer.content


@pytest.mark.parametrize(
    ("cookie", "shown"),
    [("light", "light"), ("dark", "dark"), ("system", "auto"), ("nonsense", "auto")],
)
def test_the_chosen_theme_is_on_the_page_before_any_script(
    client: Client, settings, cookie: str, shown: str
) -> None:
    settings.SIAGA_DEMO = True
    client.cookies["siaga_theme"] = cookie

    assert f'data-theme="{shown}"'.encode() in client.get("/control/design/").content
