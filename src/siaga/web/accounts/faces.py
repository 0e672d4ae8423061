"""Which faces a person's roles open, region by region."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from siaga.accounts.rules import may
from siaga.accounts.types import MembershipView, Permission, Role
from siaga.kernel.types import RegionId
from siaga.regions import queries as regions

_FACES: tuple[tuple[Permission, str, Promise], ...] = (
    (Permission.CONSOLE_USE, "console", _("Console")),
    (Permission.AGENCY_USE, "agency", _("Agency")),
    (Permission.CONTROL_USE, "control", _("Control")),
)


@dataclass(frozen=True, slots=True)
class Face:
    """A way into the work."""

    url: str
    name: str | Promise
    code: str


@dataclass(frozen=True, slots=True)
class Door:
    """A region with the faces that open in it."""

    region_id: RegionId
    name: str
    roles: tuple[Role, ...]
    faces: tuple[Face, ...]


def doors(held: Iterable[MembershipView]) -> list[Door]:
    """One door for each region in which something is held, by the region's id."""
    names = {view.id: view.name for view in regions.regions()}
    by_region: dict[RegionId, list[Role]] = {}
    for item in held:
        by_region.setdefault(item.region_id, []).append(item.role)
    return [
        _door(region_id, names.get(region_id, region_id), roles)
        for region_id, roles in sorted(by_region.items())
    ]


def _door(region_id: RegionId, name: str, roles: list[Role]) -> Door:
    opened = tuple(
        Face(f"/{region_id}/{code}/", label, code)
        for permission, code, label in _FACES
        if may(roles, permission)
    )
    return Door(region_id, name, tuple(dict.fromkeys(roles)), opened)
