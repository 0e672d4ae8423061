"""What the bar needs to be laid out: whether there is a telephone, and its words."""

from dataclasses import dataclass
from typing import Any

from siaga.kernel import clock
from siaga.regions import queries as regions
from siaga.regions import rules as region_rules
from siaga.web.accounts.access import RegionRequest
from siaga.web.console.phone import together
from siaga.web.console.phone.wording import AWAY_WORDS
from siaga.web.console.wording import BREAK_REASONS, PRESENCES
from siaga.workforce.types import Presence

KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#")
AGENCIES_MAX = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Reachable:
    """Somebody a caller may be connected with."""

    name: str
    number: str


def bar(request: RegionRequest) -> dict[str, Any]:
    """`telephone` is None where the region has none, or the person answers no calls."""
    if not together.answers_calls(request):
        return {"telephone": None}
    return {
        "telephone": {
            "reasons": [
                *((item.value, words) for item, words in BREAK_REASONS.items()),
                (together.BUSY, PRESENCES[Presence.BUSY]),
                (together.AWAY, AWAY_WORDS),
            ],
            "keys": KEYS,
            "reachable": _reachable(request),
        }
    }


def _reachable(request: RegionRequest) -> list[Reachable]:
    """Agencies on duty first, by their own ladder; the first telephone of each."""
    profile, now = regions.profile(request.region_id), clock.now()
    found = []
    for agency in profile.agencies:
        phones = [one.address for one in agency.contacts if one.channel == "phone" and one.address]
        if agency.active and phones:
            on_duty = region_rules.agency_on_duty(profile, agency.code, now)
            found.append((not on_duty, Reachable(name=agency.short_name, number=phones[0])))
    found.sort(key=lambda item: (item[0], item[1].name.lower()))
    return [item for _, item in found[:AGENCIES_MAX]]
