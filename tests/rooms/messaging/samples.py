"""Small files of every kind, made on the spot."""

import struct
from io import BytesIO

from PIL import ExifTags, Image

OGG = b"OggS\x00\x02" + bytes(22) + b"\x01\x13OpusHead\x01\x01" + bytes(64)
AMR = b"#!AMR\n" + bytes(64)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
WEBM = b"\x1a\x45\xdf\xa3" + b"\x9fB\x82\x84webm" + b"\x86\x85V_VP8" + bytes(64)
MP3 = b"ID3\x04\x00\x00" + bytes(64)
HTML_AFTER = b"<!doctype html><script>alert(document.domain)</script>"


def jpeg(*, position: tuple[float, float] | None = None, size: tuple[int, int] = (64, 48)) -> bytes:
    """A red photo, with a position in its hidden data if wanted."""
    image = Image.new("RGB", size, (200, 40, 30))
    exif = image.getexif()
    exif[ExifTags.Base.Make] = "TeleponWarga"
    if position is not None:
        lat, lng = position
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        gps[ExifTags.GPS.GPSLatitudeRef] = "S" if lat < 0 else "N"
        gps[ExifTags.GPS.GPSLatitude] = _degrees(lat)
        gps[ExifTags.GPS.GPSLongitudeRef] = "W" if lng < 0 else "E"
        gps[ExifTags.GPS.GPSLongitude] = _degrees(lng)
    out = BytesIO()
    image.save(out, "JPEG", exif=exif, comment=b"rahasia")
    return out.getvalue()


def picture(kind: str, mode: str = "RGB") -> bytes:
    """A small picture in another format."""
    out = BytesIO()
    Image.new(mode, (20, 20)).save(out, kind)
    return out.getvalue()


def polyglot() -> bytes:
    """A photo that is a web page as well, in its comment and after its end."""
    image = Image.new("RGB", (16, 16), (1, 2, 3))
    out = BytesIO()
    image.save(out, "JPEG", comment=HTML_AFTER)
    return out.getvalue() + HTML_AFTER


def box(name: bytes, *contents: bytes) -> bytes:
    """One box of an MP4."""
    content = b"".join(contents)
    return struct.pack(">I4s", 8 + len(content), name) + content


def handler(kind: bytes) -> bytes:
    """The box that says what a track is."""
    return box(b"hdlr", bytes(8), kind, bytes(12))


def track(kind: bytes, *more: bytes) -> bytes:
    """A track of pictures, sound or something else."""
    return box(b"trak", box(b"tkhd", bytes(80)), box(b"mdia", handler(kind)), *more)


WHERE = b"+08.2192-114.3691+011.2/"


def movie(*, brand: bytes = b"mp42", tracks: tuple[bytes, ...] = (b"vide", b"soun")) -> bytes:
    """A film that tells where it was taken, in three places."""
    described = box(b"udta", box(b"\xa9xyz", b"\x00\x18\x15\xc7", WHERE))
    keys = box(b"meta", handler(b"mdta"), box(b"ilst", WHERE))
    timed = track(b"meta", box(b"udta", WHERE))
    inside = [track(kind, box(b"udta", b"loci", WHERE)) for kind in tracks]
    moov = box(b"moov", box(b"mvhd", bytes(100)), *inside, timed, described, keys)
    return (
        box(b"ftyp", brand, bytes(4))
        + moov
        + box(b"mdat", b"pictures and sound")
        + box(b"uuid", bytes(16), WHERE)
    )


def _degrees(value: float) -> tuple[float, float, float]:
    whole = abs(value)
    minutes = (whole - int(whole)) * 60
    return (float(int(whole)), float(int(minutes)), round((minutes - int(minutes)) * 60, 4))
