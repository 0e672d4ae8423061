"""A wire between our daemon and Asterisk that can fall silent or break."""

from __future__ import annotations

import socket
import threading
from typing import Self


class Relay:
    """Hands bytes on in both directions; `silent` swallows them, `cut` closes."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._door.getsockname()[1])
        self.silent = threading.Event()
        self._open: list[socket.socket] = []

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._door.close()
        self.cut()

    def cut(self) -> None:
        """Every open connection ends."""
        for one in self._open:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            one.close()
        self._open.clear()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
                far = socket.create_connection(("127.0.0.1", self._target), 5)
            except OSError:
                return
            self._open += [near, far]
            for here, there in ((near, far), (far, near)):
                threading.Thread(target=self._hand_on, args=(here, there), daemon=True).start()

    def _hand_on(self, here: socket.socket, there: socket.socket) -> None:
        try:
            while data := here.recv(65_536):
                if not self.silent.is_set():
                    there.sendall(data)
        except OSError:
            pass
        finally:
            there.close()
