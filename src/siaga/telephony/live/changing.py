"""A state with one thing changed; mappings are replaced, never written to. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from siaga.telephony.live.picture import LiveCall
from siaga.telephony.live.state import CallMemo, State

K = TypeVar("K")
V = TypeVar("V")


def with_(mapping: Mapping[K, V], key: K, value: V) -> Mapping[K, V]:
    """The mapping with this value."""
    return {**mapping, key: value}


def without(mapping: Mapping[K, V], key: K) -> Mapping[K, V]:
    """The mapping without this key."""
    if key not in mapping:
        return mapping
    return {one: value for one, value in mapping.items() if one != key}


def change(state: State, memo: CallMemo, /, **fields: object) -> State:
    """The state with these fields of a call's picture."""
    live: LiveCall = replace(memo.live, **fields)  # type: ignore[arg-type]
    changed = replace(memo, live=live)
    return replace(state, calls=with_(state.calls, live.linked_id, changed))
