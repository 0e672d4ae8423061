"""The secrets file: private, reloaded when it changes, never shown."""

import os
from pathlib import Path

import pytest

from siaga.messaging.whatsapp import account as module
from siaga.messaging.whatsapp.account import SecretsUnsafe, account, accounts, parse

GOOD = """
[whatsapp.banyuwangi]
app_secret = "s3cr3t"
verify_token = "v3r1fy"
phone_number_id = "1001"
access_token = "t0k3n"
"""


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    module._loaded.clear()
    path = tmp_path / "own-secrets.toml"
    monkeypatch.setenv("SIAGA_SECRETS", str(path))
    return path


def write(path: Path, text: str, mode: int = 0o600) -> None:
    former = path.stat().st_mtime_ns if path.exists() else 0
    path.write_text(text)
    path.chmod(mode)
    os.utime(path, ns=(former + 10**9, former + 10**9))


def test_without_a_file_no_region_has_an_account(path: Path) -> None:
    assert account("banyuwangi") is None


def test_an_account_is_read(path: Path) -> None:
    write(path, GOOD)
    found = account("banyuwangi")
    assert found is not None
    assert (found.app_secret, found.phone_number_id) == (b"s3cr3t", "1001")
    assert found.base_url.startswith("https://graph.facebook.com/")
    assert account("jombang") is None


def test_printing_an_account_shows_no_secret(path: Path) -> None:
    write(path, GOOD)
    shown = f"{account('banyuwangi')!r} {account('banyuwangi')}"
    assert "1001" in shown
    assert not any(secret in shown for secret in ("s3cr3t", "v3r1fy", "t0k3n"))


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o666])
def test_a_file_others_may_read_is_not_used(path: Path, mode: int) -> None:
    write(path, GOOD, mode)
    with pytest.raises(SecretsUnsafe) as refusal:
        accounts()
    assert "chmod 600" in str(refusal.value)


def test_a_changed_file_is_read_again(path: Path) -> None:
    write(path, GOOD)
    assert account("banyuwangi") is not None
    write(path, GOOD.replace("banyuwangi", "jombang"))
    assert account("banyuwangi") is None
    assert account("jombang") is not None


def test_a_slip_of_the_editor_keeps_the_former_accounts(path: Path) -> None:
    write(path, GOOD)
    assert account("banyuwangi") is not None
    write(path, "[whatsapp.banyuwangi\napp_secret = s3cr3t")
    assert account("banyuwangi") is not None


def test_a_file_that_was_never_good_is_refused_without_telling_secrets(path: Path) -> None:
    write(path, '[whatsapp.banyuwangi]\napp_secret = "s3cr3t')
    with pytest.raises(SecretsUnsafe) as refusal:
        accounts()
    assert "s3cr3t" not in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("whatsapp = 1", "[whatsapp] is not a table"),
        ("[whatsapp]\nbanyuwangi = 1", "is not a table"),
        ("[whatsapp.x]\napp_secret = 'a'", "lacks verify_token, phone_number_id, access_token"),
        (GOOD + 'colour = "red"', "unknown keys: colour"),
        (GOOD.replace('"1001"', "1001"), "phone_number_id is not a text in quotes"),
        ("\xff", "not TOML"),
    ],
)
def test_each_mistake_is_named(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=r"whatsapp|TOML") as mistake:
        parse(text.encode("latin-1"))
    assert told in str(mistake.value)


def test_during_a_change_of_secrets_both_count() -> None:
    found = parse((GOOD + 'app_secret_previous = "former"').encode())["banyuwangi"]
    assert found.app_secrets == (b"s3cr3t", b"former")
