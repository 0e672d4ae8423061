"""Where others come in besides SIP: AMI for our own daemon, HTTP for browsers' sockets. Pure."""

from siaga.telephony.asterisk.site import LOOPBACK, Site

MANAGER_USER = "siaga"


def files(site: Site) -> dict[str, str]:
    """AMI on loopback with few rights; TLS where there is a certificate."""
    return {"manager.conf": _manager(site), "http.conf": _http(site)}


def _manager(site: Site) -> str:
    # No `dialplan` and `reporting` events (two thirds of all), no `command`: AstDB has actions of
    # its own, and app_system, which `system` could originate into, is not loaded.
    return f"""
[general]
enabled = yes
webenabled = no
port = {site.ports.ami}
bindaddr = {LOOPBACK}
timestampevents = yes
authtimeout = 10
authlimit = 20

[{MANAGER_USER}]
secret = {site.secrets.manager}
deny = 0.0.0.0/0.0.0.0
permit = 127.0.0.0/255.0.0.0
read = system,call,agent,user,dtmf
write = system,call,agent,user,originate,reporting
writetimeout = 2000
"""


def _http(site: Site) -> str:
    lines = [
        "[general]",
        "servername = Siaga",
        "enabled = yes",
        "enablestatic = yes",
        f"bindaddr = {LOOPBACK}",
        f"bindport = {site.ports.http}",
        "sessionlimit = 400",
    ]
    if site.certificate.exists():
        lines += [
            "tlsenable = yes",
            f"tlsbindaddr = {site.address}:{site.ports.https}",
            f"tlscertfile = {site.certificate}",
            f"tlsprivatekey = {site.certificate.with_suffix('.key')}",
        ]
    return "\n".join(lines)
