"""Runs the stand-in: for good from the command line, or for the time of a test."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from siaga.messaging.whatsapp.standin.app import StandIn

START_SECONDS_MAX = 10.0


def serve(standin: StandIn, *, host: str, port: int) -> None:
    """Serve until a signal ends the process."""
    uvicorn.run(standin, host=host, port=port, log_level="warning", access_log=False)


@contextmanager
def running(standin: StandIn) -> Iterator[str]:
    """Serve on a free loopback port in a thread; gives the base URL."""
    ready = threading.Event()

    class Server(uvicorn.Server):
        def install_signal_handlers(self) -> None:
            """Not in a thread."""

        async def startup(self, sockets: object = None) -> None:
            await super().startup(sockets)  # type: ignore[arg-type]
            ready.set()

    config = uvicorn.Config(
        standin, host="127.0.0.1", port=0, log_level="warning", access_log=False
    )
    server = Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    if not ready.wait(START_SECONDS_MAX):
        raise RuntimeError("the stand-in did not start")
    try:
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(START_SECONDS_MAX)
