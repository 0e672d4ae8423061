"""Figures of the centre that live in the database, read when Prometheus asks."""

from collections.abc import Iterable

from siaga.journal import queries as journal
from siaga.kernel import clock
from siaga.kernel.observability.metrics import Sample, figure


def register() -> None:
    """Tell the metrics where each figure is read. May be called again."""
    figure(
        "siaga_process_silent_seconds",
        "Since each process's last sign of life.",
        _silent_seconds,
        labels=("process",),
    )


def _silent_seconds() -> Iterable[Sample]:
    now = clock.now()
    for process, at in journal.heartbeats().items():
        yield (process,), max(0.0, (now - at).total_seconds())
