"""`siaga serve` and `siaga edge`: the doors to the outside."""

from __future__ import annotations

import logging
import os
import socket
import threading

import uvicorn

from siaga.config.loops import revive
from siaga.config.warming import warm
from siaga.edge.config import edge_config
from siaga.edge.server import EdgeProtocol, EdgeServer
from siaga.kernel.errors import SiagaError

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8112
EDGE_PORT = 8113
_GRACE_SECONDS = 2
_KEEP_ALIVE_SECONDS = 30
_REVIVE_SECONDS = 1.0
_BACKLOG = 2048

_log = logging.getLogger("siaga.serve")


class PortTaken(SiagaError):
    """Another program listens where Siaga was told to."""

    code = "config.port_taken"

    def __str__(self) -> str:
        host, port = self.details["host"], self.details["port"]
        return (
            f"{host}:{port} cannot be listened on ({self.details['reason']}). Stop the program"
            " that does, or choose another port with PORT=…"
        )


def address(
    host: str | None, port: int | None, *, default_port: int = DEFAULT_PORT
) -> tuple[str, int]:
    """What was asked for, else HOST and PORT, else 127.0.0.1 and the default."""
    return (
        host or os.environ.get("HOST") or DEFAULT_HOST,
        port or int(os.environ.get("PORT") or default_port),
    )


def check_port(host: str, port: int) -> None:
    """Raises PortTaken when the address cannot be listened on."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        raise PortTaken(host=host, port=port, reason=error.strerror) from error


def serve_everything(host: str, port: int) -> None:
    """Webhooks, live streams and, unless SIAGA_EDGE_ONLY is set, Django's pages on one port."""
    check_port(host, port)
    stopping = threading.Event()
    threading.Thread(target=_keep_server, args=(stopping,), name="reviver", daemon=True).start()
    if not edge_config().only:
        threading.Thread(target=warm, name="warming", daemon=True).start()
    config = uvicorn.Config(
        "siaga.edge.app:application",
        host=host,
        port=port,
        loop="uvloop",
        http=EdgeProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        # The edge itself decides whom to believe about the client's address.
        proxy_headers=False,
        backlog=_BACKLOG,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    try:
        EdgeServer(config).run()
    finally:
        stopping.set()


def _keep_server(stopping: threading.Event) -> None:
    while not stopping.wait(_REVIVE_SECONDS):
        revive()
