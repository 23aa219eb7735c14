"""Triggers on what staff can change, and on nothing that a search, an order or a payment writes.

One function serves every table, whatever columns it has or will have. `told` is what altis/audit/context.py sets.
"""

from django.db import migrations

# What people call a row, and whose page shows it when it has none of its own: kept with the change, since a group, a
# product or a flight number may have gone when somebody reads it.
ABOUT = """
CREATE FUNCTION audit_about(relation text, r jsonb) RETURNS text[] LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN CASE relation
    WHEN 'catalog_bundleitem' THEN ARRAY[
      concat_ws(' ', r ->> 'bundle_id', (SELECT code FROM catalog_product WHERE id = r ->> 'product_id')),
      'catalog_bundle', r ->> 'bundle_id']
    WHEN 'catalog_fare' THEN (
      SELECT ARRAY[concat_ws(' ', carrier, flight_number, r ->> 'cabin'), 'catalog_schedule', id::text]
      FROM catalog_schedule WHERE id = (r ->> 'schedule_id')::bigint)
    WHEN 'catalog_aircraftcabin' THEN ARRAY[
      concat_ws(' ', r ->> 'aircraft_id', r ->> 'cabin'), 'catalog_aircraft', r ->> 'aircraft_id']
    WHEN 'accounts_user_groups' THEN ARRAY[
      (SELECT name FROM auth_group WHERE id = (r ->> 'group_id')::int), 'accounts_user', r ->> 'user_id']
    WHEN 'accounts_user_user_permissions' THEN ARRAY[
      (SELECT codename FROM auth_permission WHERE id = (r ->> 'permission_id')::int), 'accounts_user', r ->> 'user_id']
    WHEN 'auth_group_permissions' THEN ARRAY[
      concat_ws(' ', (SELECT name FROM auth_group WHERE id = (r ->> 'group_id')::int),
                (SELECT codename FROM auth_permission WHERE id = (r ->> 'permission_id')::int)),
      'auth_group', r ->> 'group_id']
    WHEN 'catalog_schedule' THEN ARRAY[concat_ws(' ', r ->> 'carrier', r ->> 'flight_number')]
    WHEN 'catalog_flight' THEN ARRAY[concat_ws(' ', r ->> 'carrier', r ->> 'flight_number', r ->> 'departure_date')]
    WHEN 'accounts_user' THEN NULL
    ELSE ARRAY[coalesce(r ->> 'code', r ->> 'name')]
  END;
END $$
"""
NOTE = """
CREATE FUNCTION audit_note() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  told jsonb := nullif(current_setting('pghistory.context_metadata', true), '')::jsonb;
  was jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
  is_now jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
  row_key text := coalesce(is_now, was) ->> TG_ARGV[0];
  about text[] := audit_about(TG_TABLE_NAME, coalesce(is_now, was));
  shown text[] := string_to_array(nullif(TG_ARGV[1], ''), ',');
BEGIN
  IF shown IS NOT NULL THEN
    was := (SELECT jsonb_object_agg(key, value) FROM jsonb_each(was) WHERE key = ANY (shown));
    is_now := (SELECT jsonb_object_agg(key, value) FROM jsonb_each(is_now) WHERE key = ANY (shown));
  END IF;
  IF TG_OP = 'UPDATE' THEN
    SELECT jsonb_object_agg(key, was -> key), jsonb_object_agg(key, value) INTO was, is_now
    FROM jsonb_each(is_now) WHERE value IS DISTINCT FROM was -> key;
    IF is_now IS NULL THEN
      RETURN NULL;
    END IF;
  END IF;
  INSERT INTO audit_change (relation, key, name, owner, owner_key, act, before, after, staff, page, reason) VALUES (
    TG_TABLE_NAME, row_key, left(coalesce(about[1], ''), 120), coalesce(about[2], ''), coalesce(about[3], ''),
    CASE TG_OP WHEN 'INSERT' THEN 'added' WHEN 'UPDATE' THEN 'changed' ELSE 'deleted' END,
    was, is_now, coalesce(told ->> 'staff', ''), coalesce(told ->> 'page', ''), coalesce(told ->> 'reason', ''));
  RETURN NULL;
END $$
"""
ALL = "INSERT OR UPDATE OR DELETE"
# Table: its key, and when it is noted. Flights come from schedules by the ten thousand: only what befalls them later.
WATCHED = {
    "catalog_product": ("id", ALL),
    "catalog_bundle": ("code", ALL),
    "catalog_bundleitem": ("id", ALL),
    "catalog_fare": ("id", ALL),
    "catalog_schedule": ("id", ALL),
    "catalog_airport": ("code", ALL),
    "catalog_aircraft": ("code", ALL),
    "catalog_aircraftcabin": ("id", ALL),
    "catalog_flight": ("id", "UPDATE OR DELETE"),
    "auth_group": ("id", ALL),
    "accounts_user_groups": ("id", ALL),
    "accounts_user_user_permissions": ("id", ALL),
}
# Of people only what they may do: a log-in writes none of these columns, and customers are not noted when they come.
FLAGS = "id,is_active,is_staff,is_superuser"
MAY = "is_active, is_staff, is_superuser"
# Each migration puts the rights of the roles right, hundreds of rows; what somebody does by hand is noted.
BY_STAFF = "WHEN (coalesce(current_setting('pghistory.context_metadata', true), '') <> '')"


def _watch(table: str, key: str, when: str, *, more: str = "", shown: str = "", name: str = "") -> migrations.RunSQL:
    trigger = f"{table}_{name or 'audit'}"
    return migrations.RunSQL(
        f"CREATE TRIGGER {trigger} AFTER {when} ON {table} FOR EACH ROW {more} "
        f"EXECUTE FUNCTION audit_note('{key}', '{shown}')",
        f"DROP TRIGGER {trigger} ON {table}",
    )


class Migration(migrations.Migration):
    """Adds the function and the triggers."""

    dependencies = [
        ("audit", "0001_initial"),
        ("catalog", "0006_holds_are_kept"),
        ("accounts", "0002_reveal"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [
        migrations.RunSQL(ABOUT, "DROP FUNCTION audit_about(text, jsonb)"),
        migrations.RunSQL(NOTE, "DROP FUNCTION audit_note()"),
        *(_watch(table, key, when) for table, (key, when) in WATCHED.items()),
        _watch("auth_group_permissions", "id", ALL, more=BY_STAFF),
        _watch("accounts_user", "id", f"UPDATE OF {MAY}", shown=FLAGS),
        _watch(
            "accounts_user",
            "id",
            "INSERT",
            more="WHEN (NEW.is_staff OR NEW.is_superuser)",
            shown=FLAGS,
            name="audit_staff",
        ),
        _watch("accounts_user", "id", "DELETE", shown=FLAGS, name="audit_gone"),
    ]
