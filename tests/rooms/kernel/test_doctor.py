"""The register of examinations: nothing wrong is said, everything wrong has a cure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from siaga.kernel import doctor
from siaga.kernel.doctor import Finding, Level, error, examine, run_examinations, warning

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_register(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_examinations", {})


def test_a_check_that_finds_nothing_is_told_as_what_holds() -> None:
    @examine("room.fine", "All is well")
    def fine(_now: datetime) -> Iterator[Finding]:
        yield from ()

    assert run_examinations(NOW) == [Finding(Level.OK, "room.fine", "All is well")]


def test_what_needs_a_failed_check_is_skipped_and_so_is_what_needs_that() -> None:
    @examine("room.first", "First")
    def first(_now: datetime) -> Iterator[Finding]:
        yield error("room.first", "Broken.", "Mend it.")

    @examine("room.second", "Second", needs=("room.first",))
    def second(_now: datetime) -> Iterator[Finding]:
        raise AssertionError("must not be asked")

    @examine("room.third", "Third", needs=("room.second",))
    def third(_now: datetime) -> Iterator[Finding]:
        raise AssertionError("must not be asked")

    levels = [finding.level for finding in run_examinations(NOW)]
    assert levels == [Level.ERROR, Level.SKIPPED, Level.SKIPPED]


def test_a_warning_does_not_stop_what_needs_it() -> None:
    @examine("room.first", "First")
    def first(_now: datetime) -> Iterator[Finding]:
        yield warning("room.first", "Full soon.", "Make room.")

    @examine("room.second", "Second", needs=("room.first",))
    def second(_now: datetime) -> Iterator[Finding]:
        yield from ()

    assert [finding.level for finding in run_examinations(NOW)] == [Level.WARNING, Level.OK]


def test_what_is_needed_goes_first_wherever_it_is_registered() -> None:
    @examine("room.second", "Second", needs=("database.first",))
    def second(_now: datetime) -> Iterator[Finding]:
        raise AssertionError("must not be asked")

    @examine("database.first", "First")
    def first(_now: datetime) -> Iterator[Finding]:
        yield error("database.first", "Broken.", "Mend it.")

    assert [finding.id for finding in run_examinations(NOW)] == ["database.first", "room.second"]


def test_a_check_that_breaks_is_an_error_and_the_rest_goes_on() -> None:
    @examine("room.broken", "Broken")
    def broken(_now: datetime) -> Iterator[Finding]:
        raise RuntimeError("boom")

    @examine("room.fine", "Fine")
    def fine(_now: datetime) -> Iterator[Finding]:
        yield from ()

    found = run_examinations(NOW)
    assert [finding.level for finding in found] == [Level.ERROR, Level.OK]
    assert "boom" in found[0].text


def test_a_name_is_taken_once() -> None:
    examine("room.same", "Same")(lambda _now: ())
    with pytest.raises(TypeError, match=r"room\.same"):
        examine("room.same", "Same")(lambda _now: ())
