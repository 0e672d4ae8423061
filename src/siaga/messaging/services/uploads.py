"""Files: from the web form, from agencies, from a provider; one checking path for all."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

import structlog
from django.db import transaction

from siaga.journal import services as journal
from siaga.journal.types import Actor
from siaga.kernel.geometry import Point
from siaga.kernel.types import RegionId
from siaga.messaging.errors import MediaRejected
from siaga.messaging.events import MediaStored, MediaWasRejected
from siaga.messaging.media import kinds, storage
from siaga.messaging.media.inspection import Inspected, inspect
from siaga.messaging.models import Media
from siaga.messaging.types import MediaState

log = structlog.get_logger(__name__)

_NAME_CHARS_MAX = 200


class Readable(Protocol):
    """An open file; Django's UploadedFile is one."""

    def read(self, size: int = ..., /) -> bytes: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredUpload:
    """A file that was kept. `position` is what was hidden in it, and only with consent."""

    media_id: UUID
    content_type: str
    family: kinds.Family
    size: int
    position: Point | None


def store_upload(
    region_id: RegionId,
    file: Readable,
    *,
    by: Actor,
    now: datetime,
    original_name: str = "",
    position_consent: bool = False,
) -> StoredUpload:
    """Check, clean and store an uploaded photo, voice note, video or PDF.

    Raises MediaRejected with the reason for the sender; nothing is kept then. The file's hidden
    position is always removed and is returned only with consent.
    """
    data = file.read(kinds.ANY_BYTES_MAX + 1)
    if len(data) > kinds.ANY_BYTES_MAX:
        raise MediaRejected(reason="too_large", bytes_max=kinds.ANY_BYTES_MAX)
    inspected = inspect(data)
    try:
        path = _write(inspected, region_id, now)
    except OSError as refusal:
        log.error("messaging.upload_not_stored", error=refusal.strerror)
        raise MediaRejected(reason="no_room") from refusal
    try:
        with transaction.atomic():
            media = Media.objects.create(
                region_id=region_id, original_name=_plain_name(original_name)
            )
            _settle(media, inspected, path, by=by, now=now)
    except BaseException:
        storage.discard(path)
        raise
    return StoredUpload(
        media_id=media.id,
        content_type=media.content_type,
        family=inspected.kind.family,
        size=media.size,
        position=inspected.position if position_consent else None,
    )


def settle_media(media_id: UUID, data: bytes, *, by: Actor, now: datetime) -> None:
    """Check what a provider gave for an announced file; store it, or note why not.

    Must run in the region of the file. OSError when the disk refuses: the file stays pending.
    """
    media = Media.objects.get(id=media_id)
    try:
        inspected = inspect(data)
    except MediaRejected as refusal:
        reject_media(media_id, refusal.reason, by=by, now=now, content_type=kinds.guess_name(data))
        return
    path = _write(inspected, media.region_id, now)
    with transaction.atomic():
        media = Media.objects.select_for_update().get(id=media_id)
        if media.state == MediaState.PENDING:
            _settle(media, inspected, path, by=by, now=now)
            return
    storage.discard(path)


def reject_media(
    media_id: UUID, reason: str, *, by: Actor, now: datetime, content_type: str = ""
) -> None:
    """Note that an announced file is not kept, and why."""
    with transaction.atomic():
        media = Media.objects.select_for_update().get(id=media_id)
        if media.state != MediaState.PENDING:
            return
        media.state, media.reason = MediaState.REJECTED.value, reason
        media.content_type, media.settled_at = content_type, now
        media.save()
        journal.record(
            MediaWasRejected(media_id=media.id, message_id=media.message_id, reason=reason),
            region_id=RegionId(media.region_id),
            by=by,
            now=now,
        )


def _write(inspected: Inspected, region_id: str, now: datetime) -> str:
    return storage.write(
        inspected.data, region_id=region_id, extension=inspected.kind.extension, now=now
    )


def _settle(media: Media, inspected: Inspected, path: str, *, by: Actor, now: datetime) -> None:
    media.state = MediaState.STORED.value
    media.content_type = inspected.kind.content_type
    media.size = len(inspected.data)
    media.sha256 = hashlib.sha256(inspected.data).hexdigest()
    media.path, media.settled_at = path, now
    media.save()
    journal.record(
        MediaStored(
            media_id=media.id, message_id=media.message_id, content_type=media.content_type
        ),
        region_id=RegionId(media.region_id),
        by=by,
        now=now,
    )


def _plain_name(name: str) -> str:
    """The last part of what the sender called the file, for showing only."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(sign for sign in last if sign.isprintable())[:_NAME_CHARS_MAX]
