"""A full disk: nothing is answered 200 that is not stored, and all goes on once there is room."""

import os
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pytest_django import Settings

from siaga.intake import queries as intake_queries
from siaga.kernel import clock
from siaga.kernel.postgres import EmbeddedServer
from siaga.kernel.postgres.provision import DATABASE, OWNER
from siaga.kernel.tenancy import acting_in
from siaga.messaging.models import Media
from siaga.web.citizen import spam
from tests import cast
from tests.embedded import environment, migrated_server
from tests.faults.small_disk import SmallDisk, small_disk
from tests.rooms.edge.doors import Door, open_door, stored
from tests.waiting import wait_until

pytestmark = pytest.mark.timeout(300)
SERVER_MEGABYTES = 400
BODY_BYTES = 3_000
POSTS = 60
RESTART_SECONDS_MAX = 90.0


@pytest.fixture
def disk() -> Iterator[SmallDisk]:
    """Room for a migrated server, and little more."""
    with small_disk(SERVER_MEGABYTES) as chosen:
        yield chosen


@pytest.fixture
def server(disk: SmallDisk) -> Iterator[EmbeddedServer]:
    """A server whose tables and log of changes lie on the small disk."""
    with migrated_server(disk.path) as running:
        assert running.data.is_relative_to(disk.path)
        yield running


class Sender:
    """Delivers one body after the other, and again later what was not answered 200."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self.refused: list[bytes] = []
        self.acknowledged: list[bytes] = []

    def deliver(self, *bodies: bytes) -> Counter[int]:
        """The answers, counted. A 503 always says when to come again."""
        answers: Counter[int] = Counter()
        for body in bodies:
            answer = self._door.deliver(body)
            answers[answer.status_code] += 1
            if answer.status_code == 200:
                self.acknowledged.append(body)
            else:
                assert answer.headers["retry-after"]
                self.refused.append(body)
        return answers

    def again(self) -> Counter[int]:
        """What was refused, as the provider sends it once more."""
        bodies, self.refused = self.refused, []
        return self.deliver(*bodies)


def _bodies(count: int) -> list[bytes]:
    return [os.urandom(BODY_BYTES) for _ in range(count)]


def _exactly(server: EmbeddedServer, acknowledged: list[bytes]) -> bool:
    kept = {identifier: bytes(body) for identifier, body in stored(server.url(DATABASE, OWNER))}
    return kept == {sha256(body).hexdigest(): body for body in acknowledged}


def test_a_full_disk_is_a_reason_to_come_again_and_nothing_is_stored_by_halves(
    disk: SmallDisk, server: EmbeddedServer, tmp_path: Path
) -> None:
    with open_door(tmp_path, environment(disk.path)) as door:
        sender = Sender(door)
        assert sender.deliver(*_bodies(5)) == {200: 5}
        disk.fill()
        answers = sender.deliver(*_bodies(POSTS))
        assert set(answers) <= {200, 503}
        assert answers[503] > POSTS / 2, "the disk was not full"
        assert "DiskFull" in door.log.read_text()
        assert door.get("/healthz").status_code == 200
        assert _exactly(server, sender.acknowledged)
        disk.empty()
        assert set(sender.again()) == {200}
    assert len(sender.acknowledged) == POSTS + 5
    assert _exactly(server, sender.acknowledged)


def test_a_database_that_died_of_the_full_disk_comes_back_with_all_that_was_answered(
    disk: SmallDisk, server: EmbeddedServer, tmp_path: Path
) -> None:
    with open_door(tmp_path, environment(disk.path)) as door:
        sender = Sender(door)
        assert sender.deliver(*_bodies(20)) == {200: 20}
        disk.fill()
        _use_up_the_log(server)
        assert set(sender.deliver(*_bodies(5))) == {503}
        disk.empty()
        # The edge starts the server again by itself.
        wait_until(lambda: sender.deliver(b"after")[200], RESTART_SECONDS_MAX)
        assert set(sender.again()) == {200}
        assert _exactly(server, list(dict.fromkeys(sender.acknowledged)))


def _use_up_the_log(server: EmbeddedServer) -> None:
    """Until PostgreSQL finds no room for its next segment and ends itself."""
    with psycopg.connect(server.url(DATABASE, OWNER), autocommit=True) as owner:
        with pytest.raises(psycopg.OperationalError):
            for _ in range(SERVER_MEGABYTES):
                owner.execute("SELECT pg_logical_emit_message(false, 'full', 'x')")
                owner.execute("SELECT pg_switch_wal()")
        assert owner.broken, "it only refused a statement"


def _photo() -> SimpleUploadedFile:
    content = BytesIO()
    noise = Image.frombytes("RGB", (400, 400), os.urandom(400 * 400 * 3))
    noise.save(content, "JPEG", quality=95)
    return SimpleUploadedFile("banjir.jpg", content.getvalue(), "image/jpeg")


@pytest.mark.django_db
def test_a_photo_for_a_full_disk_is_refused_in_words_and_the_report_can_go_without(
    settings: Settings,
) -> None:
    with small_disk(1) as disk:
        settings.MEDIA_ROOT = disk.path / "media"
        disk.fill()
        fields = {
            "ticket": spam.new_ticket(clock.now() - timedelta(seconds=30)).signed,
            "narrative": "Banjir di pasar",
        }
        answer = Client().post(f"/{cast.BANYUWANGI}/", {**fields, "attachments": _photo()})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "tidak ada ruang untuk berkas" in page
        assert "Banjir di pasar" in page
        assert [path for path in (disk.path / "media").rglob("*") if path.is_file()] == []
        with acting_in(cast.BANYUWANGI):
            assert not Media.objects.exists()
            assert intake_queries.waiting_contacts(cast.enter("sari", clock.now())) == []
        disk.empty()
        assert Client().post(f"/{cast.BANYUWANGI}/", {**fields, "attachments": _photo()}).url
        with acting_in(cast.BANYUWANGI):
            assert Media.objects.get().state == "stored"
