"""What `siaga doctor` asks about messaging."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from siaga.kernel.doctor import DATABASE, Finding, error, examine, warning
from siaga.kernel.tenancy import ALL_REGIONS, acting_in
from siaga.messaging import queries
from siaga.messaging.media import storage
from siaga.messaging.whatsapp.account import SecretsUnsafe, accounts, secrets_path

# The drain needs milliseconds; rows this old mean that nobody drains.
WAITING_MAX = timedelta(minutes=1)


@examine("messaging.secrets", "The secrets file is private and readable")
def secrets_are_private(now: datetime) -> Iterator[Finding]:
    """Other users must not read the secrets, and the file must be whole."""
    try:
        known = accounts()
    except SecretsUnsafe as unsafe:
        yield error(
            "messaging.secrets",
            f"The secrets in {secrets_path()} are not used.",
            str(unsafe.details.get("cure", "")),
        )
        return
    except OSError as refusal:
        yield error(
            "messaging.secrets",
            f"{secrets_path()} cannot be read: {refusal.strerror}.",
            "Let the user that runs Siaga own the file, with mode 600.",
        )
        return
    if not known:
        yield warning(
            "messaging.secrets",
            "No region has a WhatsApp account.",
            f"Write one into {secrets_path()}: docs/operate/whatsapp.md says how.",
        )


@examine("messaging.inbound", "Every delivery has been read", needs=DATABASE)
def inbound_is_drained(now: datetime) -> Iterator[Finding]:
    """Deliveries wait for milliseconds, and none of them needs a person."""
    with acting_in(ALL_REGIONS):
        health = queries.inbound_health()
    oldest = health.oldest_waiting_at
    if oldest is not None and now - oldest > WAITING_MAX:
        yield error(
            "messaging.inbound",
            f"{health.waiting} deliveries wait, the oldest since {oldest:%Y-%m-%d %H:%M} UTC.",
            "Start `siaga work`, or look into its log.",
        )
    if health.failed or health.quarantined:
        yield warning(
            "messaging.inbound",
            f"{health.failed} deliveries could not be read, {health.quarantined} came for a"
            " number that is not this region's.",
            "See them with `siaga inbound REGION`; after mending the cause, add --retry.",
        )


@examine("messaging.media", "The media folder can be written")
def media_folder_is_writable(now: datetime) -> Iterator[Finding]:
    """A file can be stored durably and removed again."""
    try:
        path = storage.write(b"examined", region_id="doctor", extension="txt", now=now)
        storage.discard(path)
    except OSError as refusal:
        yield error(
            "messaging.media",
            f"{storage.root()} cannot be written: {refusal.strerror}.",
            "Make room on the disk, and let the user that runs Siaga own the folder.",
        )
