"""The screen listens to facts that exist; a misspelt one would never be heard."""

from siaga.journal import facts
from siaga.web.console import live


def test_every_fact_the_screen_waits_for_is_declared() -> None:
    names = {*live.WAITING_FACTS, *live.BOARD_FACTS, *live.MAP_FACTS}
    assert {name for name in names if facts.declared(name) is None} == set()
