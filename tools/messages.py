"""Every English sentence for people has its Indonesian: checked, and lists kept up to date.

`python tools/messages.py missing` prints what is not translated yet, file by file.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib

_CALLS = {
    "_": 0,
    "gettext": 0,
    "gettext_lazy": 0,
    "gettext_noop": 0,
    "N_": 0,
    "ngettext": 0,
    "ngettext_lazy": 0,
    "pgettext": 1,
    "pgettext_lazy": 1,
}
_TRANSLATE = re.compile(r"""\{%-?\s*trans(?:late)?\s+("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")
_CALL_IN_TAG = re.compile(r"""\b_\(("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\)""")
_BLOCK = re.compile(
    r"\{%-?\s*blocktrans(?:late)?(?P<options>[^%]*)%\}(?P<body>.*?)\{%-?\s*endblocktrans(?:late)?\s*%\}",
    re.S,
)
_PLURAL = re.compile(r"\{%-?\s*plural\s*%\}")
_VARIABLE = re.compile(r"\{\{\s*([\w.|:\"' ]+?)\s*\}\}")


def breaches(root: Path) -> list[str]:
    """Sentences without Indonesian, and translations that lose a placeholder."""
    known = catalogue(root)
    plurals = {
        entry.msgid
        for path in (root / "src").rglob("locale/id/LC_MESSAGES/*.po")
        for entry in polib.pofile(str(path))
        if entry.msgid_plural
    }
    found = [
        f"{path.relative_to(root)}: no Indonesian for {sentence!r}"
        for path, sentence in sentences(root)
        if not known.get(sentence)
    ]
    found += [
        f"locale: {sentence!r}: the Indonesian names other placeholders"
        for sentence, said in known.items()
        if said and sentence not in plurals and _places(sentence) != _places(said)
    ]
    return sorted(set(found))


def catalogue(root: Path) -> dict[str, str]:
    """All Indonesian wording of the tree: English sentence to Indonesian.

    What stands under a context is found only by who asks with that context.
    """
    known: dict[str, str] = {}
    for path in sorted((root / "src").rglob("locale/id/LC_MESSAGES/*.po")):
        for entry in polib.pofile(str(path)):
            said = entry.msgstr or (entry.msgstr_plural or {}).get(0, "")
            if entry.msgctxt is None and said and not entry.obsolete and "fuzzy" not in entry.flags:
                known[entry.msgid] = said
    return known


def sentences(root: Path) -> Iterator[tuple[Path, str]]:
    """Every marked sentence of the code and the templates, with the file it stands in."""
    for path in sorted((root / "src").rglob("*.py")):
        if "migrations" not in path.parts:
            yield from ((path, sentence) for sentence in _in_python(path.read_text()))
    for path in sorted((root / "src").rglob("*.html")) + sorted((root / "src").rglob("*.txt")):
        yield from ((path, sentence) for sentence in _in_template(path.read_text()))


def _in_python(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        place = _CALLS.get(name)
        if place is None or len(node.args) <= place:
            continue
        said = node.args[place]
        if isinstance(said, ast.Constant) and isinstance(said.value, str) and said.value:
            yield said.value


def _in_template(text: str) -> Iterator[str]:
    for pattern in (_TRANSLATE, _CALL_IN_TAG):
        for match in pattern.finditer(text):
            yield ast.literal_eval(match.group(1))
    for match in _BLOCK.finditer(text):
        yield _block_sentence(_PLURAL.split(match.group("body"))[0], match.group("options"))


def _block_sentence(body: str, options: str) -> str:
    # As Django itself does it: a variable becomes %(name)s, a lone percent sign is doubled.
    body = _VARIABLE.sub(lambda found: f"\0({found.group(1)})s", body.replace("%", "%%"))
    body = body.replace("\0", "%")
    if "trimmed" in options:
        body = " ".join(line.strip() for line in body.strip().splitlines() if line.strip())
    return body


def _places(sentence: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)", sentence)) | set(re.findall(r"(?<!\{)\{(\w+)\}", sentence))


if __name__ == "__main__":
    for line in breaches(Path(__file__).resolve().parents[1]):
        print(line)
    sys.exit(0)
