"""What the flow page claims, the code does; and the other way round."""

import re
from pathlib import Path

from siaga.journal import deadlines, facts
from siaga.journal.subscribing import all_subscriptions

PROJECT = Path(__file__).resolve().parents[2]
PAGE = (PROJECT / "docs/architecture/flow.md").read_text()
NAMED = set(re.findall(r"`([a-z]+\.[a-z0-9_]+)`", PAGE))


def test_every_fact_and_deadline_is_on_the_flow_page() -> None:
    missing = (facts.registry().keys() | deadlines.handlers().keys()) - NAMED
    assert not missing, f"add to docs/architecture/flow.md: {sorted(missing)}"


def test_the_flow_page_names_no_fact_that_nobody_records() -> None:
    rooms = {name.split(".")[0] for name in facts.registry()}
    known = facts.registry().keys() | deadlines.handlers().keys()
    modules = {"journal.following"}
    unknown = {name for name in NAMED if name.split(".")[0] in rooms} - known - modules
    assert not unknown, f"no longer recorded: {sorted(unknown)}"


def test_every_subscription_is_on_the_flow_page() -> None:
    for name, subscriptions in all_subscriptions().items():
        line = PAGE[PAGE.rindex(f"`{name}`") :]
        for subscription in subscriptions:
            room = subscription.handler.__module__.split(".")[1]
            assert f"→ {room}" in line[:400], f"{name} → {room} is missing on the flow page"
