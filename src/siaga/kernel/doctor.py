"""What `siaga doctor` examines: small functions that rooms register, each naming its cure.

    @examine("followup.answers", "Every report has an answer", needs=DATABASE)
    def every_report_has_an_answer(now: datetime) -> Iterator[Finding]:
        if missing:
            yield error("followup.answers", f"{missing} reports have none.", "Open … and …")

A function that yields nothing found nothing wrong. A room keeps them in its `checks.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

DATABASE = ("database.reachable", "database.migrations")
"""What an examination needs that reads tables."""


class Level(StrEnum):
    """`skipped` is what could not be examined because something it needs is wrong."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """`id` names the examination, `text` what is so, `cure` what the deployer does about it."""

    level: Level
    id: str
    text: str
    cure: str = ""


Check = Callable[[datetime], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Examination:
    id: str
    text: str
    check: Check
    needs: tuple[str, ...]


_examinations: dict[str, Examination] = {}


def examine(id: str, text: str, *, needs: tuple[str, ...] = ()) -> Callable[[Check], Check]:
    """Register a function; `text` says what holds when it finds nothing.

    It is skipped when one of the examinations in `needs` found an error; they go first, wherever
    they are registered. TypeError if `id` is taken.
    """

    def register(check: Check) -> Check:
        if id in _examinations:
            raise TypeError(f"examined twice: {id}")
        _examinations[id] = Examination(id, text, check, needs)
        return check

    return register


def warning(id: str, text: str, cure: str) -> Finding:
    """It works, but not as well or as safely as it should."""
    return Finding(Level.WARNING, id, text, cure)


def error(id: str, text: str, cure: str) -> Finding:
    """Something does not work or is unsafe."""
    return Finding(Level.ERROR, id, text, cure)


def run_examinations(now: datetime, *, only: frozenset[str] | None = None) -> list[Finding]:
    """Everything registered, each after what it needs; an examination cannot break the rest.

    `only` names the examinations to make, for a page that may not show all of them.
    """
    failed: set[str] = set()
    findings: list[Finding] = []
    for examination in _in_order():
        if only is not None and examination.id not in only:
            continue
        found = _examined(examination, now, failed)
        if any(finding.level in (Level.ERROR, Level.SKIPPED) for finding in found):
            failed.add(examination.id)
        findings += found
    return findings


def _in_order() -> Iterable[Examination]:
    ordered: dict[str, Examination] = {}

    def put(name: str) -> None:
        if name in ordered or name not in _examinations:
            return
        for need in _examinations[name].needs:
            put(need)
        ordered[name] = _examinations[name]

    for name in sorted(_examinations, key=_place):
        put(name)
    return ordered.values()


def _place(id: str) -> int:
    """The machine first, then the database, then what rests on them."""
    ground = ("system.", "database.", "files.")
    return next((place for place, part in enumerate(ground) if id.startswith(part)), len(ground))


def _examined(examination: Examination, now: datetime, failed: set[str]) -> list[Finding]:
    if missing := failed.intersection(examination.needs):
        text = f"Not examined, because of {', '.join(sorted(missing))}."
        return [Finding(Level.SKIPPED, examination.id, text)]
    try:
        found = list(examination.check(now))
    except Exception as problem:
        text = f"Could not be examined: {type(problem).__name__}: {problem}".strip()
        return [Finding(Level.ERROR, examination.id, text, "Report this with the text above.")]
    return found or [Finding(Level.OK, examination.id, examination.text)]
