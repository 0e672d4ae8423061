"""What the centre writes to citizens: one text for free messages and for WhatsApp templates.

Within the 24-hour window `text` is sent as it is; outside it the approved template of that name
with `template_parameters` in order. Both say the same, because the template is the same text.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal

from django.conf import settings

from siaga.kernel.types import LANGUAGES
from siaga.protocols.content.sources import Problem, read_toml, text_name
from siaga.protocols.errors import ContentBroken, NoticeParameterWrong, NoticeUnknown
from siaga.regions.types import Value, Words

LOGIC_FILE = "notices.toml"
TEMPLATE_CHARACTERS_MAX = 1024
PARAMETER_CHARACTERS_MAX = 600
NOTHING_SAID = "–"  # WhatsApp refuses empty parameters
_PLACE = re.compile(r"\{([a-z_]+)\}")
_TEMPLATE_NAME = re.compile(r"[a-z][a-z0-9_]{0,100}")


class NoticeSource(Value, frozen=True, kw_only=True):
    """A notice without its words."""

    key: str
    template: str
    parameters: tuple[str, ...]


class NoticesFile(Value, frozen=True, kw_only=True):
    """`notices.toml`."""

    schema: Literal[1]
    notices: tuple[NoticeSource, ...]


class NoticeForm(Value, frozen=True, kw_only=True):
    """A notice with its words, before anything is filled in."""

    key: str
    template: str
    parameters: tuple[str, ...]
    words: Words


class Notice(Value, frozen=True, kw_only=True):
    """Ready to be sent."""

    key: str
    language: str
    text: str
    template_name: str
    template_parameters: tuple[str, ...]


class Notices(Value, frozen=True, kw_only=True):
    """All notices by key, and what is wrong with them."""

    forms: Mapping[str, NoticeForm]
    problems: tuple[Problem, ...]


def render(notice_code: str, language: str, **context: object) -> Notice:
    """The notice in `id` or `en` with its parameters filled in.

    Raises NoticeUnknown, and NoticeParameterWrong naming a parameter that the notice does not
    know or that is missing.
    """
    form = form_of(notice_code)
    for wrong in sorted(set(form.parameters) ^ context.keys()):
        raise NoticeParameterWrong(notice=notice_code, parameter=wrong)
    spoken = "en" if language.startswith("en") else "id"
    values = {name: str(context[name]).strip() for name in form.parameters}
    text = _PLACE.sub(lambda place: values[place[1]], form.words.said_in(spoken))
    return Notice(
        key=form.key,
        language=spoken,
        text=text,
        template_name=form.template,
        template_parameters=tuple(_parameter(values[name]) for name in form.parameters),
    )


def template_body(notice_code: str, language: str) -> str:
    """The text to hand in at Meta for approval, with the places as {{1}}, {{2}} …"""
    form = form_of(notice_code)
    numbers = {name: place for place, name in enumerate(form.parameters, start=1)}
    return _PLACE.sub(
        lambda place: f"{{{{{numbers[place[1]]}}}}}",
        form.words.said_in(language),
    )


def all_forms() -> tuple[NoticeForm, ...]:
    """Every notice, in the order of the file."""
    return tuple(_loaded(Path(settings.CONTENT_DIR)).forms.values())


def form_of(notice_code: str) -> NoticeForm:
    """One notice; NoticeUnknown, or ContentBroken if none could be read at all."""
    forms = _loaded(Path(settings.CONTENT_DIR)).forms
    if not forms:
        raise ContentBroken()
    if notice_code not in forms:
        raise NoticeUnknown(notice=notice_code)
    return forms[notice_code]


def read_notices(root: Path) -> Notices:
    """Read `root/notices` with everything that is wrong with it."""
    folder = root / "notices"
    logic = read_toml(folder / LOGIC_FILE, NoticesFile)
    texts = {one: read_toml(folder / text_name(one), dict[str, str]) for one in LANGUAGES}
    files = (logic, *texts.values())
    problems = [item for item in files if isinstance(item, Problem)]
    words = {one: text for one, text in texts.items() if not isinstance(text, Problem)}
    if isinstance(logic, Problem) or problems:
        return Notices(forms={}, problems=tuple(problems))
    problems.extend(_text_problems(folder, logic, words))
    problems.extend(_name_problems(folder, logic))
    forms = {
        source.key: NoticeForm(
            key=source.key,
            template=source.template,
            parameters=source.parameters,
            words=Words(id=words["id"][source.key].strip(), en=words["en"][source.key].strip()),
        )
        for source in logic.notices
        if all(source.key in text for text in words.values())
    }
    return Notices(forms=forms, problems=tuple(problems))


@lru_cache(maxsize=4)
def _loaded(root: Path) -> Notices:
    return read_notices(root)


def _parameter(value: str) -> str:
    """WhatsApp allows no line breaks, no empty and no endless parameters."""
    line = " ".join(value.split()) or NOTHING_SAID
    if len(line) <= PARAMETER_CHARACTERS_MAX:
        return line
    return line[: PARAMETER_CHARACTERS_MAX - 1].rstrip() + "…"


def _name_problems(folder: Path, logic: NoticesFile) -> Iterator[Problem]:
    path = folder / LOGIC_FILE
    for names in ([one.key for one in logic.notices], [one.template for one in logic.notices]):
        for name, times in Counter(names).items():
            if times > 1:
                yield Problem(path=path, text=f"{name} is used twice", cure="Rename one.")
    for source in logic.notices:
        if not _TEMPLATE_NAME.fullmatch(source.template):
            cure = "Small letters, digits and underscores only."
            yield Problem(path=path, text=f"{source.template} is no template name", cure=cure)


def _text_problems(
    folder: Path, logic: NoticesFile, texts: Mapping[str, Mapping[str, str]]
) -> Iterator[Problem]:
    sources = {source.key: source for source in logic.notices}
    for language, text in texts.items():
        path = folder / text_name(language)
        for key in sorted(sources.keys() ^ text.keys()):
            cure = "Each notice has its words in both languages, and nothing else has."
            yield Problem(path=path, text=f"{key} stands in one file only", cure=cure)
        for key in sorted(sources.keys() & text.keys()):
            for complaint in _complaints(sources[key], text[key].strip()):
                yield Problem(path=path, text=f"{key}: {complaint}", cure="Correct the text.")


def _complaints(source: NoticeSource, text: str) -> Iterator[str]:
    places = Counter(_PLACE.findall(text))
    for name in sorted(set(source.parameters) ^ places.keys()):
        yield f"the parameter {name} does not match notices.toml"
    for name in sorted(name for name, times in places.items() if times > 1):
        yield f"the parameter {name} stands in it twice"
    if text.startswith("{") or text.endswith("}"):
        yield "a WhatsApp template may not begin or end with a parameter"
    if not text:
        yield "it is empty"
    if len(text) > TEMPLATE_CHARACTERS_MAX:
        yield f"it is longer than {TEMPLATE_CHARACTERS_MAX} characters"
