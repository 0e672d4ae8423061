"""Writing what differs, keeping secrets, speaking once."""

import io
import json
import os
import subprocess
import wave as wav
from dataclasses import replace
from itertools import pairwise
from math import pi, sin
from pathlib import Path

import pytest
from django.conf import settings

from siaga.telephony.asterisk import packages, prompts, wave
from siaga.telephony.asterisk.checking import check
from siaga.telephony.asterisk.errors import PackagesUnavailable, PromptTexts
from siaga.telephony.asterisk.installation import Program
from siaga.telephony.asterisk.packages import PackageSet
from siaga.telephony.asterisk.rendering import changed_files, reloads_for, write_configuration
from siaga.telephony.asterisk.site import keep_secrets
from tests.rooms.telephony.asterisk.given import OFFICE, plan_for, site_at

NORTH = plan_for("utara")
CONTENT = Path(settings.CONTENT_DIR) / "prompts"


def test_a_second_rendering_changes_nothing(tmp_path: Path) -> None:
    site = site_at(tmp_path, NORTH)
    assert "extensions.conf" in write_configuration([NORTH], site)
    assert write_configuration([NORTH], site) == []


def test_only_what_differs_is_written_and_read_again(tmp_path: Path) -> None:
    site = site_at(tmp_path, NORTH)
    write_configuration([NORTH], site)
    other = replace(NORTH, did=("113",))
    assert [*changed_files([other], site)] == ["extensions.conf", "pjsip.conf"]
    changed = write_configuration([other], site)
    assert reloads_for(changed) == ["dialplan reload", "module reload res_pjsip.so"]


def test_a_command_is_left_that_starts_it_with_nothing_of_ours_beside_it(tmp_path: Path) -> None:
    home = tmp_path / "data folder"
    home.mkdir()
    site = site_at(home, NORTH)
    write_configuration([NORTH], site)
    said = site.starter.read_text()
    assert os.access(site.starter, os.X_OK)
    assert f"-C '{site.settings_file}' -f -n" in said
    assert "python" not in said
    checked = subprocess.run(["sh", "-n", str(site.starter)], check=False, capture_output=True)
    assert checked.returncode == 0, checked.stderr


def test_secrets_are_kept_and_only_added_to(tmp_path: Path) -> None:
    first = keep_secrets(tmp_path, [NORTH])
    assert keep_secrets(tmp_path, [NORTH]) == first
    more = keep_secrets(tmp_path, [replace(NORTH, positions=3)])
    assert more.manager == first.manager
    assert first.positions.items() <= more.positions.items()
    assert len(more.positions) == 3
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600


def tone(rate: int, seconds: float) -> bytes:
    out = io.BytesIO()
    with wav.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        samples = (int(20_000 * sin(2 * pi * 440 * n / rate)) for n in range(int(rate * seconds)))
        file.writeframes(b"".join(one.to_bytes(2, "little", signed=True) for one in samples))
    return out.getvalue()


def test_speech_becomes_eight_kilohertz_with_its_pitch_and_a_pause() -> None:
    spoken = wave.for_telephones(tone(22_050, 0.5), pause=1)
    samples, rate = wave.read(spoken)
    assert rate == 8000
    assert wave.seconds(spoken) == pytest.approx(1.5, abs=0.02)
    voiced = samples[800:3200]
    crossings = sum(1 for a, b in pairwise(voiced) if a < 0 <= b)
    assert crossings == pytest.approx(440 * 0.3, abs=2)
    assert max(samples[4400:]) == 0


@pytest.fixture
def voice(tmp_path: Path) -> Program:
    """Something that speaks a beep, and counts how often."""
    (tmp_path / "beep.wav").write_bytes(tone(22_050, 0.2))
    script = tmp_path / "speak"
    script.write_text(f"#!/bin/sh\necho x >> {tmp_path}/said\ncat {tmp_path}/beep.wav\n")
    script.chmod(0o755)
    return Program((str(script),))


def test_a_sentence_is_spoken_once_however_often_it_is_needed(
    tmp_path: Path, voice: Program
) -> None:
    texts = prompts.read_texts(CONTENT)
    home = tmp_path / "home"
    south = plan_for("selatan")
    changed = list(prompts.speak_all([NORTH, south], home, texts, voice))
    assert "prompts/utara/greeting-0400.wav" in changed
    said = (tmp_path / "said").read_text().count("x")
    numbers = len(prompts.NUMBERS[NORTH.language])
    assert said == len({one.key for one in prompts.prompts_of(NORTH, texts)}) + numbers
    assert list(prompts.speak_all([NORTH, south], home, texts, voice)) == []


def test_the_queues_music_begins_with_the_greeting_of_the_hour(
    tmp_path: Path, voice: Program
) -> None:
    list(prompts.speak_all([NORTH], tmp_path / "home", prompts.read_texts(CONTENT), voice))
    music = tmp_path / "home" / "music" / "utara"
    assert sorted(one.name for one in music.iterdir()) == ["0400", "1830", "waiting"]
    first = min((music / "1830").iterdir())
    assert first.resolve() == (tmp_path / "home/prompts/utara/greeting-1830.wav").resolve()


def test_a_recording_of_the_centre_goes_before_ours(tmp_path: Path, voice: Program) -> None:
    home = tmp_path / "home"
    own = home / "recorded" / "utara" / "instruction.wav"
    own.parent.mkdir(parents=True)
    own.write_bytes(wave.write([0] * 800))
    texts = prompts.read_texts(CONTENT)
    list(prompts.speak_all([NORTH], home, texts, voice))
    assert (home / "prompts/utara/instruction.wav").resolve() == own.resolve()
    own.unlink()
    assert list(prompts.speak_all([NORTH], home, texts, voice)) == ["prompts/utara/instruction.wav"]


def test_every_prompt_the_dialplan_plays_is_spoken(tmp_path: Path, voice: Program) -> None:
    closing = replace(NORTH, hours=(OFFICE,))
    site = site_at(tmp_path, closing)
    write_configuration([closing], site)
    missing = [one for one in check([closing], site) if one.startswith("prompt")]
    assert "prompts/utara/closed-0.wav" in " ".join(missing)
    list(prompts.speak_all([closing], site.home, prompts.read_texts(CONTENT), voice))
    assert [one for one in check([closing], site) if one.startswith("prompt")] == []


def test_a_prompt_without_its_english_is_named(tmp_path: Path) -> None:
    text = (CONTENT / prompts.FILE).read_text().replace('en = "This position now', 'xx = "This')
    (tmp_path / prompts.FILE).write_text(text)
    with pytest.raises(PromptTexts) as refused:
        prompts.read_texts(tmp_path)
    assert refused.value.details["name"] == "joined"


def test_a_half_unpacked_tree_does_not_count(tmp_path: Path) -> None:
    wanted = PackageSet("asterisk", ("asterisk",))
    assert packages.unpacked(wanted, tmp_path) is None
    (tmp_path / "asterisk").mkdir()
    assert packages.unpacked(wanted, tmp_path) is None
    stamp = {"recipe": packages.RECIPE, "wanted": ["asterisk"]}
    (tmp_path / "asterisk" / "stamp.json").write_text(json.dumps(stamp))
    assert packages.fetch(wanted, tmp_path, print) == tmp_path / "asterisk"
    assert packages.unpacked(PackageSet("asterisk", ("asterisk", "more")), tmp_path) is None


def test_where_apt_reaches_nothing_the_cure_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "_mirror", lambda wanted: "http://127.0.0.1:9/debian")
    with pytest.raises(PackagesUnavailable) as refused:
        packages.fetch(PackageSet("asterisk", ("asterisk",)), tmp_path, lambda line: None)
    assert "mirror" in refused.value.message
    assert not list(tmp_path.glob("asterisk*/")), "nothing half is left"
