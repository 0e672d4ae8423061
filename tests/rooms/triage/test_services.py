"""Incidents: opened once, joined and un-joined, urgency raised, closed with a disposition."""

from datetime import datetime

import pytest

from siaga.intake import queries as intake_queries
from siaga.intake.errors import ReportAlreadyHandled
from siaga.intake.types import ReportState
from siaga.kernel.errors import InvalidField
from siaga.kernel.tenancy import acting_in
from siaga.kernel.types import RegionId, Urgency
from siaga.triage import queries, services
from siaga.triage.errors import (
    IncidentIsClosed,
    LastReport,
    OutOfScope,
    UrgencyMayOnlyRise,
)
from siaga.triage.types import EvidenceKind, IncidentDisposition, IncidentStatus, Truth, Verdict
from tests import cast
from tests.rooms.test_path import PLACE, incident_on, report_on, write


def verdict(type_code: str = "KBK-BANGUNAN", urgency: Urgency = Urgency.P1) -> Verdict:
    return Verdict(type_code=type_code, urgency=urgency, place=PLACE)


def test_a_report_opens_one_incident_and_no_second(in_banyuwangi: RegionId, now: datetime) -> None:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "kebakaran", now)
    report_id = report_on(sari, now, type_code="KBK-BANGUNAN")
    opened = {"region_id": in_banyuwangi, "by": sari.actor, "now": now}
    services.open_incident(report_id, verdict(), **opened)
    with pytest.raises(ReportAlreadyHandled):
        services.open_incident(report_id, verdict(), **opened)


def test_codes_count_up_within_the_day_of_the_region(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari = cast.enter("sari", now)
    codes = []
    for number in range(2):
        write(in_banyuwangi, "kebakaran", now, sender=f"62812{number}")
        codes.append(queries.incident_for(sari, incident_on(sari, now)).code)
    assert codes == ["BWI-261121-0001", "BWI-261121-0002"]


def test_a_type_the_region_refuses_opens_nothing(db: None, now: datetime) -> None:
    tono = cast.enter("tono", now)
    with acting_in(tono.region_id):
        write(tono.region_id, "dompet hilang", now)
        report_id = report_on(tono, now, type_code="TOLAK-BARANG")
        with pytest.raises(OutOfScope):
            services.open_incident(
                report_id,
                verdict("TOLAK-BARANG", Urgency.P5),
                region_id=tono.region_id,
                by=tono.actor,
                now=now,
            )


def test_an_unknown_type_is_named(in_banyuwangi: RegionId, now: datetime) -> None:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "halo", now)
    report_id = report_on(sari, now, type_code="KBK-BANGUNAN")
    with pytest.raises(InvalidField) as refused:
        services.open_incident(
            report_id, verdict("NAGA"), region_id=in_banyuwangi, by=sari.actor, now=now
        )
    assert refused.value.field == "type_code"


def test_a_second_caller_makes_it_a1_and_unjoining_takes_it_back(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "kebakaran", now)
    incident_id = incident_on(sari, now)
    write(in_banyuwangi, "kebakaran juga", now, sender="62899")
    second = report_on(sari, now, type_code="KBK-BANGUNAN")
    step = {"region_id": in_banyuwangi, "by": sari.actor, "now": now}
    services.join(second, incident_id, **step)
    joined = queries.incident_for(sari, incident_id)
    assert (joined.truth, joined.report_count) == (Truth.A1, 2)
    services.unjoin(second, **step)
    apart = queries.incident_for(sari, incident_id)
    assert (apart.truth, apart.report_count) == (Truth.UNVERIFIED, 1)
    assert intake_queries.report_for(sari, second).state is ReportState.IN_TRIAGE
    with pytest.raises(LastReport):
        services.unjoin(queries.report_ids(in_banyuwangi, incident_id)[0], **step)


def test_urgency_is_raised_freely_and_lowered_only_with_a_reason(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "pohon tumbang", now)
    incident_id = incident_on(sari, now, type_code="POHON-TUMBANG", urgency=Urgency.P3)
    step = {"region_id": in_banyuwangi, "by": sari.actor, "now": now}
    services.raise_urgency(incident_id, Urgency.P2, reason="menimpa rumah", **step)
    with pytest.raises(UrgencyMayOnlyRise):
        services.raise_urgency(incident_id, Urgency.P3, reason="", **step)
    with pytest.raises(UrgencyMayOnlyRise):
        services.correct(incident_id, verdict("POHON-TUMBANG", Urgency.P4), **step)
    services.correct(
        incident_id, verdict("POHON-TUMBANG", Urgency.P4), reason="sudah dipotong", **step
    )
    assert queries.incident_for(sari, incident_id).urgency is Urgency.P4


def test_a_closed_incident_takes_no_more_work(in_banyuwangi: RegionId, now: datetime) -> None:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "kebakaran", now)
    incident_id = incident_on(sari, now)
    step = {"region_id": in_banyuwangi, "by": sari.actor, "now": now}
    services.close(incident_id, IncidentDisposition.HANDLED, **step)
    with pytest.raises(IncidentIsClosed):
        services.advance(incident_id, IncidentStatus.ON_SCENE, **step)
    services.reopen(incident_id, **step)
    assert queries.incident_for(sari, incident_id).reopened_count == 1


def test_evidence_before_the_incident_counts_for_it(in_banyuwangi: RegionId, now: datetime) -> None:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "tawon", now)
    report_id = report_on(sari, now, type_code="TAWON")
    step = {"region_id": in_banyuwangi, "by": sari.actor, "now": now}
    services.add_evidence(EvidenceKind.CALLBACK, report_id=report_id, **step)
    incident_id = services.open_incident(report_id, verdict("TAWON", Urgency.P3), **step)
    assert queries.incident_for(sari, incident_id).truth is Truth.A1
