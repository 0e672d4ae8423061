"""Refuse to start when the rooms and the journal disagree."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from siaga.journal import deadlines, facts
from siaga.journal.subscribing import all_subscriptions


@register("siaga")
def every_subscription_names_a_declared_fact(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """A subscription to a fact that nobody records would wait for ever."""
    deadlines.handlers()
    return [
        Error(
            f"A room subscribes to the unknown fact {name}.",
            hint="Declare it with @fact in the room that records it.",
            id="siaga.E001",
        )
        for name in all_subscriptions()
        if name not in facts.registry()
    ]
