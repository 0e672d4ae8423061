"""Files of citizens and crews: whoever may see the case, in pieces if wanted, never as a page."""

import io
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PIL import Image

from siaga.dispatch import queries as dispatch
from siaga.dispatch import services as dispatch_services
from siaga.dispatch.services.sending import Order
from siaga.kernel import clock
from siaga.kernel.tenancy import acting_in
from siaga.messaging import services as messaging
from tests.cast import BANYUWANGI
from tests.web.console.stage import Desk, incident, seat

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.console.urls")]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def photo() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (32, 32), "grey").save(file, "JPEG")
    return file.getvalue()


def proof(desk: Desk, there_id: UUID) -> UUID:
    """The fire service finishes its work with a photo."""
    now, by = clock.now(), desk.viewer.actor
    with acting_in(BANYUWANGI):
        stored = messaging.store_upload(
            BANYUWANGI, io.BytesIO(photo()), original_name="bukti.jpg", by=by, now=now
        )
        [assignment_id] = dispatch_services.send(
            there_id, [Order(agency_code="damkar")], region_id=BANYUWANGI, by=by, now=now
        )
        dispatch_services.finish(
            assignment_id,
            region_id=BANYUWANGI,
            note="padam",
            media_ids=[stored.media_id],
            by=by,
            now=now,
        )
        assert dispatch.assignment_with_media(BANYUWANGI, stored.media_id) is not None
    return stored.media_id


def test_proof_is_for_the_centre_and_the_agency_that_took_it(settings: Any) -> None:
    settings.SIAGA_REQUIRE_MFA = False
    sari, made, tono, ayu = seat("sari"), seat("made"), seat("tono"), seat("ayu")
    path = f"/banyuwangi/media/{proof(sari, incident(sari).id)}/"
    for somebody in (sari, made):
        answer = somebody.client.get(path)
        assert answer.status_code == 200
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert b"".join(answer.streaming_content)[:2] == b"\xff\xd8"
    part = sari.client.get(path, headers={"Range": "bytes=0-1"})
    assert part.status_code == 206 and part["Content-Length"] == "2"
    assert b"".join(part.streaming_content) == b"\xff\xd8"
    assert tono.client.get(path).status_code == 404
    assert ayu.client.get(path).status_code == 403, "administrators read no files of cases"
    sari.client.logout()
    assert sari.client.get(path).status_code == 302
