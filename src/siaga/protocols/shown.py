"""A guide in one language with the answers so far: what a screen shows, nothing to compute."""

from datetime import date

from siaga.kernel.types import Urgency
from siaga.protocols.types import Fills, QuestionKind
from siaga.regions.types import Value


class GuideChoice(Value, frozen=True, kw_only=True):
    """One answer to choose."""

    value: str
    label: str
    chosen: bool


class GuideQuestion(Value, frozen=True, kw_only=True):
    """One visible question. `answer` is empty while there is none."""

    key: str
    kind: QuestionKind
    ask: str
    hint: str
    required: bool
    missing: bool
    fills: Fills | None
    choices: tuple[GuideChoice, ...]
    answer: str


class GuideFlag(Value, frozen=True, kw_only=True):
    """A red flag that holds; `raises` if it is above the usual urgency of the type."""

    key: str
    raise_to: Urgency
    reason: str
    raises: bool


class GuideConsistency(Value, frozen=True, kw_only=True):
    """A question to verify; `earlier` are (question, answer) pairs to compare with."""

    key: str
    ask: str
    listen: str
    earlier: tuple[tuple[str, str], ...]


class GuideAdvice(Value, frozen=True, kw_only=True):
    """Advice; where `needs_sign_off`, `mark` must be shown with it."""

    key: str
    steps: tuple[str, ...]
    needs_sign_off: bool
    mark: str
    approver: str
    review_by: date | None


class Guide(Value, frozen=True, kw_only=True):
    """All of it, in order of asking. `missing` are keys of required questions unanswered."""

    slug: str
    title: str
    opening: str
    is_universal: bool
    questions: tuple[GuideQuestion, ...]
    unanswered: int
    missing: tuple[str, ...]
    urgency: Urgency
    raised: bool
    red_flags: tuple[GuideFlag, ...]
    consistency: tuple[GuideConsistency, ...]
    tell: tuple[str, ...]
    advice: tuple[GuideAdvice, ...]
