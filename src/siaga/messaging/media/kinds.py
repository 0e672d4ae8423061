"""The kinds of files we keep, told by their first bytes and never by their name."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import puremagic

MEGABYTE = 1024 * 1024
_HEAD_BYTES = 4096


class Family(StrEnum):
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    DOCUMENT = "document"


BYTES_MAX = {
    Family.IMAGE: 16 * MEGABYTE,
    Family.AUDIO: 16 * MEGABYTE,
    Family.VIDEO: 48 * MEGABYTE,
    Family.DOCUMENT: 20 * MEGABYTE,
}
ANY_BYTES_MAX = max(BYTES_MAX.values())


@dataclass(frozen=True, slots=True)
class Kind:
    family: Family
    content_type: str
    extension: str


JPEG = Kind(Family.IMAGE, "image/jpeg", "jpg")
PNG = Kind(Family.IMAGE, "image/png", "png")
WEBP = Kind(Family.IMAGE, "image/webp", "webp")
GIF = Kind(Family.IMAGE, "image/gif", "gif")
OGG = Kind(Family.AUDIO, "audio/ogg", "ogg")
AMR = Kind(Family.AUDIO, "audio/amr", "amr")
MP3 = Kind(Family.AUDIO, "audio/mpeg", "mp3")
AAC = Kind(Family.AUDIO, "audio/aac", "aac")
M4A = Kind(Family.AUDIO, "audio/mp4", "m4a")
WEBA = Kind(Family.AUDIO, "audio/webm", "weba")
MP4 = Kind(Family.VIDEO, "video/mp4", "mp4")
MOV = Kind(Family.VIDEO, "video/quicktime", "mov")
THREE_GP = Kind(Family.VIDEO, "video/3gpp", "3gp")
WEBM = Kind(Family.VIDEO, "video/webm", "webm")
PDF = Kind(Family.DOCUMENT, "application/pdf", "pdf")

KEPT = (JPEG, PNG, WEBP, GIF, OGG, AMR, MP3, AAC, M4A, WEBA, MP4, MOV, THREE_GP, WEBM, PDF)

# Brands of the same container that hold still pictures, which we cannot re-encode.
_PICTURE_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif", b"avis"}


def sniff(data: bytes) -> Kind | None:
    """The kind of this file, or None for anything we do not keep."""
    head = data[:_HEAD_BYTES]
    for recognize in _RECOGNIZERS:
        kind = recognize(head)
        if kind is not None:
            return kind
    return None


def guess_name(data: bytes) -> str:
    """A media type for the note about a file that was turned away; "" when nobody knows."""
    try:
        return puremagic.from_string(data[:_HEAD_BYTES], mime=True)[:100]
    except (puremagic.PureError, ValueError):
        return ""


def _picture(head: bytes) -> Kind | None:
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    return GIF if head[:6] in (b"GIF87a", b"GIF89a") else None


def _sound(head: bytes) -> Kind | None:
    if head.startswith(b"OggS"):
        spoken = b"OpusHead" in head or b"\x01vorbis" in head or b"Speex   " in head
        return OGG if spoken and b"theora" not in head else None
    if head.startswith((b"#!AMR\n", b"#!AMR-WB\n")):
        return AMR
    if head.startswith(b"ID3"):
        return MP3
    if head[:1] != b"\xff" or len(head) < 4:
        return None
    if head[1] & 0xF6 == 0xF0:  # ADTS: sync word, layer 0
        return AAC
    return MP3 if head[1] & 0xE6 == 0xE2 else None  # MPEG sync word, layer III


def _container(head: bytes) -> Kind | None:
    if head[4:8] != b"ftyp":
        return None
    brand = head[8:12].lower()
    if brand in _PICTURE_BRANDS:
        return None
    if brand.startswith((b"m4a", b"m4b")):
        return M4A
    if brand.startswith((b"3gp", b"3g2")):
        return THREE_GP
    return MOV if brand == b"qt  " else MP4


def _matroska(head: bytes) -> Kind | None:
    if not head.startswith(b"\x1a\x45\xdf\xa3") or b"webm" not in head[:64]:
        return None
    return WEBM if b"V_VP" in head or b"V_AV1" in head else WEBA


def _document(head: bytes) -> Kind | None:
    return PDF if head.startswith(b"%PDF-") else None


_RECOGNIZERS: tuple[Callable[[bytes], Kind | None], ...] = (
    _picture,
    _container,
    _sound,
    _matroska,
    _document,
)
