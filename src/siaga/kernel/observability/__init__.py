"""What the outside may know about a running Siaga: one request id, logs, figures.

The request id is born at the door (or taken from a sane `X-Request-ID`) and travels through the
raw webhook, the journal entry and the job, so that one search finds all three.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from siaga.kernel.ids import new_id

request_id: ContextVar[str] = ContextVar("siaga_request_id", default="")

REQUEST_ID_HEADER = "x-request-id"
_SANE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")


def accept_request_id(offered: str | None) -> str:
    """The caller's id when it is 8 to 64 harmless signs, else a new UUID version 7."""
    if offered and _SANE.fullmatch(offered):
        return offered
    return str(new_id())


@contextmanager
def serving(identifier: str) -> Iterator[str]:
    """Everything inside belongs to this request; an empty id gives a new one."""
    token = request_id.set(accept_request_id(identifier))
    try:
        yield request_id.get()
    finally:
        request_id.reset(token)
