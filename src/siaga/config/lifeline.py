"""A child of `siaga run` ends when its parent is gone, however the parent went.

The parent keeps the writing end of the child's standard input open and never writes; the kernel
closes it when the parent dies.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

VARIABLE = "SIAGA_SUPERVISED"
_GRACE_SECONDS = 4.0


def hold_on_to_parent() -> None:
    """Watch for the parent's end, if there is a parent that asked for it."""
    if os.environ.pop(VARIABLE, None):
        threading.Thread(target=_watch, name="lifeline", daemon=True).start()


def _watch() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_GRACE_SECONDS)
    os._exit(1)
