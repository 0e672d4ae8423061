"""What the doctor finds in messaging."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from siaga.kernel.doctor import Finding, Level
from siaga.messaging import checks, drain
from siaga.messaging.media import storage
from tests.rooms.messaging.conftest import NOW, deliver


def found(examined: Iterable[Finding]) -> list[tuple[Level, str]]:
    return [(one.level, one.cure) for one in examined]


def test_good_secrets_are_no_finding() -> None:
    assert found(checks.secrets_are_private(NOW)) == []


def test_open_secrets_are_an_error_with_the_cure(home: Path) -> None:
    (home / "secrets.toml").chmod(0o644)
    ((level, cure),) = found(checks.secrets_are_private(NOW))
    assert level is Level.ERROR
    assert cure.startswith("chmod 600")


def test_no_account_at_all_is_a_warning(home: Path) -> None:
    (home / "secrets.toml").unlink()
    ((level, cure),) = found(checks.secrets_are_private(NOW))
    assert level is Level.WARNING
    assert "docs/operate/whatsapp.md" in cure


@pytest.mark.django_db
@pytest.mark.usefixtures("at_home")
def test_a_delivery_that_waits_too_long_is_an_error() -> None:
    deliver(b"{}")
    assert found(checks.inbound_is_drained(NOW + timedelta(seconds=10))) == []
    ((level, _),) = found(checks.inbound_is_drained(NOW + timedelta(minutes=2)))
    assert level is Level.ERROR


@pytest.mark.django_db
@pytest.mark.usefixtures("at_home")
def test_a_delivery_nobody_understood_is_a_warning(
    frozen: Callable[[datetime], None],
) -> None:
    deliver(b"not json")
    drain.drain_inbound()
    ((level, cure),) = found(checks.inbound_is_drained(NOW))
    assert level is Level.WARNING
    assert "siaga inbound" in cure


def test_the_media_folder_is_tried_and_left_empty() -> None:
    assert found(checks.media_folder_is_writable(NOW)) == []
    assert not [path for path in storage.root().rglob("*") if path.is_file()]


def test_a_media_folder_that_cannot_be_written_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object, **__: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage, "write", full)
    ((level, _),) = found(checks.media_folder_is_writable(NOW))
    assert level is Level.ERROR
