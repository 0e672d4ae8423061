"""Who asked something of the telephone, for the journal."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("telephony", "0008_noise")]

    operations = [
        migrations.AddField(
            model_name="command",
            name="actor_kind",
            field=models.CharField(max_length=20, default="system"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="command",
            name="actor_id",
            field=models.CharField(max_length=80, default="phone"),
            preserve_default=False,
        ),
    ]
