"""What the checks are told about the world. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckContext:
    """The day of the check and the national list of areas."""

    today: date
    area_name: Callable[[str], str | None]
    children: Callable[[str], Mapping[str, str]]
