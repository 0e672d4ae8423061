"""A WSGI environ from an ASGI scope, believing nothing that the caller merely claims."""

import sys
from typing import IO, Any
from urllib.parse import unquote_to_bytes

from siaga.edge.rules import Network, caller
from siaga.edge.types import Scope
from siaga.edge.wsgi import FileParts
from siaga.kernel.observability import REQUEST_ID_HEADER, accept_request_id

_ONCE = frozenset({b"host", b"content-type", b"content-length", b"authorization"})
# Computed here from what is known, never copied; `proxy` would become HTTP_PROXY.
_NOT_COPIED = frozenset(
    b"content-length transfer-encoding connection keep-alive te trailer upgrade proxy"
    b" proxy-connection forwarded x-forwarded-for x-forwarded-host x-forwarded-port"
    b" x-forwarded-proto x-forwarded-server x-real-ip x-request-id".split()
)


class BadRequest(Exception):
    """The request's head is ambiguous and must not be guessed at."""

    status = 400

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def environ_for(
    scope: Scope, body: IO[bytes], length: int, trusted: tuple[Network, ...]
) -> dict[str, Any]:
    """PEP 3333's dictionary. BadRequest for repeated headers that must be single."""
    peer = (scope.get("client") or ("",))[0]
    who = caller(peer, scope["scheme"], scope["headers"], trusted)
    server = scope.get("server") or ("localhost", None)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or 80),
        "REMOTE_ADDR": who.address,
        "CONTENT_LENGTH": str(length),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": who.scheme,
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileParts,
    }
    offered = _copy_headers(scope, environ)
    environ["HTTP_X_REQUEST_ID"] = accept_request_id(offered)
    environ["HTTP_X_FORWARDED_PROTO"] = who.scheme
    return environ


def _copy_headers(scope: Scope, environ: dict[str, Any]) -> str | None:
    offered = None
    for name, raw in scope["headers"]:
        # An underscore would become the same key as a dash: `x_request_id` could pose as ours.
        if b"_" in name:
            continue
        value = raw.decode("latin-1")
        if name == REQUEST_ID_HEADER.encode():
            offered = value
        if name in _NOT_COPIED:
            continue
        key = name.decode("latin-1").upper().replace("-", "_")
        key = key if key == "CONTENT_TYPE" else f"HTTP_{key}"
        if key in environ:
            if name in _ONCE:
                raise BadRequest("repeated_header")
            separator = "; " if name == b"cookie" else ","
            value = f"{environ[key]}{separator}{value}"
        environ[key] = value
    return offered
