"""Which way a self-test took."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("telephony", "0009_asker")]

    operations = [
        migrations.AddField(
            model_name="selftest",
            name="path",
            field=models.CharField(blank=True, db_default="", default="", max_length=10),
        ),
    ]
