"""Request ids, logs without citizens, figures."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from siaga.kernel.observability import accept_request_id, logs, metrics, request_id, serving
from siaga.kernel.observability.masking import HIDDEN, mask_text, mask_value
from siaga.kernel.observability.middleware import RequestMiddleware


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """The log of a process, as JSON lines."""
    root = logging.getLogger()
    former, level = root.handlers, root.level
    stream = io.StringIO()
    logs.configure("test", stream=stream)
    yield stream
    root.handlers = former
    root.setLevel(level)
    structlog.reset_defaults()


def _lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.parametrize(
    "text",
    [
        "call 081234567890 now",
        "call +62 812-3456-7890",
        "6281234567890",
        "from 0062 812 3456 7890",
        "/banyuwangi/track/K7QM-3F9T-XW2D-04HN/",
        "?track=whatever&x=1",
        "Authorization: Bearer abcdefghijklmnop",
        "slamet@example.test wrote",
        "duplicate key DETAIL:  Key (phone)=(+6281234) already exists.",
    ],
)
def test_what_identifies_a_person_is_masked(text: str) -> None:
    masked = mask_text(text)
    assert HIDDEN in masked
    for secret in ("2345", "K7QM", "whatever", "abcdefgh", "slamet", "+62"):
        assert secret not in masked


@pytest.mark.parametrize(
    "text",
    [
        "BWI-261121-0042",
        "2026-11-21T19:14:18.123456Z",
        "01a1ff97-2118-7ab4-97a9-70cc394ca6ca",
        "127.0.0.1:8112",
        "took 0.123456789 s",
        "siaga.triage.services:open_incident",
    ],
)
def test_what_the_operator_needs_stays(text: str) -> None:
    assert mask_text(text) == text


def test_private_fields_are_hidden_at_any_depth() -> None:
    value = {"report": {"narrative": "Tolong!", "id": 7, "list": [{"phone_number": "1"}]}, "n": 1}
    assert mask_value(value) == {
        "report": {"narrative": HIDDEN, "id": 7, "list": [{"phone_number": HIDDEN}]},
        "n": 1,
    }
    assert mask_value(b"raw bytes of a webhook") == "22 bytes"


def test_every_line_carries_the_request_and_no_citizen(log: io.StringIO) -> None:
    with serving("from-the-webhook-1"):
        structlog.get_logger("one").info("message_received", text="Tolong pak", count=2)
        told = logging.getLogger("django.request")
        told.error("Internal Server Error: %s", "/x/?phone=081234567890")
        told.warning("Conflict: %s", "/y/")
    ours, theirs = _lines(log)
    assert (ours["event"], ours["text"], ours["count"]) == ("message_received", HIDDEN, 2)
    assert ours["request_id"] == theirs["request_id"] == "from-the-webhook-1"
    assert ours["process"] == "test"
    assert "0812" not in log.getvalue()


def test_a_traceback_is_told_without_the_row(log: io.StringIO) -> None:
    try:
        raise ValueError("duplicate\nDETAIL:  Key (name)=(Pak Slamet) exists.")
    except ValueError:
        structlog.get_logger("one").exception("failed")
    (line,) = _lines(log)
    assert "ValueError: duplicate" in line["exception"]
    assert "Slamet" not in line["exception"].split("ValueError: duplicate")[-1]


def test_a_sane_request_id_is_kept_and_an_odd_one_replaced() -> None:
    assert accept_request_id("from-the-provider-1") == "from-the-provider-1"
    for odd in (None, "", "short", "x" * 65, "with space 1", "line\nbreak-1"):
        assert len(accept_request_id(odd)) == 36


def test_a_page_belongs_to_its_request_id() -> None:
    seen: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request_id.get())
        return HttpResponse("ok")

    request = RequestFactory().get("/", headers={"X-Request-ID": "from-the-edge-01"})
    response = RequestMiddleware(view)(request)
    assert seen == ["from-the-edge-01"] == [response.headers["X-Request-ID"]]
    assert request_id.get() == ""


def test_a_figure_that_cannot_be_read_hides_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> list[metrics.Sample]:
        raise RuntimeError("no table")

    monkeypatch.setattr(metrics, "_figures", {})
    metrics.figure("siaga_test_well", "Well.", lambda: [(("a",), 2.0)], labels=("kind",))
    metrics.figure("siaga_test_broken", "Broken.", broken)
    families = {family.name: family for family in metrics.DatabaseFigures().collect()}
    assert families["siaga_test_well"].samples[0].value == 2.0
    assert "siaga_test_broken" not in families
    assert families["siaga_figure_unreadable"].samples[0].labels == {"figure": "siaga_test_broken"}
