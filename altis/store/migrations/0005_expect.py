"""A statement that judges itself: the transaction fails unless as many rows were found or changed as were wanted."""

from django.db import migrations

# SQLSTATE AL001 is ours: a class that PostgreSQL and the standard leave to the application.
_EXPECT = """
CREATE FUNCTION altis_expect(counted bigint, wanted bigint) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    IF counted IS DISTINCT FROM wanted THEN
        RAISE EXCEPTION 'expected % rows, found %', wanted, counted USING ERRCODE = 'AL001';
    END IF;
    RETURN counted;
END $$
"""


class Migration(migrations.Migration):
    """Creates altis_expect()."""

    dependencies = [("store", "0004_rights")]
    operations = [migrations.RunSQL(_EXPECT, "DROP FUNCTION altis_expect(bigint, bigint)")]
