"""The ring's keys: a new one, old recordings sealed anew with it, old keys taken out.

A recording is bound to its key's name in every piece, so it is encrypted again as a whole: beside
the old file, read back, and only then put in its place. Killed at any moment, each is readable.
"""

from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from uuid import UUID

from django.db import transaction

from siaga.kernel.tenancy import ALL_REGIONS, acting_in
from siaga.telephony import models
from siaga.telephony.recordings import store, vault
from siaga.telephony.recordings.types import RecordingState
from siaga.telephony.recordings.vault import Damaged

PAGE = 500
Named = tuple[UUID, str]


def new_key() -> str:
    """From now on new recordings are sealed with this key; its name."""
    return vault.add_key(store.ring()).hex()


def counts() -> dict[str, int]:
    """How many recordings need each key of the ring, oldest first; `?` where it is not there."""
    found: Counter[str] = Counter()
    ring = store.keys().ring
    for call_id, name in _kept():
        key = _key_of(call_id, name)
        found[key.hex() if key in ring else "?"] += 1
    told = {key.hex(): found[key.hex()] for key in ring}
    return {**told, "?": found["?"]} if found["?"] else told


def seal_anew() -> Iterator[tuple[UUID, str]]:
    """Every recording that an older key sealed, as it was done; with the problem if it was not."""
    for call_id, name in _kept():
        if _key_of(call_id, name) == store.keys().newest:
            continue
        try:
            if _seal_anew(call_id):
                yield call_id, ""
        except (Damaged, OSError) as problem:
            yield call_id, str(problem)


def drop_unused() -> list[str]:
    """Take out of the ring what no recording needs; the names of the keys that went.

    Raises Damaged where a recording cannot tell which key it needs.
    """
    needed = set()
    for call_id, name in _kept():
        key = _key_of(call_id, name)
        if key is None:
            raise Damaged(name)
        needed.add(key)
    return [key.hex() for key in vault.drop_keys(store.ring(), needed)]


def _seal_anew(call_id: UUID) -> bool:
    # Locked: the clock must not remove it meanwhile, for then it would come back.
    with acting_in(ALL_REGIONS), transaction.atomic():
        ready = models.Recording.objects.select_for_update().filter(state=RecordingState.READY)
        row = ready.filter(call_id=call_id).first()
        if row is None:
            return False
        sound = b"".join(store.sealed(row.name, call_id=call_id).read(0, row.size))
        if sha256(sound).hexdigest() != row.sha256:
            raise Damaged(row.name)
        store.write(row.name, sound, call_id=call_id, proven=True)
        return True


def _kept() -> Iterator[Named]:
    """Every recording that is ready, some hundreds at a time."""
    after: UUID | None = None
    while True:
        with acting_in(ALL_REGIONS):
            rows = models.Recording.objects.filter(state=RecordingState.READY).order_by("call_id")
            rows = rows.filter(call_id__gt=after) if after else rows
            page = list(rows.values_list("call_id", "name")[:PAGE])
        yield from page
        if len(page) < PAGE:
            return
        after = page[-1][0]


def _key_of(call_id: UUID, name: str) -> bytes | None:
    try:
        return store.sealed(name, call_id=call_id).key_name()
    except (Damaged, OSError):
        return None
