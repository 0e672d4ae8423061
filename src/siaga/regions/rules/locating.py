"""On which line of a TOML text each key stands: tomllib does not say. Pure."""

import re

from siaga.regions.rules.findings import Path

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]")
_KEY = re.compile(r"^\s*((?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*[A-Za-z0-9_\"'-]+)*)\s*=")
_PIECE = re.compile(r"\"\"\"|'''|\"(?:\\.|[^\"\\])*\"|'[^']*'|#.*|[\[\]{},]|[^\s\[\]{},\"'#]+")
_INLINE_KEY = re.compile(r"([A-Za-z0-9_-]+)\s*=")


def locate(text: str) -> dict[Path, int]:
    """Line numbers, from 1, of every table and key; the text must be valid TOML.

    Also of the elements of arrays, and of the keys of inline tables.
    """
    return _Walk().over(text)


def line_of(lines: dict[Path, int], path: Path) -> int:
    """The line of the path, or of its nearest parent that stands in the file; 1 at worst."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return 1


class _Walk:
    """Reads line by line, remembering the open table and the unfinished value."""

    def __init__(self) -> None:
        self.lines: dict[Path, int] = {}
        self.table: Path = ()
        self.counts: dict[Path, int] = {}
        self.begun: Path = ()
        self.depth = 0
        self.quote = ""
        self.element = -1

    def over(self, text: str) -> dict[Path, int]:
        for number, line in enumerate(text.split("\n"), start=1):
            if self.depth or self.quote:
                self._consume(line, number)
            elif header := _HEADER.match(line):
                self._open(header, number)
            elif key := _KEY.match(line):
                self.begun = self.table + _steps(key.group(1))
                self.lines.setdefault(self.begun, number)
                rest = line[key.end() :].lstrip()
                self.element = 0 if rest.startswith("[") else -1
                if rest.startswith("{"):
                    self._inline(self.begun, rest, number)
                self._consume(rest, number)
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
        """The keys of an inline table; nested ones keep the line all the same."""
        for key in _INLINE_KEY.finditer(re.sub(r'"(?:\\.|[^"\\])*"', '""', rest)):
            self.lines.setdefault((*path, key.group(1)), number)

    def _consume(self, rest: str, number: int) -> None:
        """Follow brackets and long strings to the value's end, noting where elements begin."""
        for match in _PIECE.finditer(rest):
            piece = match.group()
            if piece in ('"""', "'''"):
                self.quote = "" if self.quote == piece else self.quote or piece
            if self.quote or piece.startswith("#"):
                continue
            if self.depth == 1 and self.element >= 0 and piece not in ("]", "}"):
                self._at_element(piece, rest[match.start() :], number)
            if piece in ("[", "{"):
                self.depth += 1
            elif piece in ("]", "}"):
                self.depth -= 1

    def _at_element(self, piece: str, rest: str, number: int) -> None:
        if piece == ",":
            self.element += 1
            return
        path = (*self.begun, self.element)
        self.lines.setdefault(path, number)
        if piece == "{":
            self._inline(path, rest, number)


def _steps(dotted: str) -> Path:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
