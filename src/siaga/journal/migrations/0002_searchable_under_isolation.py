"""Let timelines and searches use their indexes under row-level security."""

from django.db import migrations

from siaga.kernel.postgres.searching import marks


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunSQL(marks(), marks("NOT LEAKPROOF"))]
