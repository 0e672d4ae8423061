"""Which regions' pictures a step has changed. Pure."""

from __future__ import annotations

from siaga.kernel.types import RegionId
from siaga.telephony.live.state import State


def touched(before: State, after: State) -> frozenset[RegionId]:
    """The regions whose screens show something else now."""
    regions: set[RegionId] = set()
    if before.connected != after.connected:
        return frozenset(after.house.plans)
    for name in ("calls", "members", "switches", "seen", "seats"):
        old, new = getattr(before, name), getattr(after, name)
        if old is new:
            continue
        for key in old.keys() | new.keys():
            if old.get(key) != new.get(key):
                regions.add(_region_of(name, key, before, after))
    if before.reachable is not after.reachable or before.legs is not after.legs:
        changed = before.reachable ^ after.reachable
        regions |= {
            after.house.endpoints[one][0] for one in changed if one in after.house.endpoints
        }
        regions |= _regions_of_legs(before, after)
    if before.spies != after.spies or before.invited != after.invited:
        regions |= {memo.region for memo in after.calls.values()}
    return frozenset(regions)


def _region_of(name: str, key: object, before: State, after: State) -> RegionId:
    if name == "calls":
        memo = after.calls.get(str(key)) or before.calls[str(key)]
        return memo.region
    return key[0] if isinstance(key, tuple) else RegionId(str(key))


def _regions_of_legs(before: State, after: State) -> set[RegionId]:
    found = set()
    for unique_id in before.legs.keys() | after.legs.keys():
        old, new = before.legs.get(unique_id), after.legs.get(unique_id)
        if old is not new:
            leg = new or old
            memo = after.calls.get(leg.linked_id) if leg else None
            if memo is not None and memo.room:
                found.add(memo.region)
    return found
