"""Migration operations that make a table keep its history: the app's role owns the tables, so a trigger must refuse."""

from django.db.migrations import RunSQL


def refuse(what: str, *, on: str) -> RunSQL:
    """Refuse `UPDATE OR DELETE`, or `DELETE`, of any row of a table."""
    name = f"{on}_is_history"
    return RunSQL(
        f"CREATE TRIGGER {name} BEFORE {what} ON {on} FOR EACH ROW EXECUTE FUNCTION altis_refuse_change()",
        f"DROP TRIGGER {name} ON {on}",
    )
