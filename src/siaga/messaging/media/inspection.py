"""A citizen's file is looked at before it is kept: what it is, how large, what it hides."""

from dataclasses import dataclass

from siaga.kernel.geometry import Point
from siaga.messaging.errors import MediaRejected
from siaga.messaging.media import boxes, images, kinds
from siaga.messaging.media.kinds import Family, Kind

_BOXED = {kinds.MP4, kinds.MOV, kinds.THREE_GP, kinds.M4A}
_SOUND_ONLY = {kinds.MP4: kinds.M4A, kinds.MOV: kinds.M4A, kinds.THREE_GP: kinds.M4A}


@dataclass(frozen=True, slots=True)
class Inspected:
    """What may be stored. `position` was hidden in the file and is in it no more."""

    data: bytes
    kind: Kind
    position: Point | None


def inspect(data: bytes) -> Inspected:
    """Check and clean a file. Raises MediaRejected: empty, kind, too_large, broken."""
    if not data:
        raise MediaRejected(reason="empty")
    kind = kinds.sniff(data)
    if kind is None:
        raise MediaRejected(reason="kind")
    bytes_max = kinds.BYTES_MAX[kind.family]
    if len(data) > bytes_max:
        raise MediaRejected(reason="too_large", bytes_max=bytes_max)
    if kind.family is Family.IMAGE:
        return _picture(data)
    if kind in _BOXED:
        return _boxed(data, kind)
    return Inspected(data, kind, None)


def _picture(data: bytes) -> Inspected:
    try:
        drawn = images.redraw(data)
    except images.PictureBroken:
        raise MediaRejected(reason="broken") from None
    return Inspected(drawn.data, drawn.kind, drawn.position)


def _boxed(data: bytes, kind: Kind) -> Inspected:
    inside = bytearray(data)
    try:
        found = boxes.blank_descriptions(inside)
    except boxes.BoxesBroken:
        raise MediaRejected(reason="broken") from None
    if not found.handlers & {b"vide", b"soun"}:
        raise MediaRejected(reason="broken")
    if b"vide" not in found.handlers:
        kind = _SOUND_ONLY.get(kind, kind)
    return Inspected(bytes(inside), kind, found.position)
