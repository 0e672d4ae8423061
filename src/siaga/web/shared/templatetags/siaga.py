"""`{% load siaga %}`: icons, urgency, truth, status, clocks, keys, fields and telephone numbers."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, FileInput, RadioSelect
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from siaga.kernel import clock as wall_clock
from siaga.kernel.phones import mask_phone, national_format
from siaga.web.shared import marks, times
from siaga.web.shared.tiles import tiles_url

register = template.Library()
_RUNS = format_html(' data-clock="{}"', "")


@register.simple_tag
def icon(name: str, label: str = "", extra: str = "") -> SafeString:
    """An icon of our sprite; with `label` it is an image with a name, otherwise decoration."""
    return _icon(name, str(label), extra)


@lru_cache(maxsize=1000)
def _icon(name: str, label: str, extra: str) -> SafeString:
    parts = (f"icon {extra}".strip(), static("siaga/icons.svg"), name)
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}#{}"></use></svg>',
            parts[0],
            label,
            *parts[1:],
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>', *parts)


@register.simple_tag
def urgency(code: str | None, words: bool = False, large: bool = False) -> SafeString:
    """`{% urgency "P1" %}`; `words=True` adds the meaning beside it, not only for readers."""
    if not code:
        return format_html(
            '<span class="urgency urgency--none" title="{0}">?<span class="u-hidden-text"> {0}'
            "</span></span>",
            _("No urgency yet"),
        )
    meaning = marks.mark("urgency", code).label
    badge = format_html(
        '<span class="urgency urgency--{}{}" title="{}">{}{}</span>',
        code.lower(),
        " urgency--large" if large else "",
        meaning,
        code,
        "" if words else format_html('<span class="u-hidden-text"> {}</span>', meaning),
    )
    if not words:
        return badge
    return format_html('<span class="urgency-label">{} <span>{}</span></span>', badge, meaning)


@register.simple_tag
def truth(state: str) -> SafeString:
    """A1, not yet A1, false: solid, broken, struck."""
    shown = marks.mark("truth", state)
    return format_html(
        '<span class="truth truth--{}">{}<span>{}</span></span>',
        state,
        icon(shown.icon),
        shown.label,
    )


@register.simple_tag
def status(kind: str, value: str) -> SafeString:
    """A chip: `{% status "incident" "en_route" %}`, also contact, assignment, channel, role …"""
    shown = marks.mark(kind, value)
    weight = f" chip--{shown.weight}" if shown.weight else ""
    return format_html('<span class="chip{}">{}{}</span>', weight, icon(shown.icon), shown.label)


@register.filter
def mark_label(value: str, kind: str) -> str:
    """`{{ contact.channel|mark_label:"channel" }}`: only the words."""
    return str(marks.mark(kind, value).label)


@register.filter
def mark_icon(value: str, kind: str) -> str:
    """`{% icon contact.channel|mark_icon:"channel" %}`: only the icon's name."""
    return marks.mark(kind, value).icon


@register.simple_tag
def clock(
    since: datetime,
    due: datetime | None = None,
    *,
    stopped: datetime | None = None,
    label: str = "",
    soon: int | None = None,
) -> SafeString:
    """A running clock: age since `since`, or what is left until `due`, then how late it is.

    `stopped` freezes it. `soon`: seconds before due at which it begins to warn (a quarter if none).
    """
    now = stopped or wall_clock.now()
    state = "done" if stopped else times.clock_state(since, due, soon, now)
    late = due is not None and now >= due
    seconds = (now - (since if due is None or stopped else due)).total_seconds()
    text = times.span(seconds)
    if late and not stopped:
        text = _("late %(span)s") % {"span": text}
    runs = "" if stopped else _RUNS
    ends = ""
    if due:
        ahead = int(times.soon_seconds(since, due, soon))
        ends = format_html(' data-due="{}" data-soon="{}"', due.isoformat(), ahead)
    return format_html(
        '<span class="clock" data-since="{}" data-state="{}"{}{}>{}{}'
        '<span class="clock__text">{}</span></span>',
        since.isoformat(),
        state,
        runs,
        ends,
        _clock_icons(),
        format_html('<span class="clock__label">{}</span> ', label) if label else "",
        text,
    )


@lru_cache(maxsize=1)
def _clock_icons() -> SafeString:
    icons = (("clock", "run"), ("hourglass-high", "soon"), ("alert-filled", "late"))
    return format_html_join(
        "", "{}", ((icon(name, extra=f"clock__{when}"),) for name, when in icons)
    )


@register.simple_tag
def moment(value: datetime | None, long: bool = False) -> str:
    """A time element in the region's zone: 21.40, or 20 Nov 21.40; `long` adds WIB."""
    if value is None:
        return "–"
    text = times.moment_text(value, wall_clock.now())
    if long:
        text = f"{text} {times.zone_label()}"
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), text)


@register.filter
def ago(value: datetime) -> str:
    """How long ago, as a plain span: 4:07."""
    return times.span((wall_clock.now() - value).total_seconds())


@register.simple_tag
def keycap(keys: str) -> SafeString:
    """`{% keycap "G" %}` or `{% keycap "Ctrl+Enter" %}`, hidden where there is no keyboard."""
    parts = keys.split("+") if len(keys) > 1 else [keys]
    caps = format_html_join("", '<kbd class="keycap">{}</kbd>', ((part,) for part in parts))
    return format_html('<span class="keycap-group" aria-hidden="true">{}</span>', caps)


@register.simple_tag
def street_tiles(region_id: object) -> str:
    """The address of the region's own street map, or nothing."""
    return (tiles_url(str(region_id)) if region_id else None) or ""


@register.filter
def phone(number: str | None) -> str:
    """A telephone number as it may be shown everywhere: its middle hidden."""
    return mask_phone(number) if number else _("no number")


@register.filter
def phone_open(number: str | None) -> str:
    """The whole number, for the one who has to call it."""
    return national_format(number) if number else _("no number")


@register.inclusion_tag("siaga/c/field.html")
def field(bound: BoundField, key: str = "", extra: str = "") -> dict[str, Any]:
    """A whole form field: label, control, help, errors, and their links for readers."""
    widget = bound.field.widget
    return {
        "field": bound,
        "key": key,
        "extra": extra,
        "is_check": isinstance(widget, CheckboxInput),
        "is_group": isinstance(widget, RadioSelect),
        "is_file": isinstance(widget, FileInput),
    }


@register.inclusion_tag("siaga/c/form_errors.html")
def form_errors(form: Any) -> dict[str, Any]:
    """What is wrong with the whole form, in one box with links to the fields."""
    return {"form": form}


@register.inclusion_tag("siaga/c/nav_link.html", takes_context=True)
def nav_link(
    context: Context, url: str, label: str, icon_name: str = "", **extra: Any
) -> dict[str, Any]:
    """A link of a navigation that knows when it is the page one is on.

    `exact=True` marks it only on that very address, `besides="/a/ /b/"` not on those below it;
    `count=n` shows a number; `key="1"` a keycap.
    """
    path = context["request"].path if "request" in context else ""
    here = path == url if extra.get("exact") else bool(url) and path.startswith(url)
    here = here and not path.startswith(tuple(extra.get("besides", "").split()))
    return {"url": url, "label": label, "icon_name": icon_name, "here": here, **extra}


@register.simple_block_tag
def dialog(content: str, id: str, title: str, wide: bool = False) -> SafeString:
    """`{% dialog "refuse" _("Refuse") %} … {% enddialog %}`, opened by `data-opens="refuse"`."""
    return format_html(
        '<dialog class="dialog{}" id="{}" aria-labelledby="{}-title"><div class="dialog__head">'
        '<h2 id="{}-title">{}</h2><button type="button" class="button button--quiet button--icon '
        'button--small" data-closes aria-label="{}">{}</button></div>{}</dialog>',
        " dialog--wide" if wide else "",
        id,
        id,
        id,
        title,
        _("Close"),
        icon("close"),
        content,
    )


@register.simple_block_tag
def banner(content: str, icon_name: str = "info-circle", tone: str = "") -> SafeString:
    """`{% banner "clock" tone="strong" %} … {% endbanner %}`; tones: none, strong, alarm."""
    return format_html(
        '<div class="banner{}" role="{}">{}<div>{}</div></div>',
        f" banner--{tone}" if tone else "",
        "alert" if tone == "alarm" else "note",
        icon(icon_name),
        content,
    )


@register.simple_block_tag
def empty(content: str, title: str, icon_name: str = "inbox") -> SafeString:
    """`{% empty _("Nobody waits") "ghost" %} what to do next {% endempty %}`."""
    return format_html(
        '<div class="empty">{}<h3>{}</h3><p>{}</p></div>', icon(icon_name), title, content
    )
