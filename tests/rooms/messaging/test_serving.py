"""Handing files to browsers: never as something that runs, in parts if asked for."""

from pathlib import Path
from uuid import UUID

import pytest

from siaga.messaging.media.serving import MediaAnswer, answer
from siaga.messaging.types import MediaState, MediaView
from tests.rooms.messaging.conftest import NOW, REGION

DATA = bytes(range(256)) * 1000


def view(tmp_path: Path, content_type: str = "image/jpeg", **changes: object) -> MediaView:
    path = tmp_path / "random"
    path.write_bytes(DATA)
    values: dict[str, object] = {
        "id": UUID("018f0000-0000-7000-8000-000000000009"),
        "region_id": REGION,
        "message_id": None,
        "state": MediaState.STORED,
        "content_type": content_type,
        "size": len(DATA),
        "sha256": "a" * 64,
        "original_name": 'x"; filename=evil.html',
        "reason": "",
        "path": path,
        "created_at": NOW,
    }
    return MediaView(**values | changes)  # type: ignore[arg-type]


def body(given: MediaAnswer) -> bytes:
    return b"".join(given.chunks())


def test_a_photo_is_shown_and_cannot_run(tmp_path: Path) -> None:
    given = answer(view(tmp_path))
    assert (given.status, body(given)) == (200, DATA)
    assert given.headers["Content-Type"] == "image/jpeg"
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    assert given.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert given.headers["Content-Disposition"].startswith("inline")
    assert "private" in given.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("content_type", "served_as", "way"),
    [
        ("video/mp4", "video/mp4", "inline"),
        ("audio/ogg", "audio/ogg", "inline"),
        ("application/pdf", "application/pdf", "attachment"),
        ("text/html", "application/octet-stream", "attachment"),
        ("image/svg+xml", "application/octet-stream", "attachment"),
        ("", "application/octet-stream", "attachment"),
    ],
)
def test_only_what_we_checked_is_shown_in_place(
    content_type: str, served_as: str, way: str, tmp_path: Path
) -> None:
    given = answer(view(tmp_path, content_type))
    assert given.headers["Content-Type"] == served_as
    assert given.headers["Content-Disposition"].startswith(way)


def test_the_senders_name_for_the_file_is_in_no_header(tmp_path: Path) -> None:
    assert "evil" not in str(answer(view(tmp_path)).headers)


@pytest.mark.parametrize(
    ("header", "start", "end"),
    [
        ("bytes=0-99", 0, 99),
        ("bytes=100-", 100, len(DATA) - 1),
        ("bytes=-50", len(DATA) - 50, len(DATA) - 1),
        ("bytes=0-99999999", 0, len(DATA) - 1),
        ("bytes=-99999999", 0, len(DATA) - 1),
    ],
)
def test_a_part_can_be_asked_for(header: str, start: int, end: int, tmp_path: Path) -> None:
    given = answer(view(tmp_path), range_header=header)
    assert given.status == 206
    assert given.headers["Content-Range"] == f"bytes {start}-{end}/{len(DATA)}"
    assert given.headers["Content-Length"] == str(end - start + 1)
    assert body(given) == DATA[start : end + 1]


@pytest.mark.parametrize("header", ["bytes=999999-", "bytes=-0"])
def test_a_part_that_is_not_there_is_said_so(header: str, tmp_path: Path) -> None:
    given = answer(view(tmp_path), range_header=header)
    assert (given.status, body(given)) == (416, b"")


@pytest.mark.parametrize("header", ["bytes=5-2", "items=0-1", "bytes=-", "bytes=0-1,5-6", "x"])
def test_a_range_that_is_none_gives_the_whole(header: str, tmp_path: Path) -> None:
    assert answer(view(tmp_path), range_header=header).status == 200


def test_what_the_browser_has_is_not_sent_again(tmp_path: Path) -> None:
    tag = answer(view(tmp_path)).headers["ETag"]
    given = answer(view(tmp_path), if_none_match=tag)
    assert (given.status, body(given)) == (304, b"")


@pytest.mark.parametrize(
    "changes",
    [{"state": MediaState.REJECTED}, {"path": None}, {"path": Path("/nonexistent")}],
)
def test_what_is_not_stored_is_not_found(changes: dict[str, object], tmp_path: Path) -> None:
    given = answer(view(tmp_path, **changes))
    assert (given.status, body(given)) == (404, b"")
    assert given.headers["X-Content-Type-Options"] == "nosniff"
