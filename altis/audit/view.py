"""The audit as one view: changes, what pages noted, reveals, and staff's commands on orders and inventories.

Below it is a view for each source, `audit_entry_order` and its like: of one of them the newest lines are found by index
(`altis.audit.selectors`). No migration makes them: a view forbids that the columns it reads change their type. They are
dropped before each `migrate` and made anew afterwards, as the staff roles are.
"""

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

_READS = (
    "audit_change",
    "django_admin_log",
    "django_content_type",
    "accounts_reveal",
    "orders_orderevent",
    "catalog_inventory_journal",
)
# The newest column that they read beside: a migration to an earlier release leaves no views.
_THERE = """
SELECT bool_and(to_regclass(name) IS NOT NULL)
   AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('orders_orderevent') AND attname = 'change')
FROM unnest(%s::text[]) AS name
"""
_COLUMNS = (
    "id, at, source, staff, act, object_type, object_id, object_name, owner_type, owner_id, before, after, reason, page"
)
_SOURCES = {
    "change": """
SELECT ('change-' || c.id) COLLATE "C" AS id, c.at, 'change' AS source, c.staff::text COLLATE "C" AS staff,
       c.act::text AS act, c.relation::text AS object_type, c.key::text COLLATE "C" AS object_id,
       c.name::text AS object_name, c.owner::text AS owner_type, c.owner_key::text COLLATE "C" AS owner_id,
       c.before, c.after,
       c.reason::text AS reason, c.page::text AS page
FROM audit_change c
""",
    "note": """
SELECT 'note-' || l.id, l.action_time, 'note', l.user_id::text,
       CASE l.action_flag WHEN 1 THEN 'added' WHEN 2 THEN 'changed' ELSE 'deleted' END,
       coalesce(t.app_label || '_' || t.model, ''), coalesce(left(l.object_id, 64), ''),
       '', '', '', NULL::jsonb, NULL::jsonb, l.change_message, ''
FROM django_admin_log l LEFT JOIN django_content_type t ON t.id = l.content_type_id
""",
    "reveal": """
SELECT 'reveal-' || r.id, r.at, 'reveal', r.actor_id::text, 'seen',
       CASE r.object_type WHEN 'user' THEN 'accounts_user' ELSE 'orders_' || r.object_type END, r.object_id::text,
       '', '', '', NULL::jsonb, NULL::jsonb, '', ''
FROM accounts_reveal r
""",
    "order": """
SELECT 'order-' || e.id, e.at, 'order', substr(e.actor, 7)::text,
       coalesce(nullif(e.change, ''), lower(e.to_status)), 'orders_order',
       e.order_id::text, '', '', '',
       CASE WHEN e.from_status <> e.to_status THEN jsonb_build_object('status', e.from_status) END,
       CASE WHEN e.from_status IS DISTINCT FROM e.to_status THEN jsonb_build_object('status', e.to_status) END,
       e.reason::text, ''
FROM orders_orderevent e WHERE e.actor LIKE 'staff:%'
""",
    "inventory": """
SELECT 'inventory-' || j.id, j.at, 'inventory', substr(j.actor, 7)::text, lower(j.kind)::text, 'catalog_inventory',
       j.inventory_id::text, '', '', '', NULL::jsonb,
       jsonb_strip_nulls(jsonb_build_object('capacity', nullif(j.d_capacity, 0), 'overbooking', nullif(j.d_over, 0),
                                            'held', nullif(j.d_held, 0), 'sold', nullif(j.d_sold, 0))),
       j.reason::text, ''
FROM catalog_inventory_journal j WHERE j.actor LIKE 'staff:%'
""",
}
_MAKE = [f"CREATE VIEW audit_entry_{name} ({_COLUMNS}) AS {query}" for name, query in _SOURCES.items()]
_MAKE += ["CREATE VIEW audit_entry AS " + " UNION ALL ".join(f"SELECT * FROM audit_entry_{name}" for name in _SOURCES)]
_DROP = ["DROP VIEW IF EXISTS audit_entry", *(f"DROP VIEW IF EXISTS audit_entry_{name}" for name in _SOURCES)]


def drop_view(*, using: str, **_: Any) -> None:
    """Before a migration: nothing must stand in its way."""
    if using == DEFAULT_DB_ALIAS:
        with connections[using].cursor() as cursor:
            for statement in _DROP:
                cursor.execute(statement)


def make_view(*, using: str, **_: Any) -> None:
    """After a migration, once all that they read is there."""
    if using != DEFAULT_DB_ALIAS:
        return
    with connections[using].cursor() as cursor:
        cursor.execute(_THERE, [list(_READS)])
        if cursor.fetchone() == (True,):
            for statement in (*_DROP, *_MAKE):
                cursor.execute(statement)
