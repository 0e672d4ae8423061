"""`{% load control_words %}`: small helps for this face's templates."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import get_language

from siaga.regions.types import Words

register = template.Library()


@register.filter
def at(found: Mapping[Any, Any], key: Any) -> Any:
    """`{{ names|at:item.id }}`: the value under the key, or a dash."""
    return found.get(key, "–")


@register.filter
def said(words: Words | None) -> str:
    """What a profile says, in the active language."""
    return words.said_in(get_language() or "id") if words else "–"
