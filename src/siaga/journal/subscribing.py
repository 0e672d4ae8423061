"""How a room listens to the rooms before it: `at_once` or `as_job`.

Each room lists its subscriptions in `subscriptions.py` under the name SUBSCRIPTIONS. `at_once` runs
inside the transaction that records the fact (short, no network); `as_job` is deferred in that same
transaction and runs in the worker.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, TypeVar

from django.apps import apps

from siaga.journal.facts import Fact, declaration_of_type
from siaga.journal.types import Entry

F = TypeVar("F", bound=Fact)
Handler = Callable[[Entry[Any]], None]


@dataclass(frozen=True, slots=True)
class Subscription:
    """A room's interest in one kind of fact."""

    fact_name: str
    handler: Handler
    deferred: bool

    @property
    def path(self) -> str:
        """Where the handler lives, so that a job can find it again after a restart."""
        return f"{self.handler.__module__}:{self.handler.__qualname__}"


def at_once(fact_type: type[F], handler: Callable[[Entry[F]], None]) -> Subscription:
    """Run `handler` inside the recording transaction; its failure undoes the fact."""
    return Subscription(declaration_of_type(fact_type).name, handler, deferred=False)


def as_job(fact_type: type[F], handler: Callable[[Entry[F]], None]) -> Subscription:
    """Run `handler` in the worker after the commit, at least once: it must be idempotent."""
    return Subscription(declaration_of_type(fact_type).name, handler, deferred=True)


@cache
def all_subscriptions() -> dict[str, tuple[Subscription, ...]]:
    """Every room's subscriptions by fact name, in the order of the installed apps."""
    found: dict[str, list[Subscription]] = {}
    for subscription in _collect("subscriptions", "SUBSCRIPTIONS"):
        found.setdefault(subscription.fact_name, []).append(subscription)
    return {name: tuple(items) for name, items in found.items()}


def _collect(module: str, attribute: str) -> Iterable[Subscription]:
    for app in apps.get_app_configs():
        if not app.name.startswith("siaga.") or find_spec(f"{app.name}.{module}") is None:
            continue
        yield from getattr(import_module(f"{app.name}.{module}"), attribute)


def subscription_at(path: str) -> Subscription | None:
    """The deferred subscription a job was made for; None if the room no longer has it."""
    for subscriptions in all_subscriptions().values():
        for subscription in subscriptions:
            if subscription.deferred and subscription.path == path:
                return subscription
    return None
