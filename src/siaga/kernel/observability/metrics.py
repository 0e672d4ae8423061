"""The figures of this process, and how those of all processes are shown together.

Each process counts for itself. With PROMETHEUS_MULTIPROC_DIR set (a folder shared by all processes
of the box) the edge shows the sum; without it, its own.

Figures that live in the database (jobs, deadlines, contacts waiting) are asked for when they are
read: a room registers a reader with `figure`.
"""

import contextlib
import logging
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
    multiprocess,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

FIGURES_CACHE_SECONDS = 5.0
_QUICK = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

_log = logging.getLogger(__name__)

# The moment a counter was born doubles the page and tells nobody anything.
disable_created_metrics()  # type: ignore[no-untyped-call]

intake_accepted = Counter(
    "siaga_intake_accepted_total", "Webhook bodies stored and answered 200.", ["door"]
)
intake_refused = Counter(
    "siaga_intake_refused_total", "Webhook requests not accepted, by reason.", ["door", "reason"]
)
intake_seconds = Histogram(
    "siaga_intake_seconds", "From the first byte to the answer of an accepted body.",
    ["door"], buckets=_QUICK,
)  # fmt: skip
intake_batch_rows = Histogram(
    "siaga_intake_batch_rows", "Rows stored by one commit.",
    buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256),
)  # fmt: skip
intake_waiting = Gauge(
    "siaga_intake_waiting", "Bodies waiting for their commit.", multiprocess_mode="livesum"
)
live_clients = Gauge(
    "siaga_live_clients", "Open live streams.", ["kind"], multiprocess_mode="livesum"
)
live_hints = Counter("siaga_live_hints_total", "Journal entries handed to the live streams.")
live_cut = Counter("siaga_live_cut_total", "Live streams ended by us, by reason.", ["reason"])
live_lag_seconds = Histogram(
    "siaga_live_lag_seconds", "From a fact's own time to its reading by the follower.",
    buckets=_QUICK,
)  # fmt: skip
live_held_back_seconds = Gauge(
    "siaga_live_held_back_seconds",
    "How long a committed entry has been waiting behind an older open transaction.",
    multiprocess_mode="livemax",
)
request_seconds = Histogram(
    "siaga_request_seconds", "Pages and API, by route name.",
    ["route", "method", "status"], buckets=_QUICK,
)  # fmt: skip
bridge_waiting = Gauge(
    "siaga_bridge_waiting", "Requests waiting for a thread.", multiprocess_mode="livesum"
)
bridge_refused = Counter(
    "siaga_bridge_refused_total", "Requests the edge refused before Django, by reason.", ["reason"]
)

Sample = tuple[tuple[str, ...], float]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure read from the database: its labels and a reader of (label values, value)."""

    name: str
    meaning: str
    labels: tuple[str, ...]
    read: Callable[[], Iterable[Sample]]


_figures: dict[str, Figure] = {}


def figure(
    name: str, meaning: str, read: Callable[[], Iterable[Sample]], *, labels: tuple[str, ...] = ()
) -> None:
    """Show a figure of the database. `read` runs in a thread, sees all regions, must be quick."""
    _figures[name] = Figure(name, meaning, labels, read)


class DatabaseFigures(Collector):
    """Asks the registered readers, at most every few seconds; one that fails is left out."""

    def __init__(self) -> None:
        self._read_at = 0.0
        self._families: list[GaugeMetricFamily] = []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The figures, as old as the cache allows."""
        if time.monotonic() - self._read_at > FIGURES_CACHE_SECONDS or not self._families:
            self._families = list(self._read())
            self._read_at = time.monotonic()
        yield from self._families

    def _read(self) -> Iterator[GaugeMetricFamily]:
        unreadable = GaugeMetricFamily(
            "siaga_figure_unreadable", "1 for a figure that could not be read.", labels=["figure"]
        )
        for each in list(_figures.values()):
            family = GaugeMetricFamily(each.name, each.meaning, labels=each.labels)
            try:
                for labels, value in each.read():
                    family.add_metric(labels, value)
            except Exception:
                _log.warning("figure_unreadable figure=%s", each.name, exc_info=True)
                unreadable.add_metric([each.name], 1)
                continue
            yield family
        yield unreadable


_database_figures = DatabaseFigures()


def exposition() -> tuple[bytes, str]:
    """All figures in Prometheus's text format, and its content type. May ask the database."""
    registry = CollectorRegistry()
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if folder:
        _bury_the_dead(Path(folder))
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    registry.register(_database_figures)
    own = b"" if folder else generate_latest(REGISTRY)
    return own + generate_latest(registry), CONTENT_TYPE_LATEST


def _bury_the_dead(folder: Path) -> None:
    """Forget the live gauges of processes that have ended, however they ended."""
    for path in folder.glob("gauge_live*_*.db"):
        found = re.search(r"_(\d+)\.db$", path.name)
        if found and not Path(f"/proc/{found[1]}").exists():
            with contextlib.suppress(OSError):
                path.unlink()
