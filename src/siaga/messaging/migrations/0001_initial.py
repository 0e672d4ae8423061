import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

import siaga.kernel.ids
from siaga.kernel.tenancy import protect_table

# Row-level security keeps LIKE from using an index: the operator is not leak-proof, so it is
# asked only after the policy, row by row. This function runs as the owner and applies the same
# policy itself; where the owner may bypass the policy, the trigram index serves the search.
SEARCH = """
CREATE FUNCTION messaging_search(wanted_region text, pattern text, before uuid, at_most int)
RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $body$
BEGIN
    IF wanted_region <> ALL (string_to_array(current_setting('siaga.regions', true), ','))
       AND current_setting('siaga.regions', true) <> '*' THEN
        RETURN;
    END IF;
    RETURN QUERY EXECUTE
        'SELECT id FROM messaging_message WHERE region_id = $1 AND text ILIKE $2'
        ' AND ($3 IS NULL OR id < $3) ORDER BY id DESC LIMIT $4'
        USING wanted_region, pattern, before, at_most;
END
$body$;
"""
NO_SEARCH = "DROP FUNCTION messaging_search(text, text, uuid, int)"


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        TrigramExtension(),
        migrations.CreateModel(
            name="Correspondent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=siaga.kernel.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("region_id", models.CharField(max_length=40)),
                ("channel", models.CharField(max_length=20)),
                (
                    "phones",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, size=None
                    ),
                ),
                ("profile_name", models.TextField(blank=True, default="")),
                ("profile_name_at", models.DateTimeField(null=True)),
                ("language", models.CharField(blank=True, default="", max_length=8)),
                ("last_inbound_at", models.DateTimeField(null=True)),
                ("window_expires_at", models.DateTimeField(null=True)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="messaging.correspondent",
                    ),
                ),
            ],
            options={
                "db_table": "messaging_correspondent",
            },
        ),
        migrations.CreateModel(
            name="Alias",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=siaga.kernel.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("region_id", models.CharField(max_length=40)),
                ("channel", models.CharField(max_length=20)),
                ("kind", models.CharField(max_length=20)),
                ("external_id", models.CharField(max_length=200)),
                ("last_seen_at", models.DateTimeField(null=True)),
                (
                    "correspondent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="aliases",
                        to="messaging.correspondent",
                    ),
                ),
            ],
            options={
                "db_table": "messaging_alias",
            },
        ),
        migrations.CreateModel(
            name="Inbound",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("region_id", models.CharField(max_length=40)),
                ("door", models.TextField()),
                ("external_id", models.TextField()),
                ("body", models.BinaryField()),
                ("request_id", models.TextField(db_default="")),
                (
                    "received_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("state", models.TextField(db_default="new")),
                ("attempts", models.SmallIntegerField(db_default=0)),
                ("error", models.TextField(db_default="")),
                ("retry_at", models.DateTimeField(null=True)),
                ("processed_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "messaging_inbound",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "new")),
                        fields=["id"],
                        name="messaging_inbound_new",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["failed", "quarantined"])),
                        fields=["region_id", "state", "id"],
                        name="messaging_inbound_trouble",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("region_id", "door", "external_id"), name="messaging_inbound_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["new", "done", "failed", "quarantined"])),
                        name="messaging_inbound_state",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=siaga.kernel.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("region_id", models.CharField(max_length=40)),
                ("channel", models.CharField(max_length=20)),
                ("external_id", models.CharField(max_length=250, null=True)),
                ("direction", models.CharField(max_length=3)),
                ("kind", models.CharField(max_length=20)),
                ("text", models.TextField(blank=True, default="")),
                ("lat", models.FloatField(null=True)),
                ("lng", models.FloatField(null=True)),
                ("place_name", models.TextField(blank=True, default="")),
                ("in_reply_to", models.CharField(blank=True, default="", max_length=250)),
                ("payload", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("author_kind", models.CharField(blank=True, default="", max_length=20)),
                ("author_id", models.TextField(blank=True, default="")),
                ("contact_id", models.UUIDField(null=True)),
                ("report_id", models.UUIDField(null=True)),
                ("incident_id", models.UUIDField(null=True)),
                ("status", models.CharField(blank=True, default="", max_length=20)),
                ("error", models.TextField(blank=True, default="")),
                ("attempts", models.SmallIntegerField(default=0)),
                ("sending_since", models.DateTimeField(null=True)),
                (
                    "correspondent",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="messaging.correspondent",
                    ),
                ),
            ],
            options={
                "db_table": "messaging_message",
            },
        ),
        migrations.CreateModel(
            name="Media",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=siaga.kernel.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("region_id", models.CharField(max_length=40)),
                ("state", models.CharField(default="pending", max_length=20)),
                ("provider_id", models.CharField(blank=True, default="", max_length=200)),
                ("declared_type", models.CharField(blank=True, default="", max_length=200)),
                ("declared_sha256", models.CharField(blank=True, default="", max_length=100)),
                ("content_type", models.CharField(blank=True, default="", max_length=100)),
                ("size", models.BigIntegerField(default=0)),
                ("sha256", models.CharField(blank=True, default="", max_length=64)),
                ("original_name", models.TextField(blank=True, default="")),
                ("path", models.TextField(blank=True, default="")),
                ("reason", models.TextField(blank=True, default="")),
                ("attempts", models.SmallIntegerField(default=0)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "message",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="media",
                        to="messaging.message",
                    ),
                ),
            ],
            options={
                "db_table": "messaging_media",
            },
        ),
        migrations.CreateModel(
            name="MessageStatus",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=siaga.kernel.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("region_id", models.CharField(max_length=40)),
                ("channel", models.CharField(max_length=20)),
                ("external_id", models.CharField(max_length=250)),
                ("status", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
                ("error", models.TextField(blank=True, default="")),
            ],
            options={
                "db_table": "messaging_message_status",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("region_id", "channel", "external_id", "status"),
                        name="messaging_status_once",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="correspondent",
            index=models.Index(
                fields=["region_id", "-last_inbound_at"], name="messaging_corr_recent"
            ),
        ),
        migrations.AddIndex(
            model_name="correspondent",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["phones"], name="messaging_corr_phones"
            ),
        ),
        migrations.AddConstraint(
            model_name="correspondent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "channel__in",
                        ["phone", "whatsapp", "web", "instagram", "x", "telegram", "walk_in"],
                    )
                ),
                name="messaging_correspondent_channel",
            ),
        ),
        migrations.AddConstraint(
            model_name="alias",
            constraint=models.UniqueConstraint(
                fields=("region_id", "channel", "external_id"), name="messaging_alias_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="alias",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["wa_id", "bsuid", "web", "handle"])),
                name="messaging_alias_kind",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                fields=["region_id", "correspondent", "-at", "-id"], name="messaging_msg_person"
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                fields=["region_id", "contact_id", "-at", "-id"], name="messaging_msg_contact"
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["region_id", "-id"], name="messaging_msg_newest"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["text"], name="messaging_msg_words", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("status", "queued")), fields=["id"], name="messaging_msg_queued"
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(
                fields=("region_id", "channel", "external_id"), name="messaging_message_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("direction", "in"), ("status", "")),
                    models.Q(
                        ("direction", "out"),
                        ("status__in", ["queued", "sent", "failed", "delivered", "read", "played"]),
                    ),
                    _connector="OR",
                ),
                name="messaging_message_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "text",
                            "image",
                            "audio",
                            "video",
                            "document",
                            "sticker",
                            "location",
                            "contacts",
                            "interactive",
                            "button",
                            "reaction",
                            "system",
                            "template",
                            "location_request",
                            "unknown",
                        ],
                    )
                ),
                name="messaging_message_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lat__isnull", True), ("lng__isnull", True)),
                    models.Q(("lat__range", (-90, 90)), ("lng__range", (-180, 180))),
                    _connector="OR",
                ),
                name="messaging_message_point",
            ),
        ),
        migrations.AddIndex(
            model_name="media",
            index=models.Index(
                condition=models.Q(("state", "pending")),
                fields=["id"],
                name="messaging_media_pending",
            ),
        ),
        migrations.AddConstraint(
            model_name="media",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["pending", "stored", "rejected"])),
                name="messaging_media_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="media",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "stored"), _negated=True),
                    models.Q(("path", ""), _negated=True),
                    _connector="OR",
                ),
                name="messaging_media_stored_has_path",
            ),
        ),
        protect_table("messaging_inbound"),
        protect_table("messaging_correspondent"),
        protect_table("messaging_alias"),
        protect_table("messaging_message"),
        protect_table("messaging_message_status"),
        protect_table("messaging_media"),
        migrations.RunSQL(SEARCH, NO_SEARCH),
    ]
