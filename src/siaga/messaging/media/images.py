"""Pictures are drawn anew: whatever else the file carried does not come along."""

from dataclasses import dataclass
from io import BytesIO

from PIL import ExifTags, Image, ImageOps

from siaga.kernel.geometry import Point
from siaga.messaging.media.kinds import JPEG, PNG, Kind

PIXELS_MAX = 64_000_000
SIDE_PIXELS_MAX = 4096
_JPEG_QUALITY = 88
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_DEGREES = (1.0, 60.0, 3600.0)


class PictureBroken(ValueError):
    """No picture can be drawn from these bytes."""


@dataclass(frozen=True, slots=True)
class Redrawn:
    data: bytes
    kind: Kind
    position: Point | None


def redraw(data: bytes) -> Redrawn:
    """The picture alone, upright, as JPEG (or PNG if parts are transparent), and the position
    its hidden data held. Raises PictureBroken."""
    try:
        with Image.open(BytesIO(data), formats=_FORMATS) as image:
            if image.width * image.height > PIXELS_MAX:
                raise PictureBroken("too many pixels")
            position = _position(image)
            image.load()
            return _drawn(ImageOps.exif_transpose(image), position)
    except PictureBroken:
        raise
    except Exception as wrong:  # a broken file makes Pillow raise nearly anything
        raise PictureBroken(type(wrong).__name__) from wrong


def _drawn(image: Image.Image, position: Point | None) -> Redrawn:
    see_through = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    plain = image.convert("RGBA" if see_through else "RGB")
    plain.thumbnail((SIDE_PIXELS_MAX, SIDE_PIXELS_MAX))
    # A fresh picture of the same pixels: no comment, profile or tag can hide in `info`.
    clean = Image.new(plain.mode, plain.size)
    clean.paste(plain)
    out = BytesIO()
    if see_through:
        clean.save(out, "PNG")
        return Redrawn(out.getvalue(), PNG, position)
    clean.save(out, "JPEG", quality=_JPEG_QUALITY)
    return Redrawn(out.getvalue(), JPEG, position)


def _position(image: Image.Image) -> Point | None:
    try:
        gps = image.getexif().get_ifd(ExifTags.IFD.GPSInfo)
        lat = _angle(gps[ExifTags.GPS.GPSLatitude], gps.get(ExifTags.GPS.GPSLatitudeRef), "S")
        lng = _angle(gps[ExifTags.GPS.GPSLongitude], gps.get(ExifTags.GPS.GPSLongitudeRef), "W")
        point = Point(lat=lat, lng=lng)
    except Exception:  # tags are whatever the camera, or a mischief-maker, wrote
        return None
    # Cameras without a fix write zeros; nobody in Indonesia reports from the Gulf of Guinea.
    return None if point.lat == 0 and point.lng == 0 else point


def _angle(parts: tuple[float, ...], ref: str | None, negative: str) -> float:
    value = sum(float(part) / unit for part, unit in zip(parts, _DEGREES, strict=True))
    return -value if ref == negative else value
