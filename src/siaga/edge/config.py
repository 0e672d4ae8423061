"""What a deployer may set for the edge, from the environment, with defaults for one box."""

import os
from dataclasses import dataclass, field
from functools import cache

from siaga.edge.rules import Network, parse_networks

_LOOPBACK = "127.0.0.0/8,::1/128"


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeConfig:
    """Limits with their units in the names."""

    only: bool = False
    """Leave Django's pages to another process."""
    trusted_proxies: tuple[Network, ...] = ()
    metrics_from: tuple[Network, ...] = ()
    metrics_token: str = field(default="", repr=False)
    threads: int = 8
    requests_waiting_max: int = 128
    page_body_bytes_max: int = 110 * 1024 * 1024
    page_body_memory_bytes: int = 1024 * 1024
    page_patience_seconds: float = 60.0
    page_bytes_per_second_min: int = 2_048
    intake_patience_seconds: float = 10.0
    intake_waiting_max: int = 4_096
    live_clients_max: int = 4_000
    live_clients_per_holder_max: int = 20
    live_queue_max: int = 64
    live_replay_max: int = 1_000
    heartbeat_seconds: float = 15.0
    recheck_seconds: float = 60.0


@cache
def edge_config() -> EdgeConfig:
    """The configuration of this process. ValueError for a network that is none."""
    get = os.environ.get
    default = EdgeConfig()
    return EdgeConfig(
        only=get("SIAGA_EDGE_ONLY", "") in {"1", "true", "yes", "on"},
        trusted_proxies=parse_networks(get("SIAGA_TRUSTED_PROXIES", "").split(",")),
        metrics_from=parse_networks(get("SIAGA_METRICS_FROM", _LOOPBACK).split(",")),
        metrics_token=get("SIAGA_METRICS_TOKEN", ""),
        threads=int(get("SIAGA_WEB_THREADS", default.threads)),
        page_body_bytes_max=int(get("SIAGA_UPLOAD_BYTES_MAX", default.page_body_bytes_max)),
        intake_patience_seconds=float(
            get("SIAGA_INTAKE_PATIENCE_SECONDS", default.intake_patience_seconds)
        ),
        intake_waiting_max=int(get("SIAGA_INTAKE_WAITING_MAX", default.intake_waiting_max)),
        live_clients_per_holder_max=int(
            get("SIAGA_LIVE_PER_HOLDER_MAX", default.live_clients_per_holder_max)
        ),
        live_queue_max=int(get("SIAGA_LIVE_QUEUE_MAX", default.live_queue_max)),
        live_replay_max=int(get("SIAGA_LIVE_REPLAY_MAX", default.live_replay_max)),
        heartbeat_seconds=float(get("SIAGA_HEARTBEAT_SECONDS", default.heartbeat_seconds)),
        recheck_seconds=float(get("SIAGA_RECHECK_SECONDS", default.recheck_seconds)),
    )
