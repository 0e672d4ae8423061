"""The files of a guide as they are written: logic once, words per language."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from siaga.kernel.types import LANGUAGES, Urgency
from siaga.protocols.types import Condition, Fills, QuestionKind, Stage
from siaga.regions.types import Value

LOGIC_FILE = "protocol.toml"
FILE_BYTES_MAX = 256 * 1024

T = TypeVar("T")


class Problem(Value, frozen=True, kw_only=True):
    """Something wrong in a content file, and the cure. `grave` ones stop the program."""

    path: Path
    text: str
    cure: str
    grave: bool = True


class QuestionSource(Value, frozen=True, kw_only=True):
    """A question without its words."""

    key: str
    kind: QuestionKind
    stage: Stage = Stage.MIDDLE
    required: bool = False
    fills: Fills | None = None
    show_when: tuple[Condition, ...] = ()
    show_when_any: tuple[Condition, ...] = ()
    choices: tuple[str, ...] = ()


class RedFlagSource(Value, frozen=True, kw_only=True):
    """A red flag without its reason."""

    key: str
    raise_to: Urgency
    when: tuple[Condition, ...] = ()
    when_any: tuple[Condition, ...] = ()


class ConsistencySource(Value, frozen=True, kw_only=True):
    """A consistency question without its words."""

    key: str
    compare_with: tuple[str, ...]


class TellSource(Value, frozen=True, kw_only=True):
    """Something to tell without its words."""

    key: str
    when: tuple[Condition, ...] = ()
    when_any: tuple[Condition, ...] = ()


class AdviceSource(Value, frozen=True, kw_only=True):
    """Advice without its words; dates as `2026-11-21`, all empty while it is a draft."""

    key: str
    author: str
    approver: str = ""
    approved_at: str = ""
    review_by: str = ""
    approved_digest: str = ""
    when: tuple[Condition, ...] = ()
    when_any: tuple[Condition, ...] = ()


class LogicFile(Value, frozen=True, kw_only=True):
    """`protocol.toml`."""

    schema: Literal[1]
    version: int
    case_types: tuple[str, ...]
    frame: Literal["universal", "none"]
    questions: tuple[QuestionSource, ...]
    red_flags: tuple[RedFlagSource, ...] = ()
    consistency: tuple[ConsistencySource, ...] = ()
    tell: tuple[TellSource, ...] = ()
    advice: tuple[AdviceSource, ...] = ()


class QuestionText(Value, frozen=True, kw_only=True):
    """The words of a question."""

    ask: str
    hint: str = ""
    choices: Mapping[str, str] = {}


class ConsistencyText(Value, frozen=True, kw_only=True):
    """The words of a consistency question."""

    ask: str
    listen: str


class TextFile(Value, frozen=True, kw_only=True):
    """`text.<language>.toml`. `answers` (yes, no, unknown) stand in the universal guide only."""

    title: str
    opening: str
    questions: Mapping[str, QuestionText] = {}
    red_flags: Mapping[str, str] = {}
    consistency: Mapping[str, ConsistencyText] = {}
    tell: Mapping[str, str] = {}
    advice: Mapping[str, tuple[str, ...]] = {}
    answers: Mapping[str, str] = {}


class GuideFiles(Value, frozen=True, kw_only=True):
    """One folder, read."""

    slug: str
    folder: Path
    logic: LogicFile
    texts: Mapping[str, TextFile]

    @property
    def logic_path(self) -> Path:
        """Where the logic stands, for problems."""
        return self.folder / LOGIC_FILE


def text_name(language: str) -> str:
    """The name of the file with the words of a language."""
    return f"text.{language}.toml"


def read_toml(path: Path, kind: type[T]) -> T | Problem:
    """The file in its declared shape, or the problem with it."""
    try:
        body = path.read_bytes()
    except OSError:
        return Problem(path=path, text=f"{path.name} is missing", cure="Write the file.")
    if len(body) > FILE_BYTES_MAX:
        return Problem(path=path, text="the file is too large", cure="Keep it under 256 KiB.")
    try:
        return msgspec.toml.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return Problem(path=path, text=str(error), cure="Correct this place in the file.")


def read_folder(folder: Path) -> GuideFiles | list[Problem]:
    """All files of a guide, or what is wrong with them."""
    logic = read_toml(folder / LOGIC_FILE, LogicFile)
    texts = {one: read_toml(folder / text_name(one), TextFile) for one in LANGUAGES}
    problems = [item for item in (logic, *texts.values()) if isinstance(item, Problem)]
    if isinstance(logic, Problem) or problems:
        return problems
    sound = {one: text for one, text in texts.items() if not isinstance(text, Problem)}
    return GuideFiles(slug=folder.name, folder=folder, logic=logic, texts=sound)
