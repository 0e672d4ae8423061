"""What changes between two profiles, told path by path. Pure."""

from collections.abc import Iterator
from typing import Any, Literal

from siaga.regions.rules.writing import plain
from siaga.regions.types import Profile, Value

_KEYS = ("code", "role", "channel", "urgency", "valid_from", "on", "starts", "name")
_MISSING = object()


class Change(Value, frozen=True, kw_only=True):
    """One value that appears, disappears or becomes another. `path` is for people."""

    path: str
    kind: Literal["added", "removed", "changed"]
    before: str = ""
    after: str = ""

    @property
    def line(self) -> str:
        """As a line of a diff."""
        if self.kind == "added":
            return f"+ {self.path}: {self.after}"
        if self.kind == "removed":
            return f"- {self.path}: {self.before}"
        return f"~ {self.path}: {self.before} → {self.after}"


def differences(old: Profile | None, new: Profile) -> tuple[Change, ...]:
    """Everything that would change; lists are compared by their codes, not by position."""
    before = _whole(old) if old is not None else {}
    return tuple(_compare("", before, _whole(new)))


def _whole(profile: Profile) -> dict[str, Any]:
    return {
        field: plain(getattr(profile, field))
        for field in profile.__struct_fields__
        if getattr(profile, field) is not None
    }


def _compare(path: str, old: Any, new: Any) -> Iterator[Change]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            inner = f"{path}.{key}" if path else str(key)
            yield from _compare(inner, old.get(key, _MISSING), new.get(key, _MISSING))
        return
    keyed_old, keyed_new = _keyed(old), _keyed(new)
    if keyed_old is not None and keyed_new is not None:
        for key in [*keyed_old, *(key for key in keyed_new if key not in keyed_old)]:
            one, other = keyed_old.get(key, _MISSING), keyed_new.get(key, _MISSING)
            yield from _compare(f"{path}[{key}]", one, other)
        if [key for key in keyed_old if key in keyed_new] != [
            key for key in keyed_new if key in keyed_old
        ]:
            yield Change(
                path=path, kind="changed", before=_short([*keyed_old]), after=_short([*keyed_new])
            )
    elif old is _MISSING:
        yield Change(path=path, kind="added", after=_short(new))
    elif new is _MISSING:
        yield Change(path=path, kind="removed", before=_short(old))
    elif old != new:
        yield Change(path=path, kind="changed", before=_short(old), after=_short(new))


def _keyed(value: Any) -> dict[str, Any] | None:
    """A list of dictionaries by their identifying field; None for anything else."""
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        return None
    for key in _KEYS:
        codes = [str(item[key]) for item in value if key in item]
        if len(codes) == len(value) == len(set(codes)):
            return dict(zip(codes, value, strict=True))
    return None


def _short(value: Any, length_max: int = 90) -> str:
    text = str(value)
    return text if len(text) <= length_max else f"{text[: length_max - 1]}…"
