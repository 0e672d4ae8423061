"""As whom Asterisk runs, and where its folder lies."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from siaga.kernel import account as kernel_account
from siaga.telephony.asterisk.account import asterisk_account, settle

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes somebody else")


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What stands for /var/lib/siaga."""
    folder = tmp_path / "elsewhere"
    monkeypatch.setattr(kernel_account, "_FOR_ROOT", folder)
    return folder


def test_it_is_never_root(tmp_path: Path) -> None:
    found = asterisk_account(tmp_path / "phone")
    assert found is None or found.uid != 0


@as_root
def test_in_somebodys_data_folder_it_is_that_somebody(tmp_path: Path, elsewhere: Path) -> None:
    centre = tmp_path / "centre"
    centre.mkdir(mode=0o750)
    os.chown(centre, 12_345, 23_456)
    found = asterisk_account(centre / "phone")
    assert found is not None and (found.uid, found.gid) == (12_345, 23_456)


@as_root
def test_where_its_user_cannot_go_its_folder_moves_with_all_that_is_in_it(
    tmp_path: Path, elsewhere: Path
) -> None:
    centre = tmp_path / "centre"
    (centre / "phone" / "keys").mkdir(parents=True)
    (centre / "phone" / "keys" / "server.pem").write_text("certificate")
    centre.chmod(0o700)
    place = settle(centre / "phone")
    assert place.parent == elsewhere and (centre / "phone").resolve() == place
    assert (place / "keys" / "server.pem").read_text() == "certificate"
    assert settle(centre / "phone") == place, "once"


@as_root
def test_nothing_moves_under_an_asterisk_that_runs(tmp_path: Path, elsewhere: Path) -> None:
    centre = tmp_path / "centre"
    (centre / "phone" / "run").mkdir(parents=True)
    (centre / "phone" / "run" / "asterisk.ctl").touch()
    centre.chmod(0o700)
    assert settle(centre / "phone") == centre / "phone"
    assert not elsewhere.exists()
