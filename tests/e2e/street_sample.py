"""The smallest PMTiles archive that a map takes: one grey picture tile of the whole world."""

import io
import json
import struct

from PIL import Image

HEADER_BYTES = 127
PNG, UNPACKED = 2, 1


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def archive(attribution: str) -> bytes:
    """A version 3 archive, laid out as its specification says, nothing compressed."""
    picture = io.BytesIO()
    Image.new("RGB", (256, 256), (200, 200, 200)).save(picture, "PNG")
    tile = picture.getvalue()
    # One entry: its number, how many tiles it stands for, its length, its offset plus one.
    root = b"".join(_varint(value) for value in (1, 0, 1, len(tile), 1))
    metadata = json.dumps({"attribution": attribution}).encode()
    at_metadata = HEADER_BYTES + len(root)
    at_tiles = at_metadata + len(metadata)
    places = (HEADER_BYTES, len(root), at_metadata, len(metadata), at_tiles, 0, at_tiles, len(tile))
    header = b"PMTiles\x03" + struct.pack("<8Q", *places) + struct.pack("<3Q", 1, 1, 1)
    header += struct.pack("<6B", 1, UNPACKED, UNPACKED, PNG, 0, 0)
    header += struct.pack("<4i", -1_800_000_000, -850_000_000, 1_800_000_000, 850_000_000)
    header += struct.pack("<B2i", 0, 0, 0)
    assert len(header) == HEADER_BYTES
    return header + root + metadata + tile
