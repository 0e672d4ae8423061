"""How a stored file is handed to a browser, whatever the page: never as something that runs."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from siaga.kernel import byte_ranges
from siaga.messaging.media import kinds
from siaga.messaging.types import MediaState, MediaView

CHUNK_BYTES = 64 * 1024
_INLINE = {kind.content_type for kind in kinds.KEPT if kind.family is not kinds.Family.DOCUMENT} - {
    "image/gif",
    "image/webp",
}
_SAFE_TYPES = {kind.content_type: kind.extension for kind in kinds.KEPT}


@dataclass(frozen=True, slots=True)
class MediaAnswer:
    """Status, headers and the part of the file to send. `path` is None for an empty answer."""

    status: int
    headers: dict[str, str]
    path: Path | None = None
    start: int = 0
    length: int = 0

    def chunks(self) -> Iterator[bytes]:
        """The bytes, piece by piece."""
        if self.path is None:
            return
        left = self.length
        with self.path.open("rb") as file:
            file.seek(self.start)
            while left > 0 and (piece := file.read(min(CHUNK_BYTES, left))):
                left -= len(piece)
                yield piece


def answer(
    view: MediaView, *, range_header: str | None = None, if_none_match: str | None = None
) -> MediaAnswer:
    """The HTTP answer for a file its reader may see: 200, 206, 304, 404 or 416.

    Guard the door first: this function does not know who asks.
    """
    if view.state is not MediaState.STORED or view.path is None or not view.path.is_file():
        return MediaAnswer(404, _guards())
    size = view.path.stat().st_size
    tag = f'"{view.sha256[:32]}"'
    headers = {
        **_guards(),
        "Content-Type": _content_type(view),
        "Content-Disposition": disposition(view),
        "Accept-Ranges": "bytes",
        "ETag": tag,
        # Shown again by the same browser only, and asked for again when the session has ended.
        "Cache-Control": "private, max-age=0, must-revalidate",
    }
    if if_none_match is not None and tag in if_none_match:
        return MediaAnswer(304, headers)
    part = byte_ranges.wanted(range_header, size)
    if part is None:
        headers["Content-Length"] = str(size)
        return MediaAnswer(200, headers, view.path, 0, size)
    start, end = part
    if start > end:
        return MediaAnswer(416, {**headers, "Content-Range": f"bytes */{size}"})
    headers["Content-Range"] = f"bytes {start}-{end}/{size}"
    headers["Content-Length"] = str(end - start + 1)
    return MediaAnswer(206, headers, view.path, start, end - start + 1)


def disposition(view: MediaView) -> str:
    """`inline` only for pictures, sound and moving pictures that we checked ourselves."""
    content_type = _content_type(view)
    way = "inline" if content_type in _INLINE else "attachment"
    name = f"{view.id}.{_SAFE_TYPES.get(content_type, 'bin')}"
    return f"{way}; filename*=UTF-8''{quote(name)}"


def _content_type(view: MediaView) -> str:
    return view.content_type if view.content_type in _SAFE_TYPES else "application/octet-stream"


def _guards() -> dict[str, str]:
    return {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
    }
