"""Typed, versioned facts: past tense, ids and values, never rows.

A fact is declared once with `@fact`; the declaration says how it reads, which fields are personal
(and therefore kept apart and forgettable), and which ids it concerns.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, TypeVar
from uuid import UUID

import msgspec


class Fact:
    """The base of every fact; subclasses are frozen dataclasses registered with `@fact`."""

    __slots__ = ()


FactType = TypeVar("FactType", bound=type[Fact])


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What the journal knows about one kind of fact."""

    name: str
    version: int
    reads: str
    personal: tuple[str, ...]
    subjects: tuple[str, ...]
    fact_type: type[Fact]


_by_name: dict[str, Declaration] = {}
_by_type: dict[type[Fact], Declaration] = {}


def fact(
    name: str,
    *,
    version: int,
    reads: str,
    personal: tuple[str, ...] = (),
    subjects: tuple[str, ...] = (),
) -> Callable[[FactType], FactType]:
    """Register a kind of fact.

    `reads` is a marked (gettext_noop) sentence with `%(field)s` places; `personal` names the
    fields that must be forgettable; `subjects` names the UUID fields used for timelines.
    """

    def register(fact_type: FactType) -> FactType:
        known = {item.name for item in fields(fact_type)}  # type: ignore[arg-type]
        unknown = ({*personal, *subjects}) - known
        if unknown:
            raise TypeError(f"{name}: {sorted(unknown)} are no fields of {fact_type.__name__}")
        if name in _by_name:
            raise TypeError(f"the fact {name} is declared twice")
        declared = Declaration(
            name=name,
            version=version,
            reads=reads,
            personal=personal,
            subjects=subjects,
            fact_type=fact_type,
        )
        _by_name[name] = declared
        _by_type[fact_type] = declared
        return fact_type

    return register


def declaration_of(one: Fact) -> Declaration:
    """The declaration of this fact's type; TypeError for an undeclared one."""
    return declaration_of_type(type(one))


def declaration_of_type(fact_type: type[Fact]) -> Declaration:
    """The declaration of a type of fact; TypeError for an undeclared one."""
    try:
        return _by_type[fact_type]
    except KeyError:
        raise TypeError(f"{fact_type.__name__} is not declared with @fact") from None


def declared(name: str) -> Declaration | None:
    """The declaration by name, or None for a kind that this version does not know."""
    return _by_name.get(name)


def registry() -> dict[str, Declaration]:
    """All declared kinds of facts, by name."""
    return dict(_by_name)


def split(one: Fact) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fact's plain fields and its personal fields, as JSON-ready values."""
    declared_as = declaration_of(one)
    values: dict[str, Any] = {
        item.name: msgspec.to_builtins(getattr(one, item.name))
        for item in fields(one)  # type: ignore[arg-type]
    }
    personal = {key: values.pop(key) for key in declared_as.personal}
    return values, personal


def subjects_of(one: Fact) -> list[UUID]:
    """The ids this fact concerns, without the absent ones, each once."""
    found: dict[UUID, None] = {}
    for name in declaration_of(one).subjects:
        value = getattr(one, name)
        for item in value if isinstance(value, (tuple, list)) else (value,):
            if item is not None:
                found[item] = None
    return list(found)


def rebuild(name: str, data: dict[str, Any]) -> Fact | None:
    """The fact as it was recorded, or None if its kind or shape is no longer known."""
    declared_as = declared(name)
    if declared_as is None:
        return None
    try:
        return msgspec.convert(data, declared_as.fact_type)
    except msgspec.ValidationError:
        return None
