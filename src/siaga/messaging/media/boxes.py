"""MP4, MOV and 3GP: find what is in them and blank what tells where they were filmed.

A file is a tree of boxes (length, name, content). Descriptions (`udta`, `meta`, `uuid`) and
tracks of timed descriptions are renamed to `free` and zeroed in place: the length stays, so
the offsets of sound and picture stay true.
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from siaga.kernel.geometry import Point

_HEADER = 8
_LARGE_HEADER = 16
_DEPTH_MAX = 4
_DESCRIPTIONS = {b"udta", b"meta", b"uuid"}
_PARENTS = {b"moov", b"trak", b"mdia"}
_PLAYED = {b"vide", b"soun"}
# ISO 6709 as cameras write it: +08.2192-114.3691+011.2/
_ISO_6709 = re.compile(rb"([+-]\d{1,2}(?:\.\d{1,8})?)([+-]\d{1,3}(?:\.\d{1,8})?)(?:[+-][\d.]+)?/")


class BoxesBroken(ValueError):
    """The boxes do not fit into each other."""


@dataclass(slots=True)
class Blanked:
    """What was found on the way."""

    handlers: set[bytes] = field(default_factory=set)
    position: Point | None = None


@dataclass(frozen=True, slots=True)
class _Box:
    name: bytes
    start: int
    content: int
    end: int


def blank_descriptions(data: bytearray) -> Blanked:
    """Zero every description in place. Raises BoxesBroken for a file that is no such container."""
    found = Blanked()
    names = set()
    for box in _boxes(data, 0, len(data)):
        names.add(box.name)
        _visit(data, box, found, depth=0)
    if b"moov" not in names:
        raise BoxesBroken("there is no moov box")
    return found


def _visit(data: bytearray, box: _Box, found: Blanked, *, depth: int) -> None:
    if box.name in _DESCRIPTIONS:
        _blank(data, box, found)
    elif box.name == b"hdlr" and box.end - box.content >= 12:
        found.handlers.add(bytes(data[box.content + 8 : box.content + 12]))
    elif box.name in _PARENTS and depth < _DEPTH_MAX:
        inner = Blanked()
        for child in _boxes(data, box.content, box.end):
            _visit(data, child, inner, depth=depth + 1)
        found.position = found.position or inner.position
        if box.name == b"trak" and not inner.handlers & _PLAYED:
            _blank(data, box, found)
        else:
            found.handlers |= inner.handlers


def _blank(data: bytearray, box: _Box, found: Blanked) -> None:
    if found.position is None:
        found.position = _position(bytes(data[box.content : box.end]))
    data[box.start + 4 : box.start + 8] = b"free"
    data[box.content : box.end] = bytes(box.end - box.content)


def _position(text: bytes) -> Point | None:
    match = _ISO_6709.search(text)
    if match is None:
        return None
    try:
        return Point(lat=float(match[1]), lng=float(match[2]))
    except ValueError:
        return None


def _boxes(data: bytearray, start: int, end: int) -> Iterator[_Box]:
    at = start
    while at + _HEADER <= end:
        size, name = struct.unpack_from(">I4s", data, at)
        content = at + _HEADER
        if size == 1:
            if at + _LARGE_HEADER > end:
                raise BoxesBroken("a long box is cut off")
            (size,) = struct.unpack_from(">Q", data, at + _HEADER)
            content = at + _LARGE_HEADER
        elif size == 0:
            # "To the end of the file"; inside another box some cameras end a list with zeros.
            if start:
                return
            size = end - at
        if size < content - at or at + size > end:
            raise BoxesBroken("a box does not fit")
        yield _Box(name, at, content, at + size)
        at += size
