"""On which line of a TOML text each key stands: tomllib does not say. Pure."""

import re
import tomllib

from siaga.regions.rules.findings import Path

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]")
_KEY = re.compile(r"^\s*((?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*[A-Za-z0-9_\"'-]+)*)\s*=")
_INLINE_KEY = re.compile(r"([A-Za-z0-9_-]+)\s*=")


def locate(text: str) -> dict[Path, int]:
    """Line numbers, from 1, of every table and key; the text must be valid TOML.

    Elements of an inline array share the line of their key, except where each begins a line.
    """
    return _Walk().over(text)


def line_of(lines: dict[Path, int], path: Path) -> int:
    """The line of the path, or of its nearest parent that stands in the file; 1 at worst."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return 1


class _Walk:
    """Reads line by line, remembering the open table and unfinished values."""

    def __init__(self) -> None:
        self.lines: dict[Path, int] = {}
        self.table: Path = ()
        self.counts: dict[Path, int] = {}

    def over(self, text: str) -> dict[Path, int]:
        pending: list[str] = []
        begun: tuple[Path, int] = ((), 0)
        for number, line in enumerate(text.splitlines(), start=1):
            if pending:
                pending.append(line)
                self._element(begun[0], pending, number)
            elif header := _HEADER.match(line):
                self._open(header, number)
                continue
            elif key := _KEY.match(line):
                path = self.table + _steps(key.group(1))
                self.lines.setdefault(path, number)
                self._inline(path, line[key.end() :], number)
                begun, pending = (path, number), [line[key.end() :]]
            if pending and _complete("\n".join(pending)):
                pending = []
        return self.lines

    def _open(self, header: re.Match[str], number: int) -> None:
        path: Path = ()
        steps = _steps(header.group(2))
        for depth, step in enumerate(steps):
            path += (step,)
            last = depth == len(steps) - 1
            if last and header.group(1) == "[[":
                self.counts[path] = self.counts.get(path, -1) + 1
                self.lines.setdefault(path, number)
            if path in self.counts:
                path += (self.counts[path],)
        self.table = path
        self.lines.setdefault(path, number)

    def _inline(self, path: Path, rest: str, number: int) -> None:
        if rest.lstrip().startswith("{"):
            for key in _INLINE_KEY.finditer(re.sub(r'"(?:\\.|[^"\\])*"', '""', rest)):
                self.lines.setdefault((*path, key.group(1)), number)

    def _element(self, path: Path, pending: list[str], number: int) -> None:
        """An inline table that begins a line of a multi-line array is an element."""
        if pending[-1].lstrip().startswith("{"):
            index = sum(1 for line in pending if line.lstrip().startswith("{")) - 1
            self.lines.setdefault((*path, index), number)
            self._inline((*path, index), pending[-1], number)


def _steps(dotted: str) -> Path:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))


def _complete(value: str) -> bool:
    try:
        tomllib.loads(f"x = {value}")
    except tomllib.TOMLDecodeError:
        return False
    return True
