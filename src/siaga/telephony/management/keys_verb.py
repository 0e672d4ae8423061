"""siaga phone keys: which keys seal the recordings, a new one, old recordings sealed anew."""

from __future__ import annotations

from argparse import _SubParsersAction
from collections.abc import Callable
from typing import Any

from django.core.management.base import CommandError

from siaga.telephony.recordings import rotation
from siaga.telephony.recordings.vault import Damaged


def add_arguments(verbs: _SubParsersAction[Any]) -> None:
    """The verb's own words."""
    verb = verbs.add_parser("keys", help="The recordings' keys: show, renew, seal anew, drop.")
    verb.add_argument("--new", action="store_true", help="New recordings get a new key.")
    verb.add_argument("--seal-anew", action="store_true", help="Old recordings get it too.")
    verb.add_argument("--drop-unused", action="store_true", help="Remove keys that none needs.")


def run(options: dict[str, Any], say: Callable[[str], Any]) -> None:
    """In this order: new, seal anew, drop; then what there is. May be broken off and repeated."""
    if options["new"]:
        say(f"new key {rotation.new_key()}: back up the key ring now")
    failed = 0
    if options["seal_anew"]:
        done = 0
        for call_id, problem in rotation.seal_anew():
            done, failed = done + (not problem), failed + bool(problem)
            if problem:
                say(f"{call_id} stays as it is: {problem}")
        say(f"{done} recordings sealed anew")
    if options["drop_unused"] and not failed:
        try:
            for key in rotation.drop_unused():
                say(f"dropped key {key}")
        except Damaged as problem:
            raise CommandError(f"No key was dropped: {problem} cannot be read.") from problem
    for key, count in rotation.counts().items():
        say(f"key {key}: {count} recordings")
    if failed:
        raise CommandError(f"{failed} recordings could not be sealed anew.")
