"""The systemd units: what they start exists, and nothing of ours may do more than it must."""

import itertools
from configparser import RawConfigParser
from pathlib import Path

import pytest
from django.core.management import get_commands

FOLDER = Path(__file__).parents[2] / "deploy" / "systemd"
PROGRAM = "/opt/siaga/.venv/bin/siaga"
SERVICES = sorted(FOLDER.glob("*.service"))
MUST = {
    "user": "siaga",
    "umask": "0027",
    "nonewprivileges": "yes",
    "protectsystem": "strict",
    "protecthome": "yes",
    "capabilityboundingset": "",
    "restrictnamespaces": "yes",
    "systemcallfilter": "@system-service",
}


def unit(path: Path) -> RawConfigParser:
    """Keys may come twice; the last one counts here."""
    read = RawConfigParser(strict=False)
    read.read(path)
    return read


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.stem)
def test_a_unit_holds_no_power_and_starts_what_there_is(path: Path) -> None:
    service = unit(path)["Service"]
    assert {key: service.get(key) for key in MUST} == MUST
    words = " ".join(value for key, value in service.items() if key.startswith("exec")).split()
    named = [after for word, after in itertools.pairwise(words) if word == PROGRAM]
    assert set(named) <= set(get_commands())


def test_asterisks_unit_needs_nothing_else_of_ours() -> None:
    words = (FOLDER / "siaga-asterisk.service").read_text()
    service = unit(FOLDER / "siaga-asterisk.service")["Service"]
    assert service["execstart"].endswith("/phone/start") and service["restart"] == "always"
    assert "/opt/siaga/.venv" not in words and "Requires=" not in words
    assert "environmentfile" not in service


def test_what_a_unit_names_is_a_unit() -> None:
    ours = {path.name for path in FOLDER.iterdir()}
    for path in SERVICES:
        about = unit(path)["Unit"]
        for key in ("after", "requires", "conflicts", "wants"):
            named = {one for one in about.get(key, "").split() if one.startswith("siaga")}
            assert named <= ours, path.name
