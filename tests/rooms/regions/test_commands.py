"""siaga regions check | apply | export | import-areas, as an administrator types it."""

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from siaga.journal.types import Actor
from siaga.kernel import clock
from siaga.kernel.types import RegionId
from siaga.regions import queries, services
from tests.rooms.regions.given import PROFILES, texts_of

JOMBANG = RegionId("jombang")


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Path]:
    """A folder with a copy of a reference profile."""
    folder = tmp_path / "copy"
    folder.mkdir()
    for name, text in texts_of(JOMBANG).items():
        (folder / name).write_text(text)
    yield folder


def siaga(*line: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("regions", *line, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def changed(folder: Path, old: str, new: str) -> None:
    path = folder / "profile.toml"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))


def test_check_names_the_right_folders() -> None:
    out, _ = siaga("check", str(PROFILES / "jombang"), "--language", "en")
    assert out.startswith("✓")


@pytest.mark.parametrize(("language", "words"), [("id", "tidak dikenal"), ("en", "is not known")])
def test_check_names_file_line_and_cure_and_fails(
    copy: Path, capsys: pytest.CaptureFixture[str], language: str, words: str
) -> None:
    changed(copy, 'timezone = "Asia/Jakarta"', 'timezone = "Asia/Jkt"')
    err = StringIO()
    with pytest.raises(CommandError):
        call_command(
            "regions", "check", str(copy), language=language, stdout=StringIO(), stderr=err
        )
    assert f"{copy}/profile.toml:8: [bad_timezone]" in err.getvalue()
    assert words in err.getvalue()


def test_warnings_count_only_when_asked(copy: Path) -> None:
    assert "sample_contacts" in siaga("check", str(copy))[1]
    with pytest.raises(CommandError):
        siaga("check", str(copy), "--strict")


def test_a_folder_that_is_not_there_is_told() -> None:
    with pytest.raises(CommandError):
        siaga("check", "nowhere/at/all")


@pytest.mark.django_db
def test_apply_twice_changes_nothing(copy: Path) -> None:
    before = queries.version(JOMBANG)
    assert "tetap" in siaga("apply", str(copy), "--yes")[0]
    assert queries.version(JOMBANG) == before


@pytest.mark.django_db
def test_apply_shows_what_changes_and_asks(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changed(copy, 'name = "Jombang Siaga 112"', 'name = "Jombang Siaga"')
    before = queries.version(JOMBANG)
    monkeypatch.setattr("builtins.input", lambda question: "t")
    out, _ = siaga("apply", str(copy))
    assert "~ brand.name: Jombang Siaga 112 → Jombang Siaga" in out
    assert queries.version(JOMBANG) == before
    monkeypatch.setattr("builtins.input", lambda question: "y")
    siaga("apply", str(copy))
    assert queries.version(JOMBANG) == before + 1
    assert queries.profile(JOMBANG).brand.name == "Jombang Siaga"


@pytest.mark.django_db
def test_apply_says_the_cure_where_nobody_can_be_asked(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(copy, 'name = "Jombang Siaga 112"', 'name = "Jombang Siaga"')
    monkeypatch.setattr("sys.stdin", StringIO())
    with pytest.raises(CommandError, match="--yes"):
        siaga("apply", str(copy))


@pytest.mark.django_db
def test_one_broken_folder_keeps_all_from_being_applied(copy: Path) -> None:
    changed(copy, 'timezone = "Asia/Jakarta"', 'timezone = "Asia/Jkt"')
    before = queries.version(RegionId("banyuasin"))
    with pytest.raises(CommandError):
        siaga("apply", str(PROFILES / "banyuasin"), str(copy), "--yes")
    assert queries.version(RegionId("banyuasin")) == before


@pytest.mark.django_db
def test_edits_on_the_screen_are_not_overwritten_unasked(copy: Path) -> None:
    by, now = Actor.system("test"), clock.now()
    services.set_agency_active(JOMBANG, "damkar-ploso", False, by=by, now=now)
    # The folder is as it was applied: it has nothing new to say, so the edit stays.
    siaga("apply", str(copy), "--yes")
    assert not queries.profile(JOMBANG).agencies_by_code["damkar-ploso"].active
    changed(copy, 'name = "Jombang Siaga 112"', 'name = "Jombang Siaga"')
    with pytest.raises(CommandError):
        siaga("apply", str(copy), "--yes")
    assert not queries.profile(JOMBANG).agencies_by_code["damkar-ploso"].active
    siaga("apply", str(copy), "--yes", "--overwrite")
    assert queries.profile(JOMBANG).agencies_by_code["damkar-ploso"].active


@pytest.mark.django_db
def test_what_is_exported_is_right_and_the_same(tmp_path: Path) -> None:
    now = clock.now()
    services.set_agency_active(JOMBANG, "damkar-ploso", False, by=Actor.system("test"), now=now)
    out, _ = siaga("export", "jombang", str(tmp_path / "out"))
    assert "agencies.toml" in out
    siaga("check", str(tmp_path / "out"))
    before = queries.version(JOMBANG)
    siaga("apply", str(tmp_path / "out"), "--yes", "--overwrite")
    assert queries.version(JOMBANG) == before
    with pytest.raises(CommandError):
        siaga("export", "atlantis", str(tmp_path / "out"))


@pytest.mark.django_db
def test_boundaries_are_imported_from_a_file(tmp_path: Path) -> None:
    ring = [[112.1, -7.6], [112.2, -7.6], [112.2, -7.5], [112.1, -7.5], [112.1, -7.6]]
    feature = {
        "type": "Feature",
        "id": "35.17.01",
        "properties": {},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    file = tmp_path / "areas.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    assert "jombang: 1 batas" in siaga("import-areas", str(file))[0]
    file.write_text("{}")
    with pytest.raises(CommandError):
        siaga("import-areas", str(file))
    with pytest.raises(CommandError):
        siaga("import-areas", str(tmp_path / "nowhere.geojson"))
