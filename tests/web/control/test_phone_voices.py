"""Sentences in the centre's own voice: recorded, listened to, published, rolled back."""

import io
import math
import wave as files
from array import array
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.utils.translation import override

from siaga.journal import queries as journal
from siaga.kernel.tenancy import acting_in
from siaga.telephony.asterisk import prompts, wave
from siaga.telephony.voices import queries
from tests.cast import BANYUWANGI
from tests.web.control.stage import Seat, seat, text

pytestmark = pytest.mark.django_db
NAME = "cannot-speak"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> Path:
    """A data folder in which everything has been spoken by something that hums."""
    settings.SIAGA_HOME = tmp_path
    place = tmp_path / "phone"
    (place / "prompts" / "spoken").mkdir(parents=True)
    with acting_in(BANYUWANGI):
        plan = queries.the_plan(BANYUWANGI)
        spoken = prompts.spoken_place(queries.the_prompt(plan, NAME), place)
        spoken.write_bytes(hum(8000, 0.5))
        prompts.point_at_best(plan, queries.the_prompt(plan, NAME), place, lambda: None)
    return place


@pytest.fixture
def ayu() -> Seat:
    return seat("ayu")


def hum(rate: int, seconds: float, loud: int = 9000) -> bytes:
    turns = (loud * math.sin(2 * math.pi * 440 * n / rate) for n in range(int(rate * seconds)))
    out = io.BytesIO()
    with files.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(array("h", (int(one) for one in turns)).tobytes())
    return out.getvalue()


def record(who: Seat, sound: bytes, name: str = NAME) -> HttpResponse:
    given = SimpleUploadedFile("recording.wav", sound, content_type="audio/wav")
    return who.post(f"phone/voices/{name}/draft/", {"sound": given})


def heard(home: Path) -> bytes:
    """What Asterisk opens under its own name of the sentence."""
    return (home / "prompts" / "banyuwangi" / f"{NAME}.wav").read_bytes()


def of(name: str = NAME) -> Any:
    with acting_in(BANYUWANGI):
        return queries.one(BANYUWANGI, name)


def test_a_draft_is_heard_by_nobody_until_it_is_published_and_then_without_a_restart(
    ayu: Seat, home: Path
) -> None:
    before = heard(home)
    assert record(ayu, hum(48_000, 1.5)).status_code == 302
    assert heard(home) == before
    draft = ayu.get(f"phone/voices/{NAME}/draft.wav")
    assert draft["Content-Type"] == "audio/wav"
    assert 1.3 < wave.seconds(draft.content) < 1.7
    assert ayu.post(f"phone/voices/{NAME}/publish/").status_code == 302
    assert heard(home) == draft.content
    samples, rate = wave.read(heard(home))
    assert rate == 8000 and max(samples) > 20_000, "as loud as the others"
    assert "Ayu Administrator" in text(ayu.get("phone/voices/"))
    with acting_in(BANYUWANGI):
        [told] = journal.entries(BANYUWANGI, names=("telephony.prompt_published",))
    assert told.actor.person_id == ayu.viewer.person_id
    assert ayu.post(f"phone/voices/{NAME}/publish/").status_code == 409


def test_an_earlier_recording_and_the_computers_voice_come_back(ayu: Seat, home: Path) -> None:
    spoken, published = heard(home), []
    for seconds in (1.0, 2.0):
        record(ayu, hum(16_000, seconds))
        ayu.post(f"phone/voices/{NAME}/publish/")
        published.append(heard(home))
    newer, older = of().versions
    assert of().current.id == newer.id
    ayu.post(f"phone/voices/{NAME}/back/", {"version": older.id})
    assert heard(home) == published[0] and of().current.id == older.id
    ayu.post(f"phone/voices/{NAME}/back/", {"version": "spoken"})
    assert heard(home) == spoken and of().current is None
    assert len(of().versions) == 2, "nothing was lost"
    ayu.post(f"phone/voices/{NAME}/back/", {"version": newer.id})
    assert heard(home) == published[1]
    assert ayu.post(f"phone/voices/{NAME}/back/", {"version": "../../x"}).status_code == 404


def test_a_recording_for_other_words_is_flagged(ayu: Seat, home: Path) -> None:
    record(ayu, hum(8_000, 1))
    ayu.post(f"phone/voices/{NAME}/publish/")
    assert not of().is_for_other_words
    for about in (home / "recorded/banyuwangi/.kept" / NAME).glob("2*.json"):
        about.write_text(about.read_text().replace("Tanda", "Isyarat"))
    assert of().is_for_other_words
    assert "Direkam untuk kata-kata lain" in text(ayu.get(f"phone/voices/{NAME}/"))


def test_a_file_that_somebody_put_there_by_hand_is_heard_and_said_so(ayu: Seat, home: Path) -> None:
    own = home / "recorded" / "banyuwangi" / f"{NAME}.wav"
    own.parent.mkdir(parents=True)
    own.write_bytes(hum(8000, 1))
    assert of().current is not None and of().current.words == ""
    assert "langsung di server" in text(ayu.get(f"phone/voices/{NAME}/"))


@pytest.mark.parametrize(
    ("sound", "words"),
    [
        (b"RIFFnothing", "bukan suara"),
        (b"", "kosong"),
        (hum(8000, 1, loud=10), "Tidak terdengar"),
        (hum(8000, 61), "Lebih dari 60 detik"),
    ],
)
def test_what_is_no_sentence_is_refused_with_its_cure(
    ayu: Seat, home: Path, sound: bytes, words: str
) -> None:
    before = heard(home)
    answer = record(ayu, sound)
    assert answer.status_code == 422 and words in text(answer)
    assert of().draft is None and heard(home) == before


def test_the_pause_after_the_words_is_kept(ayu: Seat) -> None:
    record(ayu, hum(8000, 1), "waiting")
    assert of("waiting").draft.seconds > 1 + of("waiting").pause - 0.1


def test_only_who_edits_the_profile_records_and_listens(ayu: Seat, home: Path) -> None:
    before = heard(home)
    for somebody in (seat("ratna"), seat("sari")):
        assert somebody.get("phone/voices/").status_code == 403
        assert somebody.get(f"phone/voices/{NAME}/now.wav").status_code == 403
        assert record(somebody, hum(8000, 1)).status_code == 403
        for deed in ("publish", "drop", "back"):
            answer = somebody.post(f"phone/voices/{NAME}/{deed}/", {"version": "spoken"})
            assert answer.status_code == 403
    assert ayu.get("phone/voices/no-such/").status_code == 404
    assert ayu.get(f"phone/voices/{NAME}/draft.wav").status_code == 404
    assert heard(home) == before


def test_every_sentence_has_a_title_in_both_languages(ayu: Seat) -> None:
    page = text(ayu.get("phone/voices/"))
    assert "Salam mulai" in page and "Setelah pengumuman" in page
    with acting_in(BANYUWANGI), override("id"):
        for one in queries.listed(BANYUWANGI):
            assert f"/voices/{one.name}/" in page and set(one.words) == {"id", "en"}
