"""Files: what they are, what they hide, what is kept of them."""

import os
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from siaga.kernel.geometry import distance_metres
from siaga.messaging.errors import MediaRejected
from siaga.messaging.media import boxes, images, kinds, storage
from siaga.messaging.media.inspection import inspect
from tests.rooms.messaging import samples
from tests.rooms.messaging.conftest import NOW, REGION

ROGOJAMPI = (-8.3085, 114.2867)


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (samples.jpeg(), "image/jpeg"),
        (samples.picture("PNG"), "image/jpeg"),
        (samples.picture("PNG", "RGBA"), "image/png"),
        (samples.picture("WEBP"), "image/jpeg"),
        (samples.picture("GIF", "P"), "image/jpeg"),
        (samples.OGG, "audio/ogg"),
        (samples.AMR, "audio/amr"),
        (samples.MP3, "audio/mpeg"),
        (b"\xff\xf1" + bytes(64), "audio/aac"),
        (b"\xff\xfb" + bytes(64), "audio/mpeg"),
        (samples.PDF, "application/pdf"),
        (samples.WEBM, "video/webm"),
        (samples.movie(), "video/mp4"),
        (samples.movie(brand=b"qt  "), "video/quicktime"),
        (samples.movie(brand=b"3gp5"), "video/3gpp"),
        (samples.movie(tracks=(b"soun",)), "audio/mp4"),
        (samples.movie(brand=b"M4A ", tracks=(b"soun",)), "audio/mp4"),
    ],
)
def test_kinds_are_told_by_content(data: bytes, content_type: str) -> None:
    assert inspect(data).kind.content_type == content_type


@pytest.mark.parametrize(
    "data",
    [
        b"<!doctype html><html>",
        b"  <html>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<?xml version='1.0'?><svg/>",
        b"PK\x03\x04" + bytes(100),
        b"MZ" + bytes(100),
        b"#!/bin/sh\n",
        b" %PDF-1.7",
        b"RIFF\x00\x00\x00\x00AVI ",
        b"OggS" + bytes(24) + b"\x80theora OpusHead",
        b"\x00\x00\x00\x18ftypheic" + bytes(40),
        b"\x00\x00\x00\x18ftypavif" + bytes(40),
        b"plain text",
        b"\xff",
    ],
)
def test_everything_else_is_turned_away(data: bytes) -> None:
    with pytest.raises(MediaRejected) as refusal:
        inspect(data)
    assert refusal.value.reason == "kind"


def test_a_photo_loses_its_position_and_everything_else_it_hides() -> None:
    inspected = inspect(samples.jpeg(position=ROGOJAMPI))
    with Image.open(BytesIO(inspected.data)) as image:
        assert dict(image.getexif()) == {}
        assert "comment" not in image.info
        assert image.size == (64, 48)
    assert inspected.position is not None
    lat, lng = ROGOJAMPI
    there = type(inspected.position)(lat=lat, lng=lng)
    assert distance_metres(inspected.position, there) < 1
    for hidden in (b"Exif", b"TeleponWarga", b"rahasia"):
        assert hidden not in inspected.data


def test_a_photo_without_a_position_has_none() -> None:
    assert inspect(samples.jpeg()).position is None
    assert inspect(samples.jpeg(position=(0.0, 0.0))).position is None


def test_a_photo_that_is_a_web_page_as_well_is_only_a_photo_afterwards() -> None:
    page = samples.polyglot()
    assert b"<script>" in page
    inspected = inspect(page)
    assert inspected.kind == kinds.JPEG
    assert b"<script>" not in inspected.data
    assert b"doctype" not in inspected.data


def test_a_turned_photo_stands_upright() -> None:
    image = Image.new("RGB", (40, 20))
    exif = image.getexif()
    exif[274] = 6
    out = BytesIO()
    image.save(out, "JPEG", exif=exif)
    with Image.open(BytesIO(inspect(out.getvalue()).data)) as upright:
        assert upright.size == (20, 40)


def test_a_bomb_of_pixels_is_broken_before_it_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "PIXELS_MAX", 100)
    with pytest.raises(MediaRejected) as refusal:
        inspect(samples.jpeg())
    assert refusal.value.reason == "broken"


def test_a_large_photo_is_made_smaller() -> None:
    drawn = inspect(samples.jpeg(size=(5000, 1000)))
    with Image.open(BytesIO(drawn.data)) as image:
        assert image.size == (4096, 819)


@pytest.mark.parametrize("brand", [b"mp42", b"qt  ", b"3gp5", b"isom"])
def test_a_film_loses_every_place_and_keeps_its_length(brand: bytes) -> None:
    film = samples.movie(brand=brand)
    assert film.count(samples.WHERE) == 6
    inspected = inspect(film)
    assert len(inspected.data) == len(film)
    assert samples.WHERE not in inspected.data
    assert b"\xa9xyz" not in inspected.data
    assert b"loci" not in inspected.data
    assert b"pictures and sound" in inspected.data
    assert inspected.position is not None
    assert (round(inspected.position.lat, 4), round(inspected.position.lng, 4)) == (
        8.2192,
        -114.3691,
    )


def test_blanking_leaves_only_tracks_that_are_played() -> None:
    film = bytearray(samples.movie())
    found = boxes.blank_descriptions(film)
    assert found.handlers == {b"vide", b"soun"}
    assert film.count(b"trak") == 2


@pytest.mark.parametrize(
    "data",
    [
        samples.box(b"ftyp", b"mp42", bytes(4)),
        samples.box(b"ftyp", b"mp42", bytes(4)) + b"\xff\xff\xff\xffmoov",
        samples.box(b"ftyp", b"mp42", bytes(4)) + b"\x00\x00\x00\x01moov\x00",
        samples.box(b"ftyp", b"mp42", bytes(4)) + b"\x00\x00\x00\x02moov",
        samples.box(b"ftyp", b"mp42", bytes(4)) + samples.box(b"moov"),
        samples.movie(tracks=()),
    ],
)
def test_a_film_whose_boxes_do_not_fit_is_broken(data: bytes) -> None:
    with pytest.raises(MediaRejected) as refusal:
        inspect(data)
    assert refusal.value.reason == "broken"


def test_too_large_is_told_with_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(kinds.BYTES_MAX, kinds.Family.DOCUMENT, kinds.MEGABYTE)
    with pytest.raises(MediaRejected) as refusal:
        inspect(samples.PDF + bytes(kinds.MEGABYTE))
    assert refusal.value.reason == "too_large"
    assert "1 MB" in refusal.value.message


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_nothing_but_a_refusal_comes_of_noise(noise: bytes) -> None:
    for head in (b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"\x00\x00\x00\x10ftypmp42"):
        try:
            inspect(head + noise)
        except MediaRejected as refusal:
            assert refusal.reason


def test_a_stored_file_has_a_name_that_says_nothing(home: Path) -> None:
    path = storage.write(b"data", region_id=REGION, extension="jpg", now=NOW)
    found = storage.locate(path)
    assert found is not None
    assert path.startswith(f"{REGION}/2026/11/")
    assert len(found.stem) >= 32
    assert found.stat().st_mode & 0o777 == 0o600
    assert (home / "media" / REGION).stat().st_mode & 0o777 == 0o700
    storage.discard(path)
    assert storage.locate(path) is None


@pytest.mark.parametrize("path", ["", "../secrets.toml", "/etc/passwd", "missing.jpg"])
def test_no_path_leads_outside(path: str, home: Path) -> None:
    storage.root().mkdir(parents=True, exist_ok=True)
    assert storage.locate(path) is None


def test_a_region_cannot_be_a_path(now: datetime) -> None:
    with pytest.raises(ValueError, match="region"):
        storage.write(b"x", region_id="../x", extension="jpg", now=now)


def test_a_failed_write_leaves_nothing(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        storage.write(b"x", region_id=REGION, extension="jpg", now=NOW)
    assert [path for path in storage.root().rglob("*") if path.is_file()] == []
