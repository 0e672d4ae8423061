"""Who is handed which hint, and who is cut."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from siaga.edge import viewers
from siaga.edge.streams import Client, Streams
from siaga.edge.viewers import Pass, Permit, Refusal
from siaga.journal.following import START, Hint, Mark
from siaga.kernel.ids import new_id
from siaga.kernel.types import RegionId

HERE = RegionId("here")
REPORT, INCIDENT, OTHER = new_id(), new_id(), new_id()


def _hint(seq: int, *subjects: UUID, region: RegionId = HERE, name: str = "a.b") -> Hint:
    return Hint(Mark(1, seq), region, name, subjects, datetime(2026, 11, 21, tzinfo=UTC))


def _citizen(*subjects: UUID) -> Client:
    shown = Pass(kind="ticket", region_id=HERE, key="code")
    return Client(shown, Permit(subjects=frozenset(subjects)), "1.2.3.4", queue_max=4, now=0)


def _staff(person_id: UUID | None = None, region: RegionId = HERE) -> Client:
    shown = Pass(kind="person", region_id=region, key="session")
    return Client(shown, Permit(person_id=person_id), "session", queue_max=4, now=0)


def _run(work: Callable[[Streams], Awaitable[None]]) -> None:
    async def main() -> None:
        await work(Streams())

    asyncio.run(main())


async def _heard(client: Client) -> list[dict[str, Any]]:
    chunk = await asyncio.wait_for(client.take(), 10)
    lines = (chunk or b"").split(b"\n")
    return [json.loads(line[6:]) for line in lines if line.startswith(b"data: ")]


def test_a_citizen_hears_that_their_report_changed_and_nothing_else() -> None:
    async def work(streams: Streams) -> None:
        citizen = _citizen(REPORT, INCIDENT)
        streams.add(citizen)
        citizen.release(START)
        streams.deliver(
            [
                _hint(1, OTHER),
                _hint(2, INCIDENT, OTHER, name="triage.judged_false"),
                _hint(3, REPORT, region=RegionId("elsewhere")),
            ]
        )
        assert await _heard(citizen) == [
            {"name": "report.changed", "subjects": [str(INCIDENT)], "at": "2026-11-21T00:00:00Z"}
        ]

    _run(work)


def test_a_report_that_joins_an_incident_is_looked_at_again() -> None:
    async def work(streams: Streams) -> None:
        citizen = _citizen(REPORT)
        streams.add(citizen)
        citizen.release(START)
        streams.deliver([_hint(1, REPORT, INCIDENT)])
        assert citizen.recheck_wanted
        streams.update(citizen, Permit(subjects=frozenset({REPORT, INCIDENT})))
        streams.deliver([_hint(2, INCIDENT)])
        assert [data["subjects"] for data in await _heard(citizen)] == [
            [str(REPORT)], [str(INCIDENT)],
        ]  # fmt: skip

    _run(work)


def test_a_change_of_ones_own_account_is_looked_at_at_once() -> None:
    async def work(streams: Streams) -> None:
        sari, tono = _staff(new_id()), _staff(new_id())
        for client in (sari, tono):
            streams.add(client)
            client.release(START)
        assert sari.permit.person_id is not None
        streams.deliver([_hint(1, sari.permit.person_id, name="accounts.role_revoked")])
        assert (sari.recheck_wanted, tono.recheck_wanted) == (True, False)

    _run(work)


def test_hints_are_held_while_the_missed_ones_are_read() -> None:
    async def work(streams: Streams) -> None:
        client = _staff()
        streams.add(client)
        streams.deliver([_hint(5, OTHER), _hint(6, OTHER)])
        assert client.release(Mark(1, 5)) == [_hint(6, OTHER)]
        streams.deliver([_hint(7, OTHER)])
        assert len(await _heard(client)) == 1

    _run(work)


def test_whoever_lets_too_much_pile_up_is_torn_away() -> None:
    async def work(streams: Streams) -> None:
        slow, quick = _staff(), _staff()
        torn: list[bool] = []
        slow.on_end = lambda: torn.append(True)
        for client in (slow, quick):
            streams.add(client)
            client.release(START)
        for number in range(6):
            streams.deliver([_hint(number, OTHER)])
            assert await _heard(quick)
        assert (slow.ended, torn, quick.ended) == ("slow", [True], None)
        assert await slow.take() is None

    _run(work)


def test_a_client_that_left_is_forgotten_everywhere() -> None:
    async def work(streams: Streams) -> None:
        clients = [_staff(), _citizen(REPORT)]
        for client in clients:
            streams.add(client)
        assert (len(streams), streams.held_by("session"), streams.held_by("1.2.3.4")) == (2, 1, 1)
        for client in clients:
            streams.remove(client)
        streams.deliver([_hint(1, REPORT)])
        assert (len(streams), streams.held_by("session")) == (0, 0)
        assert not streams._tickets

    _run(work)


@pytest.mark.django_db
def test_a_code_opens_its_own_report_only(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str]] = []

    def resolve(region_id: RegionId, code: str) -> frozenset[UUID] | None:
        asked.append((region_id, code))
        return frozenset({REPORT}) if code == "K7QM-3F9T-XW2D-04HN" else None

    monkeypatch.setattr(viewers, "_ticket_resolver", resolve)
    now = datetime(2026, 11, 21, tzinfo=UTC)

    def show(key: str) -> Permit | Refusal:
        return viewers.examine(Pass(kind="ticket", region_id=HERE, key=key), now)

    assert show("k7qm 3f9t xw2d o4hn") == Permit(subjects=frozenset({REPORT}))
    assert show("K7QM-3F9T-XW2D-04HM") == Refusal(404)
    assert show("nonsense") == Refusal(404)
    assert len(asked) == 2
