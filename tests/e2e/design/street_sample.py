"""The smallest PMTiles archives that a map takes: one tile of the whole world."""

import io
import json
import struct

from PIL import Image

HEADER_BYTES = 127
MVT, PNG, UNPACKED = 1, 2, 1
EXTENT = 4096


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def picture_archive(attribution: str) -> bytes:
    """One grey picture."""
    picture = io.BytesIO()
    Image.new("RGB", (256, 256), (200, 200, 200)).save(picture, "PNG")
    return _archive(attribution, PNG, picture.getvalue())


def vector_archive(attribution: str) -> bytes:
    """Water over the whole world, in the Protomaps scheme."""
    return _archive(attribution, MVT, _water())


def _archive(attribution: str, kind: int, tile: bytes) -> bytes:
    """Version 3, laid out as its specification says, nothing compressed."""
    # One entry: its number, how many tiles it stands for, its length, its offset plus one.
    root = b"".join(_varint(value) for value in (1, 0, 1, len(tile), 1))
    metadata = json.dumps({"attribution": attribution}).encode()
    at_metadata = HEADER_BYTES + len(root)
    at_tiles = at_metadata + len(metadata)
    places = (HEADER_BYTES, len(root), at_metadata, len(metadata), at_tiles, 0, at_tiles, len(tile))
    header = b"PMTiles\x03" + struct.pack("<8Q", *places) + struct.pack("<3Q", 1, 1, 1)
    header += struct.pack("<6B", 1, UNPACKED, UNPACKED, kind, 0, 0)
    header += struct.pack("<4i", -1_800_000_000, -850_000_000, 1_800_000_000, 850_000_000)
    header += struct.pack("<B2i", 0, 0, 0)
    assert len(header) == HEADER_BYTES
    return header + root + metadata + tile


def _water() -> bytes:
    """A vector tile: one layer with one polygon over all of it."""
    drawn = (_move(1), 0, 0, _line(3), _zigzag(EXTENT), 0, 0, _zigzag(EXTENT), _zigzag(-EXTENT), 0)
    geometry = b"".join(_varint(value) for value in (*drawn, _CLOSE))
    feature = _number(3, _POLYGON) + _bytes(4, geometry)
    layer = _number(15, 2) + _bytes(1, b"water") + _bytes(2, feature) + _number(5, EXTENT)
    return _bytes(3, layer)


_POLYGON, _CLOSE = 3, 15


def _move(count: int) -> int:
    return 1 | count << 3


def _line(count: int) -> int:
    return 2 | count << 3


def _zigzag(value: int) -> int:
    return value << 1 if value >= 0 else (-value << 1) - 1


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value
