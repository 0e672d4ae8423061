"""Our processes, quick to start: everything is imported once, and each start is a fork.

Reads names from its input, answers with pids. What runs in a child is what `siaga <name>` runs.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable

import django

django.setup()

from siaga.config.calllog_process import run_calllog  # noqa: E402
from siaga.config.phone_process import run_phone  # noqa: E402
from siaga.config.serve_process import address, serve_everything  # noqa: E402
from siaga.config.work_process import run_work  # noqa: E402
from siaga.edge import app  # noqa: E402
from siaga.kernel.observability import logs  # noqa: E402
from siaga.telephony.asterisk import centre  # noqa: E402

assert app


def phone() -> None:
    """siaga phone"""
    run_phone(centre.plans_in_force(), threading.Event())


def calllog() -> None:
    """siaga calllog"""
    run_calllog(centre.home() / "cel" / "siaga.jsonl", threading.Event())


def work() -> None:
    """siaga work"""
    run_work(threading.Event())


def serve() -> None:
    """siaga serve"""
    serve_everything(*address(None, None))


PROCESSES: dict[str, Callable[[], None]] = {
    "phone": phone,
    "calllog": calllog,
    "work": work,
    "serve": serve,
}


def main() -> None:
    """Until the input ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    logs.configure("zygote")
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.setsid()
            try:
                PROCESSES[line.strip()]()
            finally:
                os._exit(0)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
