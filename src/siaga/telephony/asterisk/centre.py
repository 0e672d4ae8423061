"""This centre's telephone: the plans in force and the one Asterisk that serves them."""

import os
from pathlib import Path

from django.conf import settings

from siaga.regions import queries
from siaga.telephony.ami.client import Login
from siaga.telephony.asterisk.account import settle
from siaga.telephony.asterisk.config.doors import MANAGER_USER
from siaga.telephony.asterisk.installation import Installation
from siaga.telephony.asterisk.site import LOOPBACK, Ports, Site, keep_secrets, own_address
from siaga.telephony.plan import plan_of
from siaga.telephony.types import PhonePlan


def home() -> Path:
    """The telephone's folder in the data folder; for root it may be a link to elsewhere."""
    return (Path(settings.SIAGA_HOME) / "phone").resolve()


def settled_home() -> Path:
    """The same, where Asterisk's own user can reach it: for whoever fetches, writes or starts."""
    return settle(Path(settings.SIAGA_HOME) / "phone")


def plans_in_force() -> list[PhonePlan]:
    """Of every region that has a telephone."""
    profiles = (queries.profile(region_id) for region_id in queries.region_ids())
    return [plan for one in profiles if (plan := plan_of(one)) is not None]


def ports() -> Ports:
    """What this Asterisk listens on."""
    base = os.environ.get("SIAGA_PHONE_PORT_BASE")
    return Ports.from_base(int(base)) if base else Ports()


def manager_login(plans: list[PhonePlan]) -> Login:
    """How its manager is reached from this machine, wherever its programs are."""
    return Login(
        host=LOOPBACK,
        port=ports().ami,
        username=MANAGER_USER,
        secret=keep_secrets(home(), plans, write=False).manager,
    )


def site_of(plans: list[PhonePlan], installation: Installation, *, write: bool = True) -> Site:
    """SIAGA_PHONE_PORT_BASE moves its ports, SIAGA_PHONE_ADDRESS is what it binds."""
    return Site(
        home=home(),
        installation=installation,
        secrets=keep_secrets(home(), plans, write=write),
        ports=ports(),
        address=os.environ.get("SIAGA_PHONE_ADDRESS", LOOPBACK),
        own_address=own_address(),
    )
