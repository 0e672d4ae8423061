"""A recording given to whoever asks, whole or in the part that was asked for."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from siaga.kernel import byte_ranges
from siaga.telephony.recordings import queries
from siaga.telephony.recordings.types import RecordingView

_GUARDS = {
    "Content-Type": "audio/flac",
    "Content-Disposition": "inline",
    "Accept-Ranges": "bytes",
    # Whoever hears it again asks again: each listening is written down.
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}


def answer(
    request: HttpRequest, recording: RecordingView, heard: Callable[[], object]
) -> HttpResponseBase:
    """The sound; `heard` is called before the first byte of it leaves. Raises NotFound."""
    sealed = queries.sound_of(recording)
    size = recording.size
    wanted = byte_ranges.wanted(request.headers.get("Range"), size)
    first, last = wanted or (0, size - 1)
    if first > last:
        return HttpResponse(status=416, headers={**_GUARDS, "Content-Range": f"bytes */{size}"})
    headers = {**_GUARDS, "Content-Length": str(last - first + 1)}
    if wanted is not None:
        headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    status = 200 if wanted is None else 206
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers)
    heard()
    pieces = sealed.read(first, last - first + 1)
    return StreamingHttpResponse(pieces, status=status, headers=headers)
