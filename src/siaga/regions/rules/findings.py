"""What is wrong with a profile: where, in words, and how to cure it. Pure."""

from collections.abc import Iterable
from typing import Literal

from siaga.regions.rules.sentences import SENTENCES
from siaga.regions.types import Value, Words

Path = tuple[str | int, ...]
"""Fields and positions from the profile's root, such as ``("agencies", 3, "parent")``."""


class Finding(Value, frozen=True, kw_only=True):
    """One mistake. `file` and `line` are known when the profile came from a folder."""

    code: str
    severity: Literal["error", "warning"] = "error"
    message: Words
    cure: Words
    path: tuple[str | int, ...] = ()
    file: str = ""
    line: int = 0

    def said_in(self, language: str) -> str:
        """One line as compilers write it: file, line, code, message, cure."""
        where = f"{self.file}:{self.line}: " if self.file else f"{dotted(self.path)}: "
        return (
            f"{where}[{self.code}] {self.message.said_in(language)} {self.cure.said_in(language)}"
        )


def finding(code: str, path: Path, **details: object) -> Finding:
    """A finding of the catalog, its places filled with `details`."""
    severity, message, cure = SENTENCES[code]
    return Finding(
        code=code,
        severity=severity,
        message=_filled(message, details),
        cure=_filled(cure, details),
        path=path,
    )


def errors_in(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that forbid applying the profile."""
    return tuple(one for one in findings if one.severity == "error")


def dotted(path: Path) -> str:
    """``agencies[3].parent`` for people."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.lstrip(".")


def _filled(words: Words, details: dict[str, object]) -> Words:
    return Words(id=words.id.format(**details), en=words.en.format(**details))
