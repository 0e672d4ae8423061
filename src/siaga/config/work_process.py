"""`siaga work`: runs the jobs that rooms defer, and takes in what the webhooks stored."""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from contextlib import ExitStack
from functools import partial

import procrastinate
from procrastinate.contrib.django import app as django_app
from procrastinate.exceptions import ConnectorException

from siaga.config.loops import DATABASE_LOST, BackgroundLoop, revive
from siaga.journal.heartbeats import beat
from siaga.kernel import clock
from siaga.messaging.drain import drain_inbound, wait_for_inbound

POLL_SECONDS = 0.2
# While one waits for the database, the other composes.
DRAINS = 2
# Few enough to be read before an orderly end loses patience.
DRAIN_BATCH = 40
DRAIN_REST_SECONDS = 0.5
CONCURRENCY = 4
HEARTBEAT_SECONDS = 5.0
STALLED_SECONDS = 20.0
GRACE_SECONDS = 2.5

_log = logging.getLogger("siaga.work")


def run_work(stopping: threading.Event) -> None:
    """Run jobs and drain the inbox until SIGTERM or SIGINT."""
    with ExitStack() as drains:
        for turn in range(DRAINS):
            drains.enter_context(BackgroundLoop(f"drain {turn}", partial(_drain, turn), stopping))
        asyncio.run(_serve_jobs(stopping))


def _drain(turn: int) -> float:
    beat("work", now=clock.now())
    if not drain_inbound(DRAIN_BATCH, turn=turn, of=DRAINS):
        wait_for_inbound(DRAIN_REST_SECONDS)
    return 0.0


async def _serve_jobs(stopping: threading.Event) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    pause = POLL_SECONDS
    while not stop.is_set():
        started = loop.time()
        try:
            await _until_stopped(stop)
        except (ConnectorException, *DATABASE_LOST) as error:
            _log.warning("database_lost loop=jobs error=%s", type(error).__name__)
            await asyncio.to_thread(revive)
        except Exception:
            _log.exception("worker_failed")
        pause = POLL_SECONDS if loop.time() - started > STALLED_SECONDS else min(pause * 2, 5.0)
        await _rest(stop, pause)
    stopping.set()


async def _until_stopped(stop: asyncio.Event) -> None:
    """One life of the worker, with the sweeper beside it; ends with an error or at `stop`."""
    worker_app = _app_of_the_worker()
    async with worker_app.open_async():
        working = asyncio.create_task(
            worker_app.run_worker_async(
                name="siaga",
                concurrency=CONCURRENCY,
                fetch_job_polling_interval=POLL_SECONDS,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=STALLED_SECONDS,
                shutdown_graceful_timeout=GRACE_SECONDS,
                delete_jobs="successful",
                install_signal_handlers=False,
            )
        )
        sweeping = asyncio.create_task(_sweep(worker_app))
        stopped = asyncio.create_task(stop.wait())
        tasks: list[asyncio.Task[None] | asyncio.Task[bool]] = [working, sweeping]
        await asyncio.wait([*tasks, stopped], return_when=asyncio.FIRST_COMPLETED)
        for task in (*tasks, stopped):
            task.cancel()
        results = await asyncio.gather(*tasks, stopped, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result


def _app_of_the_worker() -> procrastinate.App:
    """The worker's own connections; jobs that defer jobs still do so in Django's transaction."""
    worker_app = procrastinate.App(
        connector=django_app.connector.get_worker_connector(),  # type: ignore[attr-defined]
        worker_defaults=django_app.worker_defaults,
    )
    worker_app.tasks = django_app.tasks
    worker_app.periodic_registry = django_app.periodic_registry
    return worker_app


async def _sweep(worker_app: procrastinate.App) -> None:
    """Give the jobs of dead workers to living ones; nothing else would."""
    while True:
        stalled = await worker_app.job_manager.get_stalled_jobs(
            seconds_since_heartbeat=STALLED_SECONDS
        )
        for job in stalled:
            _log.warning("job_recovered id=%s task=%s", job.id, job.task_name)
            await worker_app.job_manager.retry_job(job)
        await asyncio.sleep(HEARTBEAT_SECONDS)


async def _rest(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        pass
