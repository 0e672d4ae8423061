"""From Asterisk's plain files to one encrypted recording; may be killed at any step.

The order is what makes it safe: the encrypted file is whole and on the disk before the row says
so, and the row says so before the plain files go. Whatever was done is found done.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import structlog

from siaga.journal import services as journal
from siaga.journal.types import Actor
from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import RegionId
from siaga.telephony import events, models
from siaga.telephony.recordings import legs, rules, services, sound, store
from siaga.telephony.recordings.legs import BadLeg, Leg
from siaga.telephony.recordings.sound import Sound
from siaga.telephony.recordings.types import RecordingState
from siaga.telephony.recordings.vault import Damaged

AGAIN_SECONDS = 2
DISK_SECONDS = 60
_BY = Actor.job(services.KEEP_TASK)
_log = structlog.get_logger(__name__)


class NotYet(Exception):
    """The recording cannot be kept now; the plain files stay until it can."""

    def __init__(self, seconds: int, problem: str) -> None:
        super().__init__(problem)
        self.seconds = seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    region_id: RegionId
    call_id: UUID
    linked_id: str
    contact_id: UUID | None
    state: RecordingState
    recorded_at: datetime
    ended_at: datetime
    is_outgoing: bool
    name: str
    size: int


def keep(region_id: RegionId, call_id: UUID, *, now: datetime) -> RecordingState | None:
    """Keep the recording of a call that has ended; None where no such call is awaited.

    Raises NotYet when Asterisk is still writing, or the disk refuses.
    """
    order = _order(region_id, call_id)
    if order is None:
        return None
    plain = legs.files_of(store.plain_folder(), order.linked_id)
    if order.state in (RecordingState.READY, RecordingState.REMOVED):
        _clear_away(order, plain)
        return order.state
    if not plain and (now - order.ended_at).total_seconds() < rules.APPEARS_SECONDS:
        raise NotYet(AGAIN_SECONDS, "no files yet")
    try:
        found = {part: legs.read(path) for part, path in plain.items()}
        _ensure_settled(found, now)
        if not any(leg.frames for leg in found.values()):
            return _nothing(order, plain)
        return _keep(order, found, now)
    except BadLeg as bad:
        return _settle(order, RecordingState.BROKEN, problem=str(bad))
    except FileNotFoundError:
        raise NotYet(AGAIN_SECONDS, "a file went away") from None
    except OSError as refused:
        _log.warning("telephony.recording_not_kept", call=str(call_id), problem=str(refused))
        raise NotYet(DISK_SECONDS, str(refused)) from refused


def _order(region_id: RegionId, call_id: UUID) -> _Order | None:
    with acting_in(region_id):
        row = models.Recording.objects.filter(call_id=call_id, region_id=region_id).first()
        if row is None:
            return None
        models.Recording.objects.filter(call_id=call_id).update(attempts=row.attempts + 1)
    return _Order(
        region_id=region_id,
        call_id=call_id,
        linked_id=row.linked_id,
        contact_id=row.contact_id,
        state=RecordingState(row.state),
        recorded_at=row.recorded_at,
        ended_at=row.ended_at,
        is_outgoing=row.is_outgoing,
        name=row.name or store.name_of(region_id, call_id, row.recorded_at),
        size=row.size,
    )


def _ensure_settled(found: dict[str, Leg], now: datetime) -> None:
    """Asterisk fills a header in as it closes the file; a power cut never does."""
    for leg in found.values():
        quiet = now.timestamp() - leg.path.stat().st_mtime
        if not leg.header_fits and quiet < legs.QUIET_SECONDS:
            raise NotYet(AGAIN_SECONDS, f"{leg.path.name} is being written")


def _keep(order: _Order, found: dict[str, Leg], now: datetime) -> RecordingState:
    mixed = found.get("mixed")
    citizen, centre = ("heard", "said") if order.is_outgoing else ("said", "heard")
    made = sound.stereo(found.get(citizen, mixed), found.get(centre, mixed))
    _write(order, made)
    whole = {"said", "heard"} <= found.keys()
    parts = [part for part in found if not whole or part != "mixed"]
    state = _settle(order, RecordingState.READY, made=made, parts=parts, now=now)
    store.discard_plain(leg.path for leg in found.values())
    return state


def _write(order: _Order, made: Sound) -> None:
    """Onto the disk, and read again from there: only then may the plain files go."""
    kept = store.write(order.name, made.flac, call_id=order.call_id)
    digest = hashlib.sha256()
    for piece in kept.read(0, len(made.flac)):
        digest.update(piece)
    if digest.hexdigest() != made.sha256:
        raise OSError(f"{order.name} is not what was written")


def _settle(
    order: _Order,
    state: RecordingState,
    *,
    problem: str = "",
    made: Sound | None = None,
    parts: list[str] | None = None,
    now: datetime | None = None,
) -> RecordingState:
    """Write down what became of it; of two who kept it, one tells."""
    values: dict[str, object] = {"state": state, "problem": problem[:200]}
    if made is not None:
        values |= {
            "kept_at": now, "name": order.name, "size": len(made.flac), "sha256": made.sha256,
            "seconds": made.seconds, "sound_seconds": made.sound_seconds, "peaks": made.peaks,
            "parts": ",".join(parts or ()),
        }  # fmt: skip
    with acting_in(order.region_id):
        rows = models.Recording.objects.filter(
            call_id=order.call_id, state__in=(RecordingState.WAITING, RecordingState.MISSING)
        )
        if not rows.update(**values):
            return state
        if made is not None and now is not None:
            services.watch(order.region_id, now)
            journal.record(
                events.RecordingReady(
                    call_id=order.call_id,
                    contact_id=order.contact_id,
                    seconds=round(made.seconds),
                    sha256=made.sha256,
                ),
                region_id=order.region_id,
                by=_BY,
                now=now,
            )
    return state


def _nothing(order: _Order, plain: dict[str, Path]) -> RecordingState:
    """No file, or none with a sound in it."""
    state = _settle(order, RecordingState.MISSING, problem="nothing was recorded")
    store.discard_plain(plain.values())
    return state


def _clear_away(order: _Order, plain: dict[str, Path]) -> None:
    """It was kept, and somebody was killed before the plain files went."""
    if not plain:
        return
    if order.state is RecordingState.READY:
        try:
            if store.sealed(order.name, call_id=order.call_id).length() != order.size:
                raise Damaged(order.name)
        except (Damaged, OSError) as problem:
            _log.error("telephony.recording_damaged", call=str(order.call_id), problem=str(problem))
            return
    store.discard_plain(plain.values())
