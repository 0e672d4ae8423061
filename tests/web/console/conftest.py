"""Regions with a WhatsApp number of their own, so that words can go out."""

from pathlib import Path

import pytest

from siaga.messaging.whatsapp import account

_ACCOUNT = """
[whatsapp.{region}]
app_secret = "test-secret-{region}"
verify_token = "test-token-{region}"
phone_number_id = "1{number}"
access_token = "test-access-{region}"
"""


@pytest.fixture(autouse=True)
def numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Accounts for two regions in a secrets file of this test's own."""
    secrets = tmp_path / "secrets.toml"
    regions = enumerate(("banyuwangi", "jombang"))
    secrets.write_text("".join(_ACCOUNT.format(region=one, number=at) for at, one in regions))
    secrets.chmod(0o600)
    monkeypatch.setenv("SIAGA_SECRETS", str(secrets))
    account._loaded.clear()
