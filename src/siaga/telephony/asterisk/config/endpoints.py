"""Who may talk to this Asterisk by SIP: trunks by address, positions by password. Pure."""

from collections.abc import Sequence

from siaga.telephony import names
from siaga.telephony.asterisk.site import Site
from siaga.telephony.types import PhonePlan

SHARED_TRUNK = "trunks"
"""The endpoint, and context, of an address from which several regions' calls come."""


def text(plans: Sequence[PhonePlan], site: Site) -> str:
    """pjsip.conf."""
    sections = [_general(site)]
    for plan in plans:
        sections.append(_trunk(plan))
        for number in range(1, plan.positions + 1):
            sections += _position(plan, number, site.secrets.positions)
        sections += [_reserve(plan, index) for index in range(len(plan.overflow.reserve))]
    sections += _identities(plans)
    return "\n".join(sections)


def shared_addresses(plans: Sequence[PhonePlan]) -> tuple[str, ...]:
    """Trunk addresses that more than one region names; the number called then decides."""
    claims = [address for plan in plans for address in set(plan.trunk_addresses)]
    return tuple(sorted({one for one in claims if claims.count(one) > 1}))


def _general(site: Site) -> str:
    # Names first: on one machine browsers and trunk may share an address. A caller from the trunk
    # whose number reads like a position's name is asked for a password.
    return f"""
[global]
type = global
user_agent = Siaga
endpoint_identifier_order = username,ip
[udp]
type = transport
protocol = udp
bind = {site.address}:{site.ports.sip}
[tcp]
type = transport
protocol = tcp
bind = {site.address}:{site.ports.sip}
[ws]
type = transport
protocol = ws
bind = {site.address}
[wss]
type = transport
protocol = wss
bind = {site.address}

[base](!)
type = endpoint
disallow = all
allow = alaw,ulaw
direct_media = no
send_connected_line = no
rtp_symmetric = yes
force_rport = yes
rewrite_contact = yes
dtmf_mode = rfc4733
allow_transfer = no
bind_rtp_to_media_address = yes
media_address = {site.address}
rtp_timeout = 30
rtp_timeout_hold = 300
"""


def _trunk(plan: PhonePlan) -> str:
    name = names.trunk(plan.region)
    first = next((one for one in plan.trunk_addresses if "/" not in one), "")
    contact = f"contact = sip:{_host(first)}\n" if first else ""
    return f"""
[{name}](base)
transport = udp
identify_by = ip
context = {names.context("trunk", plan.region)}
aors = {name}
from_user = {plan.did[0].lstrip("+")}
send_pai = yes
[{name}]
type = aor
{contact}qualify_frequency = 0
"""


def _position(plan: PhonePlan, number: int, passwords: dict[str, str]) -> list[str]:
    """A position, with a browser, with a desk phone, and with the spare page.

    The passwords of the first two are of the day and come from AstDB; the spare one's is kept.
    """
    region = plan.region
    spare = names.spare(region, number)
    return [
        _seat(plan, number, names.position(region, number), browser=True),
        _seat(plan, number, names.desk(region, number), browser=False),
        _seat(plan, number, spare, browser=True),
        f"""
[{spare}]
type = auth
auth_type = userpass
realm = {names.REALM}
username = {spare}
password = {passwords[spare]}
""",
    ]


def _seat(plan: PhonePlan, number: int, name: str, *, browser: bool) -> str:
    # A dead browser is noticed by its silence, in about five seconds.
    sound = "webrtc = yes\ndtls_auto_generate_cert = yes\nrtp_timeout = 5\n" if browser else ""
    return f"""
[{name}](base)
identify_by = username
context = {names.context("position", plan.region)}
{sound}allow = !all,alaw,ulaw
aors = {name}
auth = {name}
set_var = {names.Variable.POSITION}={number}
callerid = "112" <{number}>
[{name}]
type = aor
max_contacts = 1
remove_existing = yes
qualify_frequency = 20
"""


def _reserve(plan: PhonePlan, index: int) -> str:
    name = names.reserve(plan.region, index + 1)
    address = plan.overflow.reserve[index]
    return f"""
[{name}](base)
transport = udp
identify_by = ip
context = {names.context("position", plan.region)}
aors = {name}
[{name}]
type = aor
contact = sip:{name}@{_host(address)}
qualify_frequency = 0
"""


def _identities(plans: Sequence[PhonePlan]) -> list[str]:
    shared = shared_addresses(plans)
    sections = [
        _identity(names.trunk(plan.region), own)
        for plan in plans
        if (own := [one for one in plan.trunk_addresses if one not in shared])
    ]
    if shared:
        sections.append(f"""
[{SHARED_TRUNK}](base)
transport = udp
identify_by = ip
context = {SHARED_TRUNK}
""")
        sections.append(_identity(SHARED_TRUNK, shared))
    return sections


def _identity(endpoint: str, addresses: Sequence[str]) -> str:
    # A port says where we call; calls may come from any port of that host.
    hosts = sorted({one.partition(":")[0] for one in addresses})
    lines = [f"match = {host}" for host in hosts]
    return "\n".join([f"[{endpoint}]", "type = identify", f"endpoint = {endpoint}", *lines])


def _host(address: str) -> str:
    host, _, port = address.partition(":")
    return f"{host}:{port or 5060}"
