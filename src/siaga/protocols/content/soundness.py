"""What is wrong with a guide, in words for the person who edits it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from siaga.kernel.types import Urgency
from siaga.protocols.content.assembly import approval_dates
from siaga.protocols.content.sources import (
    AdviceSource,
    GuideFiles,
    LogicFile,
    Problem,
    TextFile,
    text_name,
)
from siaga.protocols.rules import words_digest
from siaga.protocols.types import (
    UNIVERSAL,
    YES_NO_ANSWERS,
    Condition,
    Protocol,
    Question,
    QuestionKind,
    When,
)
from siaga.regions.types import Words

CONSISTENCY_QUESTIONS = 2


def wording_problems(files: GuideFiles) -> Iterator[Problem]:
    """Keys without words, words without keys, empty words, languages that do not match."""
    for language, text in files.texts.items():
        path = files.folder / text_name(language)
        for complaint in _text_complaints(files.logic, text, universal=files.slug == UNIVERSAL):
            yield Problem(path=path, text=complaint, cure="Make the words match protocol.toml.")
    indonesian, english = files.texts["id"], files.texts["en"]
    for key, question in indonesian.questions.items():
        other = english.questions.get(key)
        if other is not None and bool(question.hint) != bool(other.hint):
            yield _grave(files, f"{key}: the hint stands in one language only", "Write both.")
    for key, steps in indonesian.advice.items():
        if len(steps) != len(english.advice.get(key, steps)):
            yield _grave(files, f"advice {key}: a different number of steps", "Write both alike.")


def logic_problems(files: GuideFiles) -> Iterator[Problem]:
    """What can be seen in `protocol.toml` alone."""
    logic = files.logic
    for kind, keys in _keys(logic).items():
        for key, times in Counter(keys).items():
            if times > 1:
                yield _grave(files, f"{kind}: the key {key} is used twice", "Rename one.")
    if len(logic.consistency) != CONSISTENCY_QUESTIONS:
        yield _grave(files, "there must be two consistency questions", "Write exactly two.")
    for source in logic.questions:
        if (source.kind is QuestionKind.CHOICE) != bool(source.choices):
            yield _grave(files, f"{source.key}: choices belong to kind choice", "Add or remove.")
    for flag in logic.red_flags:
        if not flag.when and not flag.when_any:
            yield _grave(files, f"red flag {flag.key} has no condition", "Say when it holds.")
        if flag.raise_to is Urgency.P5:
            yield _grave(files, f"red flag {flag.key} raises to P5", "P5 raises nothing.")
    for advice in logic.advice:
        yield from _approval_problems(files, advice)


def condition_problems(files: GuideFiles, protocol: Protocol) -> Iterator[Problem]:
    """Conditions that name no question, no possible answer, or a question asked later."""
    asked_at = {question.key: place for place, question in enumerate(protocol.questions)}
    own = {source.key for source in files.logic.questions}
    for question in protocol.questions:
        if question.key not in own:
            continue
        for condition in question.show_when.conditions:
            yield from _condition(files, protocol, condition, f"question {question.key}")
            if asked_at.get(condition.question, -1) >= asked_at[question.key]:
                text = f"question {question.key}: {condition.question} is asked later"
                yield _grave(files, text, "Depend on earlier questions only.")
    for name, when in _whens(protocol):
        for condition in when.conditions:
            yield from _condition(files, protocol, condition, name)
    for one in protocol.consistency:
        for key in one.compare_with:
            if key not in asked_at:
                yield _grave(files, f"{one.key} compares with unknown {key}", "Name a question.")


def shared_problems(
    guides: Mapping[str, GuideFiles], protocols: Iterable[Protocol]
) -> Iterator[Problem]:
    """Two guides for one type, and keys that mean different things in different guides."""
    owner: dict[str, str] = {}
    kinds: dict[str, Question] = {}
    for protocol in protocols:
        files = guides[protocol.slug]
        for code in protocol.case_types:
            if owner.setdefault(code, protocol.slug) != protocol.slug:
                text = f"{code} already has the guide {owner[code]}"
                yield _grave(files, text, "One guide for each type.")
        for question in protocol.questions:
            first = kinds.setdefault(question.key, question)
            if first.kind is not question.kind:
                text = f"{question.key} is of another kind in another guide"
                yield _grave(files, text, "Answers travel between guides: rename the key.")


def _grave(files: GuideFiles, text: str, cure: str) -> Problem:
    return Problem(path=files.logic_path, text=text, cure=cure)


def _keys(logic: LogicFile) -> dict[str, list[str]]:
    return {
        "questions": [one.key for one in logic.questions],
        "red_flags": [one.key for one in logic.red_flags],
        "consistency": [one.key for one in logic.consistency],
        "tell": [one.key for one in logic.tell],
        "advice": [one.key for one in logic.advice],
    }


def _text_complaints(logic: LogicFile, text: TextFile, *, universal: bool) -> Iterator[str]:
    written: dict[str, Mapping[str, object]] = {
        "questions": text.questions,
        "red_flags": text.red_flags,
        "consistency": text.consistency,
        "tell": text.tell,
        "advice": text.advice,
    }
    for kind, keys in _keys(logic).items():
        yield from _difference(kind, keys, written[kind])
    for source in logic.questions:
        words = text.questions.get(source.key)
        if words is not None:
            yield from _difference(f"questions.{source.key}.choices", source.choices, words.choices)
    yield from _difference("answers", YES_NO_ANSWERS if universal else (), text.answers)
    yield from (f"{place} is empty" for place, words in _sentences(text) if not words.strip())


def _difference(kind: str, keys: Iterable[str], written: Mapping[str, object]) -> Iterator[str]:
    wanted = set(keys)
    yield from (f"{kind}.{key} has no words" for key in sorted(wanted - written.keys()))
    yield from (f"{kind}.{key} is not in protocol.toml" for key in sorted(written.keys() - wanted))


def _sentences(text: TextFile) -> Iterator[tuple[str, str]]:
    yield "title", text.title
    yield "opening", text.opening
    for key, question in text.questions.items():
        yield f"questions.{key}", question.ask
        yield from ((f"questions.{key}.{value}", one) for value, one in question.choices.items())
    for key, one in text.consistency.items():
        yield f"consistency.{key}", one.ask
        yield f"consistency.{key}", one.listen
    for kind in (text.red_flags, text.tell, text.answers):
        yield from kind.items()
    for key, steps in text.advice.items():
        yield f"advice.{key}", "".join(steps)
        yield from ((f"advice.{key}", step) for step in steps)


def _approval_problems(files: GuideFiles, source: AdviceSource) -> Iterator[Problem]:
    name = f"advice {source.key}"
    try:
        approved_at, review_by = approval_dates(source)
    except ValueError:
        yield _grave(files, f"{name}: a date is not like 2026-11-21", "Correct the date.")
        return
    if not source.author.strip():
        yield _grave(files, f"{name} has no author", "Say who wrote it.")
    filled = [bool(one) for one in (source.approver.strip(), approved_at, review_by)]
    if any(filled) and not all(filled):
        yield _grave(
            files,
            f"{name} is half approved",
            "Fill approver, approved_at and review_by, or leave all empty.",
        )
    if approved_at and review_by and review_by <= approved_at:
        yield _grave(files, f"{name}: review_by is not after approved_at", "Correct the dates.")
    steps = (files.texts["id"].advice.get(source.key), files.texts["en"].advice.get(source.key))
    if all(filled) and steps[0] and steps[1]:
        pairs = zip(steps[0], steps[1], strict=False)
        digest = words_digest(Words(id=one.strip(), en=other.strip()) for one, other in pairs)
        if source.approved_digest != digest:
            yield Problem(
                path=files.logic_path,
                text=f"{name}: the words are not those that were approved",
                cure=f'Let them be approved again, then set approved_digest = "{digest}".',
                grave=False,
            )


def _whens(protocol: Protocol) -> Iterator[tuple[str, When]]:
    yield from ((f"red flag {flag.key}", flag.when) for flag in protocol.red_flags)
    yield from ((f"tell {tell.key}", tell.when) for tell in protocol.tell)
    yield from ((f"advice {advice.key}", advice.when) for advice in protocol.advice)


def _condition(
    files: GuideFiles, protocol: Protocol, condition: Condition, name: str
) -> Iterator[Problem]:
    question = protocol.questions_by_key.get(condition.question)
    bounds = condition.at_least is not None or condition.at_most is not None
    if question is None:
        yield _grave(files, f"{name}: no question {condition.question}", "Name a question.")
    elif question.kind is QuestionKind.TEXT:
        yield _grave(files, f"{name}: {question.key} is free text", "Ask a choice instead.")
    elif question.kind is QuestionKind.NUMBER:
        if condition.accepted or not bounds:
            yield _grave(files, f"{name}: {question.key} is a number", "Use at_least or at_most.")
    elif bounds or not condition.accepted:
        yield _grave(files, f"{name}: {question.key} is not a number", "Use `is = [...]`.")
    elif unknown := set(condition.accepted) - set(question.values):
        text = f"{name}: {question.key} has no answer {', '.join(sorted(unknown))}"
        yield _grave(files, text, "Use one of its answers.")
