"""Small words for the desk's templates."""

from collections.abc import Mapping
from typing import Any

from django import template

from siaga.regions.types import Words
from siaga.web.console.rows import language
from siaga.web.console.wording import BREAK_REASONS, PRESENCES
from siaga.workforce.types import BreakReason, Presence

register = template.Library()


@register.filter
def presence_words(value: str) -> str:
    """What somebody at a desk is doing."""
    return str(PRESENCES[Presence(value)])


@register.filter
def break_words(value: str) -> str:
    """Why somebody is on a break."""
    return str(BREAK_REASONS[BreakReason(value)])


@register.filter
def in_words(words: Words) -> str:
    """Words of a profile in the active language."""
    return words.said_in(language())


@register.filter
def of_key(values: Mapping[Any, Any], key: object) -> Any:
    """The value of a mapping under a key that is a variable."""
    return values.get(key, "")


@register.filter
def unlocalized(number: float) -> str:
    """A coordinate with a point, whatever the language."""
    return f"{number:.6f}"
