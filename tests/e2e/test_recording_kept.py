"""From the end of a call to its sound in a browser, with every process of the house at work."""

import io
from pathlib import Path
from typing import Any

import pytest
import soundfile

from siaga.kernel import clock
from siaga.kernel.tenancy import acting_in
from siaga.telephony import models
from siaga.telephony import services as telephony
from siaga.telephony.recordings import store
from siaga.telephony.recordings.types import RecordingState
from siaga.telephony.services.calllog import call_id
from tests.cast import BANYUWANGI
from tests.databases import TestDatabase
from tests.e2e.whole import whole_program
from tests.rooms.telephony.record import answered_call, write
from tests.rooms.telephony.recordings.plain import call as plain_call
from tests.waiting import wait_until

pytestmark = pytest.mark.e2e
LINKED = "siaga1-whole.1"
PATIENCE_SECONDS = 120


def test_the_worker_keeps_a_recording_and_the_desk_hears_it(
    committed_db: TestDatabase, tmp_path: Path, settings: Any
) -> None:
    with whole_program(committed_db, tmp_path) as whole:
        settings.SIAGA_HOME = tmp_path
        now = clock.now()
        files = plain_call(store.plain_folder(), LINKED, at=now, seconds=4)
        write(tmp_path / "cel", *answered_call(LINKED, BANYUWANGI, at=now.timestamp() - 60))
        while telephony.follow(tmp_path / "cel", now=now):
            pass
        wait_until(lambda: state() == RecordingState.READY, PATIENCE_SECONDS)
        wait_until(lambda: not any(path.exists() for path in files), PATIENCE_SECONDS)
        with whole.named("banyuwangi") as api:
            [one] = api.get("calls").json()["items"]
        assert one["linkedid"] == LINKED and one["contact"] == str(call_id(LINKED))
        assert one["recording"]["state"] == "ready" and one["recording"]["seconds"] == 4
        with whole.signed_in(whole.person("banyuwangi", "call_taker")) as desk:
            flac = desk.get(one["recording"]["url"]).content
            part = desk.get(one["recording"]["url"], headers={"Range": "bytes=100-199"})
        samples, rate = soundfile.read(io.BytesIO(flac), dtype="int16")
        assert samples.shape == (4 * rate, 2)
        assert part.status_code == 206 and part.content == flac[100:200]
        with whole.signed_in(whole.person("jombang", "call_taker")) as stranger:
            assert stranger.get(one["recording"]["url"]).status_code == 404


def state() -> str:
    with acting_in(BANYUWANGI):
        return models.Recording.objects.get(linked_id=LINKED).state
