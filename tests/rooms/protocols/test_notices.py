"""Notices: both languages, all parameters, fit for a free message and for a template."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from siaga.protocols import notices
from siaga.protocols.errors import ContentBroken, NoticeParameterWrong, NoticeUnknown
from siaga.protocols.notices import NoticeForm, read_notices

LANGUAGES = ("id", "en")
MUST_HAVE = {
    "received", "received_confidential", "location_question", "question", "refused", "joined",
    "in_progress", "acknowledged", "en_route", "on_scene", "done", "closed", "reopened",
    "information", "referral", "outside_hours",
}  # fmt: skip

every_form = pytest.mark.parametrize("form", notices.all_forms(), ids=lambda form: form.key)
every_language = pytest.mark.parametrize("language", LANGUAGES)


def filled(form: NoticeForm) -> dict[str, str]:
    return {name: f"<{name}>" for name in form.parameters}


def test_the_shipped_notices_have_no_problem() -> None:
    found = read_notices(Path(settings.CONTENT_DIR))
    assert found.problems == ()
    assert set(found.forms) == MUST_HAVE


@every_form
@every_language
def test_every_notice_renders_with_all_its_parameters(form: NoticeForm, language: str) -> None:
    notice = notices.render(form.key, language, **filled(form))
    for name in form.parameters:
        assert f"<{name}>" in notice.text
    assert "{" not in notice.text
    assert notice.template_parameters == tuple(f"<{name}>" for name in form.parameters)
    assert notice.language == language


@every_form
@every_language
def test_the_template_filled_in_by_position_says_what_the_text_says(
    form: NoticeForm, language: str
) -> None:
    notice = notices.render(form.key, language, **filled(form))
    body = notices.template_body(form.key, language)
    assert re.findall(r"\{\{(\d+)\}\}", body) and len(body) <= 1024
    said = re.sub(r"\{\{(\d+)\}\}", lambda m: notice.template_parameters[int(m[1]) - 1], body)
    assert said == notice.text


@every_form
def test_a_missing_and_an_unknown_parameter_are_named(form: NoticeForm) -> None:
    with pytest.raises(NoticeParameterWrong) as refused:
        notices.render(form.key, "id", **filled(form), weather="rain")
    assert refused.value.details["parameter"] == "weather"
    first, *others = form.parameters
    with pytest.raises(NoticeParameterWrong) as refused:
        notices.render(form.key, "id", **dict.fromkeys(others, "x"))
    assert refused.value.details["parameter"] == first


def test_an_unknown_notice_is_refused_by_name() -> None:
    with pytest.raises(NoticeUnknown) as refused:
        notices.render("farewell", "id")
    assert refused.value.details["notice"] == "farewell"


def test_words_of_a_citizen_are_never_taken_for_places() -> None:
    notice = notices.render("question", "id", brand="Siaga {question}", question="{brand} {{1}}")
    assert "Siaga {question}" in notice.text
    assert "{brand} {{1}}" in notice.text


def test_template_parameters_have_no_line_breaks_are_never_empty_and_end_somewhere() -> None:
    long = "kata " * 400
    notice = notices.render("information", "id", brand="  ", answer=f"satu\n\tdua {long}")
    brand, answer = notice.template_parameters
    assert brand == notices.NOTHING_SAID
    assert answer.startswith("satu dua kata")
    assert len(answer) <= notices.PARAMETER_CHARACTERS_MAX
    assert answer.endswith("…")
    assert "satu\n\tdua" in notice.text


def test_a_refused_citizen_reads_the_reason_and_may_always_call_for_a_threat_to_life() -> None:
    reason = "Barang hilang ditangani kepolisian."
    notice = notices.render("refused", "id", brand="Jombang Siaga 112", reason=reason)
    assert reason in notice.text
    assert "nyawa" in notice.text


def test_the_confidential_notice_names_neither_the_centre_nor_the_matter() -> None:
    for language in LANGUAGES:
        text = notices.render("received_confidential", language, tracking_code="K7QM").text
        assert "112" not in text
        assert "lapor" not in text.lower() and "report" not in text.lower()


@pytest.fixture
def content(tmp_path: Path) -> Path:
    shutil.copytree(Path(settings.CONTENT_DIR) / "notices", tmp_path / "notices")
    return tmp_path


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("text.en.toml", "question = ", "questions = ", "question stands in one file only"),
        ("text.en.toml", "{agency} has accepted", "They have accepted", "agency does not match"),
        ("text.id.toml", "{agency} sudah menerima", "{agency} {agency}", "stands in it twice"),
        ("text.id.toml", 'received = """', 'received = """{brand}', "may not begin or end"),
        ("notices.toml", "siaga_received", "Siaga-Received", "is no template name"),
        ("notices.toml", 'key = "joined"', 'key = "received"', "received is used twice"),
        ("notices.toml", "template =", "templates =", "templates"),
    ],
)
def test_a_mistake_is_named(content: Path, file: str, old: str, new: str, said: str) -> None:
    path = content / "notices" / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    found = [problem.text for problem in read_notices(content).problems]
    assert any(said in one for one in found), found


def test_without_notices_the_refusal_is_plain(settings: Any, tmp_path: Path) -> None:
    settings.CONTENT_DIR = tmp_path
    with pytest.raises(ContentBroken):
        notices.render("received", "id")
