"""On which line of a TOML text each key stands: tomllib does not say. Pure."""

import re

from siaga.regions.rules.findings import Path

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]")
_KEY = re.compile(r"^\s*((?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*[A-Za-z0-9_\"'-]+)*)\s*=")
_TOKEN = re.compile(r"\"\"\"|'''|\"(?:\\.|[^\"\\])*\"|'[^']*'|#.*|[\[\]{}]")
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
        self.depth = 0
        self.quote = ""

    def over(self, text: str) -> dict[Path, int]:
        begun: Path = ()
        elements = 0
        for number, line in enumerate(text.split("\n"), start=1):
            if self.depth or self.quote:
                # An inline table that begins a line of a multi-line array is an element.
                if not self.quote and line.lstrip().startswith("{"):
                    self.lines.setdefault((*begun, elements), number)
                    self._inline((*begun, elements), line, number)
                    elements += 1
                self._consume(line)
            elif header := _HEADER.match(line):
                self._open(header, number)
            elif key := _KEY.match(line):
                begun, elements = self.table + _steps(key.group(1)), 0
                self.lines.setdefault(begun, number)
                self._inline(begun, line[key.end() :], number)
                self._consume(line[key.end() :])
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

    def _consume(self, rest: str) -> None:
        """Follow brackets and multi-line strings, to know where the value ends."""
        for token in _TOKEN.findall(rest):
            if token in ('"""', "'''"):
                if not self.quote:
                    self.quote = token
                elif self.quote == token:
                    self.quote = ""
            elif not self.quote and token in ("[", "{"):
                self.depth += 1
            elif not self.quote and token in ("]", "}"):
                self.depth -= 1


def _steps(dotted: str) -> Path:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
