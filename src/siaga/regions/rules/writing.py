"""From a profile back to the texts of its folder, so that what was edited on a screen is a file.

Pure. What equals its default is left out; comments of the original files are not kept.
"""

import re
from collections.abc import Iterator
from datetime import date, time
from enum import Enum
from typing import Any

import msgspec

from siaga.regions.rules.reading import FILES, LOCAL_TYPES
from siaga.regions.types import Profile, Taxonomy

LINE_LENGTH_MAX = 100
INLINE_TABLE_LENGTH_MAX = 140
_BARE_KEY = re.compile(r"^[A-Za-z0-9_-]+$")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b"}
_ESCAPES["\f"] = "\\f"


def write_profile(profile: Profile, national: Taxonomy) -> dict[str, str]:
    """File names and texts; reading them with the same national taxonomy gives an equal profile."""
    texts = {}
    for name, keys in FILES.items():
        sections = {key: plain(getattr(profile, key)) for key in keys}
        texts[name] = _document({key: value for key, value in sections.items() if value})
    local = _local_types(profile.taxonomy, national)
    if local:
        texts[LOCAL_TYPES] = _document(local)
    return texts


def plain(value: Any) -> Any:
    """Structs as dictionaries without their default values; dates and times stay as they are."""
    if isinstance(value, msgspec.Struct):
        return {
            field.encode_name: plain(item)
            for field in msgspec.structs.fields(value)
            if (item := getattr(value, field.name)) is not None
            and (field.required or item != field.default)
        }
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    return value.value if isinstance(value, Enum) else value


def _local_types(taxonomy: Taxonomy, national: Taxonomy) -> dict[str, Any]:
    known = {one.code: one for one in national.mandates}
    shelves = {one.code: one for one in national.groups}
    found = {
        "mandate": [plain(one) for one in taxonomy.mandates if known.get(one.code) != one],
        "group": [plain(one) for one in taxonomy.groups if shelves.get(one.code) != one],
        "type": [plain(one) for one in taxonomy.types if one.source == "local"],
    }
    return {key: value for key, value in found.items() if value}


def _document(sections: dict[str, Any]) -> str:
    if not any(isinstance(one, dict) or _deserves_tables(one) for one in sections.values()):
        blocks = ["\n".join(_assignment(key, value)) for key, value in sections.items()]
        return "\n\n".join(blocks) + "\n"
    blocks = []
    for key, value in sections.items():
        if isinstance(value, list):
            blocks += [_table((key,), item, array=True) for item in value]
        else:
            blocks.append(_table((key,), value, array=False))
    return "\n\n".join(blocks) + "\n"


def _table(path: tuple[str, ...], fields: dict[str, Any], *, array: bool) -> str:
    dotted = ".".join(_key(step) for step in path)
    lines = [f"[[{dotted}]]" if array else f"[{dotted}]"]
    later: list[str] = []
    for key, value in fields.items():
        if _deserves_tables(value):
            later += [_table((*path, key), item, array=True) for item in value]
        elif isinstance(value, dict) and any(_deserves_tables(item) for item in value.values()):
            later.append(_table((*path, key), value, array=False))
        else:
            lines += _assignment(key, value)
    return "\n\n".join(["\n".join(lines), *later])


def _deserves_tables(value: Any) -> bool:
    """A list of dictionaries too long to stand on a line each."""
    if not (isinstance(value, list) and value and all(isinstance(one, dict) for one in value)):
        return False
    return any(len(_inline(one)) > INLINE_TABLE_LENGTH_MAX for one in value)


def _assignment(key: str, value: Any) -> Iterator[str]:
    single = f"{_key(key)} = {_inline(value)}"
    if not (isinstance(value, list) and value):
        yield single
    elif isinstance(value[0], dict):
        yield f"{_key(key)} = ["
        yield from (f"  {_inline(item)}," for item in value)
        yield "]"
    elif len(single) > LINE_LENGTH_MAX:
        yield f"{_key(key)} = ["
        yield from _filled(value)
        yield "]"
    else:
        yield single


def _filled(items: list[Any]) -> Iterator[str]:
    """As many items on a line as fit."""
    line = " "
    for item in items:
        word = f" {_inline(item)},"
        if len(line) + len(word) > LINE_LENGTH_MAX and line.strip():
            yield line
            line = " "
        line += word
    yield line


def _inline(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, dict):
        items = ", ".join(f"{_key(key)} = {_inline(item)}" for key, item in value.items())
        return f"{{ {items} }}" if items else "{}"
    if isinstance(value, list):
        return "[" + ", ".join(_inline(item) for item in value) + "]"
    if isinstance(value, (date, time)):
        return value.isoformat()
    return repr(value)


def _quoted(text: str) -> str:
    signs = (
        _ESCAPES.get(sign) or (sign if sign.isprintable() else f"\\U{ord(sign):08x}")
        for sign in text
    )
    return '"' + "".join(signs) + '"'


def _key(text: str) -> str:
    return text if _BARE_KEY.match(text) else _quoted(text)
