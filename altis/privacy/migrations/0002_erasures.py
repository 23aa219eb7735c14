"""Who was erased: a log that refuses changes, and a trigger that lets nobody in it have a data key again."""

from django.db import migrations, models

import altis.store.database
import altis.store.fields
from altis.store.guards import refuse

# Returning NULL inserts nothing and raises nothing: whoever asked for a key finds none, as of any erased person.
_NO_KEY_FOR_THE_ERASED = """
CREATE FUNCTION altis_no_key_for_the_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM privacy_erasurelog WHERE subject = NEW.subject) THEN
        RETURN NULL;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER privacy_subjectkey_of_the_living BEFORE INSERT ON privacy_subjectkey
    FOR EACH ROW EXECUTE FUNCTION altis_no_key_for_the_erased();
"""
_UNDO = """
DROP TRIGGER privacy_subjectkey_of_the_living ON privacy_subjectkey;
DROP FUNCTION altis_no_key_for_the_erased();
"""


class Migration(migrations.Migration):
    """Creates the log and both triggers."""

    dependencies = [("privacy", "0001_initial"), ("store", "0001_functions")]

    operations = [
        migrations.CreateModel(
            name="ErasureLog",
            fields=[
                (
                    "subject",
                    models.CharField(
                        db_collation="C",
                        help_text="A usr_, gst_ or pax_ id",
                        max_length=64,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("at", altis.store.fields.CreatedAtField(db_default=altis.store.database.DbNow(), editable=False)),
                ("actor", models.CharField(max_length=64)),
                ("reason", models.CharField(help_text="A stable word, such as person_asked", max_length=64)),
            ],
            options={"ordering": ("at", "subject")},
        ),
        refuse("UPDATE OR DELETE", on="privacy_erasurelog"),
        migrations.RunSQL(_NO_KEY_FOR_THE_ERASED, _UNDO),
    ]
