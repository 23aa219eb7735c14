"""Migration operations about indexes that nothing reads."""

from django.db.migrations import RunSQL

# Django gives each text key a second index, for LIKE under the server's locale. Our ids are in byte order (collation
# C), where the first one serves LIKE as well; and each row of an order would be written into every one of them.
_DROP = """
DO $$
DECLARE one regclass;
BEGIN
  FOR one IN
    SELECT i.indexrelid::regclass FROM pg_index i JOIN pg_opclass c ON c.oid = ANY(i.indclass)
     WHERE i.indrelid = ANY(ARRAY[{tables}]::regclass[]) AND c.opcname = 'varchar_pattern_ops'
  LOOP
    EXECUTE 'DROP INDEX ' || one;
  END LOOP;
END $$
"""


def drop_pattern_indexes(*tables: str) -> RunSQL:
    """Drop the second indexes of these tables' text keys; going back leaves them dropped, since nothing misses them."""
    return RunSQL(_DROP.format(tables=", ".join(f"'{table}'" for table in tables)), RunSQL.noop)
