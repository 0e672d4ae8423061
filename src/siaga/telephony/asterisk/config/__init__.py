"""The whole configuration of one Asterisk. Pure: plans and a site in, texts out."""

from collections.abc import Sequence

from siaga.telephony.asterisk.config import core, doors, endpoints, media, queues
from siaga.telephony.asterisk.config.dialplan import text as dialplan_text
from siaga.telephony.asterisk.site import Site
from siaga.telephony.types import PhonePlan

HEADER = "; Written by `siaga phone render` from the regions' profiles. Changes here are lost.\n\n"


def render(plans: Sequence[PhonePlan], site: Site) -> dict[str, str]:
    """File names below `etc` and their texts; equal input gives equal texts."""
    ordered = sorted(plans, key=lambda plan: plan.region)
    texts = {
        **core.files(site),
        **doors.files(site),
        **media.files(ordered, site),
        "pjsip.conf": endpoints.text(ordered, site),
        "queues.conf": queues.text(ordered, site),
        "extensions.conf": dialplan_text(ordered, site),
    }
    return {name: HEADER + text.strip("\n") + "\n" for name, text in sorted(texts.items())}
