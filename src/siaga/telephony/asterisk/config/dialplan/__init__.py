"""extensions.conf: what happens to a call, with every process of ours dead. Pure.

Each branch ends in a person or a recorded sentence. Nothing here asks Python, a database or the
network; AstDB, which lives in Asterisk, is the only thing written from outside.
"""

from collections.abc import Sequence

from siaga.telephony.asterisk.config.dialplan import arriving, leaving, shared, waiting
from siaga.telephony.asterisk.site import Site
from siaga.telephony.types import PhonePlan

_GENERAL = """
[general]
static = yes
writeprotect = yes
clearglobalvars = yes
"""


def text(plans: Sequence[PhonePlan], site: Site) -> str:
    """The dialplan of all regions; none names a context of another."""
    parts = [_GENERAL, *shared.contexts(plans)]
    for plan in plans:
        parts += arriving.contexts(plan, site)
        parts += waiting.contexts(plan, site)
        parts += leaving.contexts(plan, site)
    return "\n".join(parts)
