"""A centre's own street map is served in parts, and only from its folder."""

from pathlib import Path

import pytest
from django.test import Client

pytestmark = pytest.mark.urls("tests.web.shared.urls")
WHOLE = bytes(range(256)) * 40


@pytest.fixture(autouse=True)
def folder(settings, tmp_path: Path) -> Path:
    settings.SIAGA_TILES = tmp_path
    (tmp_path / "contoh.pmtiles").write_bytes(WHOLE)
    return tmp_path


def asked(client: Client, asked_range: str, address: str = "/contoh/tiles.pmtiles"):
    return client.get(address, headers={"Range": asked_range})


def test_a_part_is_answered_with_exactly_that_part(client: Client) -> None:
    answer = asked(client, "bytes=100-199")

    assert answer.status_code == 206
    assert b"".join(answer) == WHOLE[100:200]
    assert answer["Content-Range"] == f"bytes 100-199/{len(WHOLE)}"


def test_a_part_beyond_the_end_stops_at_the_end(client: Client) -> None:
    assert b"".join(asked(client, f"bytes={len(WHOLE) - 10}-999999")) == WHOLE[-10:]


@pytest.mark.parametrize("beyond", [f"bytes={len(WHOLE)}-", "bytes=20-10"])
def test_what_does_not_exist_cannot_be_asked_for(client: Client, beyond: str) -> None:
    assert asked(client, beyond).status_code == 416


def test_a_centre_without_streets_has_none(client: Client) -> None:
    assert client.get("/elsewhere/tiles.pmtiles").status_code == 404


def test_the_address_cannot_leave_the_folder(client: Client, folder: Path) -> None:
    (folder.parent / "secret.pmtiles").write_bytes(b"secret")

    assert client.get("/..%2Fsecret/tiles.pmtiles").status_code == 404
