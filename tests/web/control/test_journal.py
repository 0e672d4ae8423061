"""The journal page: by kind, by subject, by cause, and whether the chain holds."""

import pytest

from siaga.journal import queries, sealing
from siaga.kernel import clock
from siaga.kernel.tenancy import acting_in
from tests.cast import BANYUWANGI
from tests.web.console.stage import calls, incident, writes
from tests.web.console.stage import seat as desk_of
from tests.web.control import stage
from tests.web.control.stage import seat, text

pytestmark = pytest.mark.django_db


def test_newest_first_by_kind_and_by_code() -> None:
    found = incident(desk_of("sari"))
    ratna = seat("ratna")
    everything = text(ratna.get("journal/"))
    assert found.code in everything
    opened = text(ratna.get("journal/", name="triage.incident_opened"))
    assert found.code in opened and "intake.contact_claimed · " not in opened
    about = text(ratna.get("journal/", subject=found.code.lower()))
    assert "triage.incident_opened" in about
    assert "Tidak ada yang dikenal" in text(ratna.get("journal/", subject="BWI-NIHIL"))


def test_an_entry_tells_what_led_to_it() -> None:
    incident(desk_of("sari"))
    with acting_in(BANYUWANGI):
        newest = queries.entries(BANYUWANGI)
        caused = next(item for item in newest if item.cause_id is not None)
    page = text(seat("ratna").get(f"journal/{caused.id}/"))
    assert str(caused.cause_id) in page


def test_pages_go_on_by_key_without_a_gap() -> None:
    for n in range(30):
        writes("p", number=f"62813{n:03}")
    ratna = seat("ratna")
    first = ratna.get("contacts/")
    assert first.context["page"].older == ""
    first = ratna.get("journal/")
    seen = {row.id for row in first.context["page"].rows}
    second = ratna.client.get("/banyuwangi/control/journal/" + first.context["page"].older)
    again = {row.id for row in second.context["page"].rows}
    assert len(seen) == 50 and again and not seen & again
    assert ratna.get("journal/", after="bukan-kunci").status_code == 200


def test_confidential_entries_are_hidden_but_from_those_named() -> None:
    hidden = calls("soal pungli", type_code="KORUPSI", confidential=True)
    with acting_in(BANYUWANGI):
        entry = queries.timeline(BANYUWANGI, hidden)[0]
    ratna = seat("ratna")
    assert str(entry.id) not in text(ratna.get("journal/"))
    assert ratna.get(f"journal/{entry.id}/").status_code == 404
    assert ratna.get(f"contacts/{hidden}/").status_code == 404


def test_an_auditor_reads_and_changes_nothing() -> None:
    found = incident(desk_of("sari"))
    wayan = stage.auditor()
    assert found.code in text(wayan.get("journal/"))
    assert wayan.get(f"incidents/{found.id}/").status_code == 200
    for path in ("desks/", "inbound/requeue/", "profile/places/alias/", "tokens/"):
        assert wayan.post(path).status_code == 403, path


def test_the_newest_links_are_recomputed() -> None:
    writes("satu")
    ratna = seat("ratna")
    sealing.seal(clock.now())
    assert "chain" not in text(ratna.post("journal/verify/"))
    assert ratna.post("journal/verify/").context["flaws"] == []
