"""Refusals of the rooms, shown at the field they speak of."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, runtime_checkable

from django import forms
from django.utils.translation import get_language

from siaga.kernel.errors import InvalidField, NotFound, SiagaError
from siaga.regions.errors import ProfileInvalid

REFUSED = 422


@runtime_checkable
class HasRows(Protocol):
    """A form that knows which of its fields a place in the profile is."""

    def field_at(self, path: tuple[str | int, ...]) -> str | None:
        """The name of the field; None if it is none of its rows."""


@contextmanager
def told_in(form: forms.Form, **renamed: str) -> Iterator[None]:
    """Put what a room refuses into the form; absent things stay "not found".

    `renamed` leads a room's field to the form's own, such as `parent="parent_code"`.
    """
    try:
        yield
    except NotFound:
        raise
    except InvalidField as refusal:
        field = renamed.get(refusal.field, refusal.field)
        form.add_error(field if field in form.fields else None, refusal.message)
    except ProfileInvalid as refusal:
        _tell_findings(form, refusal, renamed)
    except SiagaError as refusal:
        form.add_error(None, refusal.message)


def _tell_findings(form: forms.Form, refusal: ProfileInvalid, renamed: dict[str, str]) -> None:
    """Every problem, each at the nearest field its path names."""
    language = get_language() or "id"
    for one in refusal.findings:
        words = f"{one.message.said_in(language)} {one.cure.said_in(language)}"
        form.add_error(_field_at(form, one.path, renamed), words)


def _field_at(form: forms.Form, path: tuple[str | int, ...], renamed: dict[str, str]) -> str | None:
    """The form's own answer if it has rows of fields, else the nearest field by name."""
    own = form.field_at(path) if isinstance(form, HasRows) else None
    steps = [renamed.get(step, step) for step in path if isinstance(step, str)]
    return own or next((step for step in reversed(steps) if step in form.fields), None)
