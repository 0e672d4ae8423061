"""An assignment belongs to one round of its incident; a reopened one begins anew."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0002_assignment_media")]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="round",
            field=models.PositiveSmallIntegerField(default=0, db_default=0),
        ),
    ]
