"""The softphone that Asterisk serves by itself, for the day when nothing of ours runs.

It is one page with its own script, built with the console's front end, and lies where Asterisk's
own http finds it: https://…/static/phone.html.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from siaga.telephony import names
from siaga.telephony.asterisk.site import Site
from siaga.telephony.types import PhonePlan

PAGE = "phone.html"
FILES = (PAGE, "phone.js", "phone.css")


def place_page(built: Path, site: Site) -> list[str]:
    """Copy what changed; its names. Nothing where the front end was never built."""
    folder = site.home / "data" / "static-http"
    changed = []
    for name in FILES:
        source, target = built / name, folder / name
        if not source.exists():
            continue
        content = source.read_bytes()
        if target.exists() and target.read_bytes() == content:
            continue
        fresh = target.with_suffix(".new")
        fresh.write_bytes(content)
        fresh.replace(target)
        changed.append(f"static/{name}")
    return changed


def cards(plans: Sequence[PhonePlan], site: Site) -> list[tuple[str, str]]:
    """Position and password, as they are printed and kept in an envelope at the desk."""
    return [
        (f"{plan.region}-{number}", site.secrets.positions[names.spare(plan.region, number)])
        for plan in plans
        for number in range(1, plan.positions + 1)
    ]


def address(site: Site, host: str) -> str:
    """Where browsers find the page."""
    if site.certificate.exists():
        return f"https://{host}:{site.ports.https}/static/{PAGE}"
    return f"http://127.0.0.1:{site.ports.http}/static/{PAGE}"
