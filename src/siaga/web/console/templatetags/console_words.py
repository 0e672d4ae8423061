"""Small words for the desk's templates."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from siaga.regions.types import Words
from siaga.web.console.rows import Row, language
from siaga.web.console.wording import BREAK_REASONS, PRESENCES
from siaga.web.shared.templatetags.siaga import clock
from siaga.workforce.types import BreakReason, Presence

register = template.Library()

ROWS_KEPT = 2000


@register.simple_tag
def list_row(row: Row) -> SafeString:
    """A row of a list. Lists are asked for at every fact, and of a list only a row or two changes:
    but for its clock a row is drawn once and kept.
    """
    head, body = _drawn(row, get_language())
    return format_html("{}{}{}", head, clock(row.since, row.due), body)


@lru_cache(maxsize=ROWS_KEPT)
def _drawn(row: Row, _language: str) -> tuple[str, str]:
    """Before the clock, and after it."""
    head = render_to_string("console/_row_head.html", {"row": row})
    return head, render_to_string("console/_row_body.html", {"row": row})


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
