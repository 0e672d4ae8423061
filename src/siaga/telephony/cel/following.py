"""The CEL file as it grows: whole lines from a place that is kept elsewhere.

The place is inode and offset, so a rotated file is read to its end before the new one is begun.
"""

from dataclasses import dataclass
from pathlib import Path

BATCH_LINES = 200
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Up to where a file has been read."""

    inode: int = 0
    offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Whole lines without their ends, and the place after them."""

    lines: tuple[bytes, ...]
    after: Place


def read_on(path: Path, place: Place, limit: int = BATCH_LINES) -> Piece:
    """At most `limit` further lines; none when there is nothing new or no file yet.

    A last line without its end waits. A rotated predecessor lies beside the file.
    """
    source, place = _source(path, place)
    if source is None:
        return Piece(lines=(), after=place)
    with source.open("rb") as file:
        file.seek(place.offset)
        data = file.read(_CHUNK_BYTES)
    *whole, rest = data.split(b"\n")
    lines = whole[:limit]
    offset = place.offset + sum(len(line) + 1 for line in lines)
    if not lines and rest and (source != path or len(data) == _CHUNK_BYTES):
        # The half line of a file that was put aside, or a megabyte without an end: nothing will
        # ever complete it. It is given as it is, so that reading goes on.
        offset, lines = place.offset + len(rest), [rest]
    return Piece(lines=tuple(lines), after=Place(inode=place.inode, offset=offset))


def _source(path: Path, place: Place) -> tuple[Path | None, Place]:
    """The file to read on in: the one begun, or once that is exhausted the next younger."""
    files = _oldest_first(path)
    inodes = [file.stat().st_ino for file in files]
    if place.inode not in inodes:
        # A first look, or what was begun has been cleared away: all that is left is younger.
        return (files[0], Place(inode=inodes[0])) if files else (None, place)
    at = inodes.index(place.inode)
    size = files[at].stat().st_size
    if size < place.offset:
        return files[at], Place(inode=place.inode)  # emptied in place: its beginning is new
    if size == place.offset and at + 1 < len(files):
        return files[at + 1], Place(inode=inodes[at + 1])
    return files[at], place


def _oldest_first(path: Path) -> list[Path]:
    beside = [file for file in path.parent.glob(f"{path.name}*") if file != path]
    beside.sort(key=lambda file: file.stat().st_mtime_ns)
    return [*beside, path] if path.exists() else beside
