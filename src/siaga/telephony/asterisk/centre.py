"""This centre's telephone: the plans in force and the one Asterisk that serves them."""

import os
from pathlib import Path

from django.conf import settings

from siaga.regions import queries
from siaga.telephony.asterisk.installation import Installation
from siaga.telephony.asterisk.site import LOOPBACK, Ports, Site, keep_secrets, own_address
from siaga.telephony.plan import plan_of
from siaga.telephony.types import PhonePlan


def home() -> Path:
    """The telephone's folder in the data folder."""
    return Path(settings.SIAGA_HOME) / "phone"


def plans_in_force() -> list[PhonePlan]:
    """Of every region that has a telephone."""
    profiles = (queries.profile(region_id) for region_id in queries.region_ids())
    return [plan for one in profiles if (plan := plan_of(one)) is not None]


def site_of(plans: list[PhonePlan], installation: Installation, *, write: bool = True) -> Site:
    """SIAGA_PHONE_PORT_BASE moves its ports, SIAGA_PHONE_ADDRESS is what it binds."""
    base = os.environ.get("SIAGA_PHONE_PORT_BASE")
    return Site(
        home=home(),
        installation=installation,
        secrets=keep_secrets(home(), plans, write=write),
        ports=Ports.from_base(int(base)) if base else Ports(),
        address=os.environ.get("SIAGA_PHONE_ADDRESS", LOOPBACK),
        own_address=own_address(),
    )
