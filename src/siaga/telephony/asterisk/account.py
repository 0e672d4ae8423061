"""As whom Asterisk runs, and a place that this user can reach."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from siaga.kernel.account import ServerAccount, place_for_root, short_hash

STAND_INS = ("asterisk", "nobody")
"""Who it becomes when root starts it in a folder of root's."""


def asterisk_account(home: Path) -> ServerAccount | None:
    """Whoever starts it; for root the owner of the data folder; None where only root could."""
    owner = home.parent.stat()
    if os.geteuid() == 0 and owner.st_uid != 0:
        return ServerAccount(owner.st_uid, owner.st_gid, stand_in=True)
    return ServerAccount.for_this_process(*STAND_INS)


def settle(home: Path) -> Path:
    """The telephone's folder, where Asterisk's own user can reach it; `home` may become a link.

    Called by whatever writes there first. Nothing is moved under an Asterisk that runs: its
    socket would be left behind.
    """
    home.parent.mkdir(parents=True, exist_ok=True)
    account = asterisk_account(home)
    closed = account is not None and not account.may("-x", home.parent)
    if home.is_symlink() or not closed or (home / "run" / "asterisk.ctl").exists():
        return home.resolve()
    place = place_for_root(f"phone-{short_hash(str(home))}")
    if home.exists():
        shutil.move(home, place)
    place.mkdir(mode=0o750, exist_ok=True)
    home.symlink_to(place)
    return place
