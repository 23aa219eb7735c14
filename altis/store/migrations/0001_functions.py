"""The clock of every deadline (tests install one with an offset), and the guard of append-only tables."""

from django.db import migrations

NOW = """
CREATE FUNCTION altis_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
AS 'SELECT statement_timestamp()'
"""
CLOCK = """
CREATE FUNCTION altis_clock() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE
AS 'SELECT clock_timestamp()'
"""
REFUSE = """
CREATE FUNCTION altis_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% of % is refused: its rows are history', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


class Migration(migrations.Migration):
    """Creates altis_now(), altis_clock() and altis_refuse_change()."""

    dependencies = []
    operations = [
        migrations.RunSQL(NOW, "DROP FUNCTION altis_now()"),
        migrations.RunSQL(CLOCK, "DROP FUNCTION altis_clock()"),
        migrations.RunSQL(REFUSE, "DROP FUNCTION altis_refuse_change()"),
    ]
