"""Recordings of calls that were nobody's need are kept for fewer days."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("telephony", "0007_unrecorded")]

    operations = [
        migrations.AddField(
            model_name="recording",
            name="is_noise",
            field=models.BooleanField(default=False, db_default=False),
        ),
    ]
