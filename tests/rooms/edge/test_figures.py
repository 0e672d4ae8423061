"""Every figure of the database can be read on a database where nothing has happened yet."""

from siaga.edge import figures
from siaga.kernel.observability import metrics
from tests.databases import TestDatabase


def test_every_figure_can_be_read(committed_db: TestDatabase) -> None:
    figures.register()
    families = {family.name: family for family in metrics.DatabaseFigures().collect()}
    assert families["siaga_figure_unreadable"].samples == []
    assert {"siaga_contacts_waiting", "siaga_jobs", "siaga_deadline_late_seconds"} <= set(families)
    assert families["siaga_deadlines_overdue"].samples[0].value == 0
