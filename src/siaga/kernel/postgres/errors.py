"""What can go wrong before there is a database to talk to.

These are read by whoever installs Siaga, before Django and its translations exist: plain English,
and always with the cure.
"""

from __future__ import annotations


class PostgresUnavailable(RuntimeError):
    """No usable PostgreSQL: not found, of the wrong version, or it does not start."""

    def __init__(self, problem: str, cure: str) -> None:
        super().__init__(f"{problem} {cure}".strip())
        self.problem = problem
        self.cure = cure
