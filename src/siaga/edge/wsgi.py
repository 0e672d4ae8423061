"""Calling a WSGI application inside a thread, and the three shapes of what it answers."""

from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any

import structlog
from django.db import close_old_connections

from siaga.edge.types import Headers

WHOLE_BYTES_MAX = 256 * 1024
FILE_CHUNK_BYTES = 256 * 1024
STREAM_CHUNK_BYTES = 16 * 1024

# Said by the server itself about the connection, not by the application.
_HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding"}
)

_log = structlog.get_logger(__name__)

Pipe = Callable[[dict[str, Any]], None]


class Head:
    """Status and headers of a response."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: Headers = []

    def __call__(self, status: str, headers: list[tuple[str, str]], error: Any = None) -> None:
        """WSGI's start_response."""
        self.status = int(status[:3])
        self.headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in headers
            if name.lower() not in _HOP_BY_HOP
        ]

    def message(self) -> dict[str, Any]:
        """ASGI's beginning of a response."""
        return {"type": "http.response.start", "status": self.status, "headers": self.headers}


class Reply:
    """A response that is whole."""

    def __init__(self, head: Head, body: bytes) -> None:
        self._head = head
        self.body = body

    def start(self) -> dict[str, Any]:
        """ASGI's beginning of the response."""
        return self._head.message()


class FileParts:
    """`wsgi.file_wrapper`: a file the application hands over; read later, piece by piece."""

    def __init__(self, file: IO[bytes], block_size: int = FILE_CHUNK_BYTES) -> None:
        self._file = file
        self.head = Head()
        self.first = b""

    def read(self, size: int) -> bytes:
        """The next piece; empty at the end. Blocks on the disk."""
        return self._file.read(size)

    def close(self) -> None:
        """Close the file and the application's response."""
        self._file.close()

    def start(self) -> dict[str, Any]:
        """ASGI's beginning of the response."""
        return self.head.message()

    def __iter__(self) -> Iterator[bytes]:
        while piece := self.read(FILE_CHUNK_BYTES):
            yield piece


class Streamed:
    """A response that has been sent already, piece by piece."""


def run(
    app: Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]],
    environ: dict[str, Any],
    pipe: Pipe,
) -> Reply | FileParts | Streamed:
    """Call the application. What is small comes back whole; what is long goes through `pipe`."""
    head = Head()
    result = app(environ, head)
    if isinstance(result, FileParts):
        return _file(result, head, environ)
    try:
        return _collect(result, head, pipe)
    finally:
        close = getattr(result, "close", None)
        if close is not None:
            close()


def _file(parts: FileParts, head: Head, environ: dict[str, Any]) -> Reply | FileParts:
    parts.head = head
    parts.first = parts.read(FILE_CHUNK_BYTES)
    if environ["REQUEST_METHOD"] != "HEAD" and len(parts.first) == FILE_CHUNK_BYTES:
        # The rest is read by whoever sends it; this thread's database connection is not needed.
        close_old_connections()
        return parts
    parts.close()
    return Reply(head, parts.first)


def _collect(result: Iterable[bytes], head: Head, pipe: Pipe) -> Reply | Streamed:
    """Gather the pieces; once there are too many to keep, send them as they come."""
    gathered: list[bytes] = []
    size = 0
    limit = WHOLE_BYTES_MAX
    streaming = getattr(result, "streaming", False)
    started = False
    for piece in result:
        gathered.append(piece)
        size += len(piece)
        if not streaming or size < (STREAM_CHUNK_BYTES if started else limit):
            continue
        if not started:
            pipe(head.message())
            started = True
        pipe({"type": "http.response.body", "body": b"".join(gathered), "more_body": True})
        gathered, size = [], 0
    rest = b"".join(gathered)
    if not started:
        return Reply(head, rest)
    pipe({"type": "http.response.body", "body": rest})
    return Streamed()
