"""Tokens may be issued that hear recordings."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="apitoken", name="token_scopes_known"),
        migrations.AddConstraint(
            model_name="apitoken",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("scopes__contained_by", ["read", "transition", "recordings"]),
                    ("scopes__len__gt", 0),
                ),
                name="token_scopes_known",
            ),
        ),
    ]
