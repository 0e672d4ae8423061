"""From the form to the agencies: as far as the key says, and no farther than the region allows."""

from typing import Any

import pytest

from siaga.dispatch import queries as dispatch
from siaga.intake import queries as intake
from siaga.intake.types import LocationState
from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import Urgency
from siaga.triage import queries as triage
from siaga.triage.types import EvidenceKind, IncidentView, Truth
from tests.cast import BANYUWANGI
from tests.web.console.stage import FORM, Desk, incident, seat, toast_of, writes

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.console.urls")]
TREE = {**FORM, "type_code": "POHON-TUMBANG", "type_label": "Pohon tumbang", "urgency": "P3"}


@pytest.fixture
def sari() -> Desk:
    return seat("sari")


def in_hand(desk: Desk, text: str = "tulung") -> str:
    contact_id = writes(text)
    assert desk.post("next/").status_code == 200
    return f"contacts/{contact_id}/"


def opened(desk: Desk) -> IncidentView:
    with acting_in(BANYUWANGI):
        return triage.board(desk.viewer)[0]


def sent_to(found: IncidentView) -> list[str]:
    with acting_in(BANYUWANGI):
        return [item.agency_code for item in dispatch.assignments(BANYUWANGI, found.id)]


def test_a_p1_goes_at_once_with_only_type_and_place(sari: Desk) -> None:
    contact = in_hand(sari)
    form = {
        **FORM,
        "narrative": "",
        "place_text": "",
        "agencies": ["damkar", "psc119"],
        "agencies_shown": ["damkar", "psc119"],
        "then": "send",
    }
    answer = sari.post(f"{contact}file/", form)
    assert answer.status_code == 200
    found = opened(sari)
    assert found.urgency is Urgency.P1
    assert found.truth is Truth.UNVERIFIED and found.dispatched_unverified
    assert set(sent_to(found)) >= {"damkar", "psc119"}
    assert "siaga:draft-done" in answer["HX-Trigger"]
    assert answer["HX-Push-Url"].startswith(f"/banyuwangi/console/incidents/{found.id}/")


def test_the_leading_agencies_come_ticked(sari: Desk) -> None:
    contact = in_hand(sari)
    sari.post(f"{contact}file/", {**FORM, "then": "send"})
    assert sent_to(opened(sari)), "proposals that the person saw and left ticked"


def test_what_must_be_verified_first_is_opened_and_held_with_the_cure(sari: Desk) -> None:
    contact = in_hand(sari)
    answer = sari.post(f"{contact}file/", {**TREE, "then": "send"})
    page = answer.content.decode()
    found = opened(sari)
    assert answer.status_code == 200 and not sent_to(found)
    assert "A1" in toast_of(answer)["text"]
    assert "memastikan" in page or "verifies first" in page


def test_both_consistency_questions_that_fit_are_evidence_and_let_it_go(sari: Desk) -> None:
    contact = in_hand(sari)
    asked = coherent_fields(sari, contact, TREE, "yes")
    assert len(asked) >= 2
    sari.post(f"{contact}file/", {**TREE, **asked, "then": "send"})
    found = opened(sari)
    assert found.truth is Truth.A1 and sent_to(found)
    with acting_in(BANYUWANGI):
        lines = triage.evidence(BANYUWANGI, incident_id=found.id)
    assert [line.kind for line in lines] == [EvidenceKind.CONSISTENCY_QUESTIONS]


def test_one_answer_that_does_not_fit_is_no_evidence(sari: Desk) -> None:
    contact = in_hand(sari)
    asked = coherent_fields(sari, contact, TREE, "yes")
    first = next(iter(asked))
    sari.post(f"{contact}file/", {**TREE, **asked, first: "no", "then": "open"})
    assert opened(sari).truth is Truth.UNVERIFIED


def coherent_fields(desk: Desk, contact: str, form: dict[str, Any], said: str) -> dict[str, str]:
    """The names of the consistency questions that the guide shows."""
    page = desk.post(f"{contact}guide/", form).content.decode()
    names = {part.split('"', 1)[0] for part in page.split('name="c_')[1:]}
    return {f"c_{name}": said for name in names}


def test_red_flags_raise_the_proposal_and_a_person_cannot_lower_it(sari: Desk) -> None:
    contact = in_hand(sari)
    calm = sari.post(f"{contact}guide/", TREE).content.decode()
    assert 'value="P3" checked' in calm
    flagged = {**TREE, **red_flag(sari, contact)}
    raised = sari.post(f"{contact}guide/", flagged).content.decode()
    assert 'value="P3" checked' not in raised, "what the answers call for is not lowered"
    refused = sari.post(f"{contact}file/", {**flagged, "then": "open"})
    assert refused.status_code == 409
    taken = sari.post(f"{contact}file/", {**flagged, "urgency": "", "then": "open"})
    assert taken.status_code == 200
    assert opened(sari).urgency.rank < Urgency.P3.rank


def red_flag(desk: Desk, contact: str) -> dict[str, str]:
    """Answers that raise the urgency of a fallen tree."""
    from siaga.protocols import queries as protocols
    from siaga.protocols import rules

    protocol = protocols.protocol_for("POHON-TUMBANG")
    for question in protocol.questions:
        for value in question.values:
            answers = {question.key: value}
            if rules.urgency(protocol, Urgency.P3, answers).raised_by:
                return {f"q_{question.key}": value}
    raise AssertionError("the guide has no red flag")


def test_an_ambiguous_place_is_kept_and_shown_and_not_sent(sari: Desk) -> None:
    contact = in_hand(sari)
    form = {**FORM, "place_value": "?", "place_label": "sumberagung", "place_text": ""}
    refused = sari.post(f"{contact}file/", {**form, "then": "send"})
    assert refused.status_code == 422 and "place-input" in refused["HX-Trigger"]
    sari.post(f"{contact}file/", {**form, "then": "report"})
    with acting_in(BANYUWANGI):
        [report] = intake.unfiled_reports(sari.viewer)
    assert report.place.state is LocationState.AMBIGUOUS
    assert report.place.text == "sumberagung"
    page = sari.get(contact).content.decode()
    assert "sumberagung" in page


def test_a_report_alone_waits_to_be_verified(sari: Desk) -> None:
    contact = in_hand(sari)
    answer = sari.post(f"{contact}file/", {**FORM, "then": "report"})
    assert answer.status_code == 200
    page = sari.get("waiting/").content.decode()
    assert 'id="group-reports" data-count="1"' in page


def test_an_empty_form_is_refused_with_the_cursor_where_it_helps(sari: Desk) -> None:
    contact = in_hand(sari)
    empty = sari.post(f"{contact}file/", {"then": "report"})
    assert empty.status_code == 422 and "id_narrative" in empty["HX-Trigger"]
    typeless = sari.post(f"{contact}file/", {"narrative": "ada apa", "then": "open"})
    assert typeless.status_code == 422 and "type-input" in typeless["HX-Trigger"]


def test_the_draft_survives_and_is_gone_when_the_report_is_filed(sari: Desk) -> None:
    contact = in_hand(sari)
    assert sari.post(f"{contact}draft/", {**FORM, "q_x": "1"}).status_code == 200
    page = sari.get(contact, fragment=False).content.decode()
    assert "Asap tebal dari rumah kayu" in page
    dewi = seat("dewi")
    assert dewi.post(f"{contact}draft/", FORM).status_code == 409
    sari.post(f"{contact}file/", {**FORM, "then": "report"})
    with acting_in(BANYUWANGI):
        assert intake.draft(BANYUWANGI, contact.split("/")[1]) is None  # type: ignore[arg-type]


def test_a_second_report_joins_and_can_be_taken_out_again(sari: Desk) -> None:
    there = incident(sari, urgency=Urgency.P2)
    contact = in_hand(sari, "pohon tumbang di Kabat")
    page = sari.post(f"{contact}guide/", TREE).content.decode()
    assert there.code in page, "similar, open, nearby"
    joined = sari.post(f"{contact}join/{there.id}/", TREE)
    assert joined.status_code == 200
    with acting_in(BANYUWANGI):
        after = triage.incident(BANYUWANGI, there.id)
        reports = triage.report_ids(BANYUWANGI, there.id)
    assert after is not None and after.report_count == 2
    assert after.truth is Truth.A1, "another person tells the same"
    out = sari.post(f"incidents/{there.id}/unjoin/{reports[1]}/")
    assert out.status_code == 200
    last = sari.post(f"incidents/{there.id}/unjoin/{reports[0]}/")
    assert last.status_code == 409


def test_an_intern_may_not_close_a_serious_incident(sari: Desk) -> None:
    there = incident(sari, urgency=Urgency.P1)
    putri = seat("putri")
    closing = {"disposition": "handled"}
    assert putri.post(f"incidents/{there.id}/close/", closing).status_code == 403
    assert sari.post(f"incidents/{there.id}/close/", closing).status_code == 200
    assert putri.post(f"incidents/{there.id}/reopen/", {"reason": "belum"}).status_code == 403
    assert sari.post(f"incidents/{there.id}/reopen/", {"reason": "belum"}).status_code == 200
