"""How AudioSocket looks on the wire. Pure.

One byte of kind, two bytes of length (big-endian), then so much content; the first frame names the
connection. Source: the AudioSocket protocol note of the Asterisk project.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from uuid import UUID

HEAD_BYTES = 3
UUID_BYTES = 16
AUDIO_BYTES_MAX = 4096
"""Asterisk sends 20 ms, 320 bytes, at once; a quarter of a second is no audio frame of its."""
SAMPLE_BYTES = 2
GOODBYE = bytes(HEAD_BYTES)
"""The frame by which we hang up."""


class Kind(IntEnum):
    """What a frame is; anything else is no AudioSocket."""

    HANGUP = 0x00
    NAME = 0x01
    DIGIT = 0x03
    AUDIO = 0x10
    """Signed 16 bits, little-endian, 8000 a second, one channel."""
    ERROR = 0xFF


_LENGTHS = {
    Kind.HANGUP: (0, 0),
    Kind.NAME: (UUID_BYTES, UUID_BYTES),
    Kind.DIGIT: (1, 1),
    Kind.AUDIO: (0, AUDIO_BYTES_MAX),
    Kind.ERROR: (0, 64),
}


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame."""

    kind: Kind
    content: bytes = b""


class BadFrame(ValueError):
    """What came is no AudioSocket; nothing after it can be trusted."""


class Reader:
    """Bytes as they come, frames as they are whole."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._named = False

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Each frame that is whole now, in order. Raises BadFrame after those before it."""
        self._held += data
        while len(self._held) >= HEAD_BYTES:
            kind = self._kind()
            length = int.from_bytes(self._held[1:HEAD_BYTES], "big")
            _look_at(kind, length)
            end = HEAD_BYTES + length
            if len(self._held) < end:
                return
            content = bytes(self._held[HEAD_BYTES:end])
            del self._held[:end]
            self._named = True
            yield Frame(kind, content)

    def _kind(self) -> Kind:
        try:
            kind = Kind(self._held[0])
        except ValueError:
            raise BadFrame(f"kind {self._held[0]:#04x} is unknown") from None
        if (kind is Kind.NAME) is self._named:
            raise BadFrame("named twice" if self._named else "not named first")
        return kind


def name_of(frame: Frame) -> UUID:
    """Which connection this is, by its first frame."""
    return UUID(bytes=frame.content)


def _look_at(kind: Kind, length: int) -> None:
    """A length is judged before its content comes, so nothing long is ever kept."""
    least, most = _LENGTHS[kind]
    if not least <= length <= most:
        raise BadFrame(f"{length} bytes of {kind.name.lower()}")
    if kind is Kind.AUDIO and length % SAMPLE_BYTES:
        raise BadFrame("half a sample")
