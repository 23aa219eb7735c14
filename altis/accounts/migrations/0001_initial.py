"""Users."""

import functools

from django.db import migrations, models

import altis.privacy.blind
import altis.privacy.fields
import altis.shared.ids
import altis.store.database
import altis.store.fields


class Migration(migrations.Migration):
    """Creates the custom user, from the first migration on."""

    initial = True

    dependencies = [
        ("store", "0001_functions"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "id",
                    altis.store.fields.PublicIdField(
                        db_collation="C",
                        default=functools.partial(altis.shared.ids.new_id, *("usr",), **{}),
                        editable=False,
                        max_length=32,
                        prefix="usr",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("email", altis.privacy.fields.EncryptedTextField(subject="id", verbose_name="e-mail address")),
                (
                    "email_index",
                    altis.privacy.blind.BlindIndexField(
                        db_collation="C",
                        editable=False,
                        max_length=64,
                        purpose="accounts.user.email",
                        source="email",
                        unique=True,
                    ),
                ),
                ("email_verified_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "is_active",
                    models.BooleanField(default=True, help_text="Take this away instead of deleting the account"),
                ),
                ("is_staff", models.BooleanField(default=False, help_text="May log in to the admin")),
                (
                    "date_joined",
                    altis.store.fields.CreatedAtField(db_default=altis.store.database.DbNow(), editable=False),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to "
                        "each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
