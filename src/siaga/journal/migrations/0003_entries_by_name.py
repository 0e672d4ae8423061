"""The journal of a region can be filtered by a rare kind of fact without reading the rest."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_searchable_under_isolation")]

    operations = [
        migrations.AddIndex(
            model_name="journalentry",
            index=models.Index(fields=["region_id", "name", "-at", "-id"], name="journal_name_at"),
        ),
    ]
