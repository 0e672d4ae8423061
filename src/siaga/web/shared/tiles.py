"""A centre's own street map: one PMTiles file per region, served in ranges from the disk.

Put `<region>.pmtiles` into the folder `tiles` of the data folder (or into `SIAGA_TILES`): every map
of that region then shows its streets. Without the file the coast and the names remain.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

RANGE_BYTES_MAX = 8 * 1024 * 1024
PIECE_BYTES = 256 * 1024
_REGION = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_RANGE = re.compile(r"bytes=(\d+)-(\d*)")


def tiles_url(region_id: str) -> str | None:
    """The address of the region's street map; None if its centre has none."""
    return reverse("tiles", args=[region_id]) if _file(region_id) else None


@require_safe
def tiles(request: HttpRequest, place: str) -> HttpResponseBase:
    """The part of the file that the map asks for. Streets are no secret: open to citizens too."""
    path = _file(place)
    if path is None:
        raise Http404
    state = path.stat()
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "public, max-age=3600",
        "Content-Type": "application/vnd.pmtiles",
        "ETag": f'"{int(state.st_mtime)}-{state.st_size}"',
    }
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    if asked is None:
        headers["Content-Length"] = str(state.st_size)
        return _answer(request, _pieces(path, 0, state.st_size), 200, headers)
    first = int(asked[1])
    last = min(int(asked[2]) if asked[2] else state.st_size - 1, state.st_size - 1)
    last = min(last, first + RANGE_BYTES_MAX - 1)
    if first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{state.st_size}"})
    headers["Content-Range"] = f"bytes {first}-{last}/{state.st_size}"
    headers["Content-Length"] = str(last - first + 1)
    return _answer(request, _pieces(path, first, last - first + 1), 206, headers)


def _answer(
    request: HttpRequest, pieces: Iterator[bytes], status: int, headers: dict[str, str]
) -> HttpResponseBase:
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers)
    return StreamingHttpResponse(pieces, status=status, headers=headers)


def _file(region_id: str) -> Path | None:
    if _REGION.fullmatch(region_id) is None:
        return None
    folder = Path(getattr(settings, "SIAGA_TILES", settings.SIAGA_HOME / "tiles"))
    path = folder / f"{region_id}.pmtiles"
    return path if path.is_file() else None


def _pieces(path: Path, first: int, count: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(first)
        while count > 0 and (piece := file.read(min(PIECE_BYTES, count))):
            count -= len(piece)
            yield piece
