"""What `siaga doctor` asks about recordings."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from siaga.kernel.doctor import DATABASE, Finding, error, examine, warning
from siaga.kernel.tenancy import ALL_REGIONS, acting_in
from siaga.telephony import models
from siaga.telephony.recordings import legs, store
from siaga.telephony.recordings.types import RecordingState

LATE = timedelta(minutes=30)
STRANGE = timedelta(days=1)
NAMES_MAX = 3


@examine(
    "telephony.recordings", "Every recording is kept, and nothing lies about plain", needs=DATABASE
)
def every_recording_is_kept(now: datetime) -> Iterator[Finding]:
    """Rows that wait too long or cannot be read, and files that belong to no call."""
    old = (now - STRANGE).timestamp()
    plain = {
        linked: max(path.stat().st_mtime for path in files.values())
        for linked in legs.linked_ids(store.plain_folder())
        if (files := legs.files_of(store.plain_folder(), linked))
    }
    with acting_in(ALL_REGIONS):
        rows = models.Recording.objects
        waiting = rows.filter(state=RecordingState.WAITING, ended_at__lt=now - LATE).count()
        broken = list(rows.filter(state=RecordingState.BROKEN).values_list("linked_id", flat=True))
        known = set(rows.filter(linked_id__in=plain).values_list("linked_id", flat=True))
    if waiting:
        yield error(
            "telephony.recordings",
            f"{waiting} recordings have waited for more than half an hour to be kept.",
            "Is siaga work running, and is there room on the disk?",
        )
    if broken:
        names = ", ".join(broken[:NAMES_MAX])
        yield warning(
            "telephony.recordings",
            f"{len(broken)} recordings cannot be read, such as {names}.",
            f"Their plain files are still in {store.plain_folder()}: look at them or remove them.",
        )
    strange = [linked for linked, at in plain.items() if at < old and linked not in known]
    if strange:
        yield warning(
            "telephony.recordings",
            f"{len(strange)} plain recordings belong to no call, such as {strange[0]}.",
            "Is siaga calllog running? siaga calllog --again reads the whole record anew.",
        )
