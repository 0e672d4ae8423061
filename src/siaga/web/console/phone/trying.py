"""How to ring this centre from one's own SIP program, in three steps."""

import os
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_GET

from siaga.accounts.types import Permission
from siaga.kernel.types import RegionId
from siaga.regions import queries as regions
from siaga.telephony.asterisk.site import LOOPBACK, Ports
from siaga.telephony.plan import on_loopback, plan_of
from siaga.web.accounts.access import RegionRequest, requires
from siaga.web.console.pages import page


@require_GET
@requires(Permission.CONSOLE_USE)
def show(request: RegionRequest, region: str) -> HttpResponse:
    """The page; where only the carrier may call, it says so."""
    context = reach(request.region_id) if settings.SIAGA_DEMO else {"host": ""}
    return page(request, "console/phone/try.html", context)


def reach(region_id: RegionId) -> dict[str, Any]:
    """Host, port and number under which a demonstration takes calls for the region."""
    base = os.environ.get("SIAGA_PHONE_PORT_BASE")
    host = os.environ.get("SIAGA_PHONE_ADDRESS", LOOPBACK)
    plans = [plan_of(regions.profile(one)) for one in regions.region_ids()]
    found = on_loopback([plan for plan in plans if plan is not None])
    number = next((plan.did[0] for plan in found if plan.region == region_id), "112")
    port = (Ports.from_base(int(base)) if base else Ports()).sip
    return {"host": host, "port": port, "number": number, "local": host.startswith("127.")}
