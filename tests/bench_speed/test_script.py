"""The script for pgbench says what the accept said, with new values where the old ones were the order's own."""

import re

from bench.speed.script import Accept, mode, script, shape, usual
from bench.speed.statements import Statement

_BODY = "01m8q38a70ej00ztwnxcfh5fg8"
_ORDER, _ITEM, _FLIGHT, _USER = (f"{prefix}_{_BODY}" for prefix in ("ord", "itm", "flt", "usr"))
_CLIENT = "ab" * 32
_VERSION, _CLAIM, _INVENTORY = 8_000_000_007, 7_000_000_007, 1_600_000_027


def _accept(*texts: str, prepared: bool = False, bundle: str = "plain") -> Accept:
    statements = tuple(Statement(text, prepared) for text in texts)
    return Accept(
        statements=statements, reference="K7QW4M", client=_CLIENT, key="key-1", inventory_id=_INVENTORY, bundle=bundle
    )


def _lines(accept: Accept, *, prepared: bool = False) -> list[str]:
    """What the script sends."""
    return [line for line in script(accept, prepared=prepared).splitlines() if not line.startswith("\\set")]


def test_ids_of_new_rows_are_new_in_each_transaction_and_the_same_within_one() -> None:
    first, second = _lines(_accept(f"INSERT '{_ORDER}'", f"INSERT '{_ITEM}', '{_ORDER}', '{{\"a\": \"{_ITEM}\"}}'"))

    assert first == "INSERT 'ord_0bench0000:altis_n';"
    assert second == (
        "INSERT 'itm_0bench0100:altis_n', 'ord_0bench0000:altis_n', '{\"a\": \"itm_0bench0100:altis_n\"}';"
    )
    assert len("ord_0bench0000" + "1" * 16) == len(_ORDER)


def test_flights_stay_and_customers_take_turns() -> None:
    [line] = _lines(_accept(f"SELECT '{_FLIGHT}', '{_USER}', '{_CLIENT}', 'key-1', 'K7QW4M'"))

    assert line == (
        f"SELECT '{_FLIGHT}', 'usr_0bench0000:altis_user', '{_CLIENT[:-16]}:altis_client', "
        "'speed-:altis_n', ':altis_ref';"
    )


def test_version_that_an_earlier_statement_told_is_looked_up() -> None:
    [line] = _lines(_accept(f"VALUES ({_VERSION}, '{{{_VERSION}}}'::bigint[], '{{\"version\": {_VERSION}}}', 12)"))

    look_up = "(SELECT version FROM catalog_inventory WHERE id = :altis_inv)"
    assert line == f"VALUES ({look_up}, ARRAY[{look_up}]::bigint[], '{{\"version\": {_VERSION}}}', 12);"


def test_row_of_an_earlier_statement_is_the_sessions_last() -> None:
    [line] = _lines(_accept(f"UPDATE store_idempotencykey SET status = 201 WHERE id = {_CLAIM} OR id = '{_CLAIM}'"))

    claimed = "currval('store_idempotencykey_id_seq')"
    assert line == f"UPDATE store_idempotencykey SET status = 201 WHERE id = {claimed} OR id = {claimed};"


def test_accepts_are_spread_over_the_rows_of_the_ledger() -> None:
    text = script(_accept(f"SELECT {_INVENTORY}, '{{{_INVENTORY}}}', '{{\"id\":{_INVENTORY}}}'"), inventories=[5, 6, 5])

    assert "\\set altis_turn random(0, 1)" in text
    assert "\\set altis_inv CASE WHEN :altis_turn = 0 THEN 5 WHEN :altis_turn = 1 THEN 6 END" in text
    assert text.endswith("SELECT  :altis_inv, '{ :altis_inv}', '{\"id\": :altis_inv}';\n")


def test_prepared_a_row_of_the_ledger_is_a_number_where_it_stands_alone() -> None:
    [line] = _lines(_accept(f"VALUES ('{_INVENTORY}', '{{{_INVENTORY}}}'::bigint[])"), prepared=True)

    assert line == "VALUES ( :altis_inv, ('{ ' || :altis_inv || '}')::bigint[]);"


def test_pipelined_script_sends_everything_in_one_go() -> None:
    lines = _lines(_accept("BEGIN", "COMMIT"), prepared=True)
    piped = script(_accept("BEGIN", "COMMIT"), prepared=True, pipelined=True).splitlines()[-4:]

    assert piped == ["\\startpipeline", *lines, "\\endpipeline"]


def test_script_has_the_shape_of_what_was_recorded() -> None:
    texts = [
        f"INSERT INTO t (a, b) VALUES ('{_ORDER}', {_VERSION}), ('x', 2)",
        f"SELECT 1 FROM t WHERE a = ANY('{{{_VERSION}}}'::bigint[]) AND b = 'it''s {_ITEM}'::text",
        'SAVEPOINT "s140592471340736_x1"',
    ]

    ours = [shape(line.rstrip(";")) for line in _lines(_accept(*texts))]

    assert ours == [shape(text) for text in texts]


def test_shapes_tell_other_statements_apart() -> None:
    assert shape("SELECT a FROM t WHERE b = 1") != shape("SELECT a FROM t WHERE c = 1")
    assert shape("UPDATE t SET a = 'x'") != shape("UPDATE t SET a = 'x', b = 2")
    assert shape("VALUES (1, 'a')") == shape("VALUES  (2, E'b\\'c'), (3, 'd')")


def test_outside_simple_queries_strings_are_put_together_and_colons_hidden() -> None:
    [line] = _lines(_accept(f'INSERT \'{{"at": "10:30", "id": "{_ORDER}"}}\'::jsonb'), prepared=True)

    assert line == (
        'INSERT ( E\'{"at"\\x3a "10\\x3a30", "id"\\x3a "ord_0bench0000\' || :altis_n || E\'"}\')::json::jsonb;'
    )
    assert re.sub(r"::\w+", "", line).count(":") == 1


def test_statements_are_sent_as_the_product_sends_most_of_them() -> None:
    assert mode(_accept("A", "B")) == "simple"
    assert mode(_accept("A", "B", prepared=True)) == "prepared"


def test_what_most_accepts_of_a_bundle_said_is_usual() -> None:
    warm, cold = _accept("SELECT 1"), _accept("SELECT 1", "SELECT key FROM t")
    other = _accept("SELECT 2, x", bundle="comfort")

    assert usual([cold, warm, other, warm]) == [warm, warm, other]


def test_counters_of_several_clients_never_meet() -> None:
    head = script(_accept("A")).splitlines()[:3]

    assert head == [
        "\\set altis_i :altis_i + 1",
        "\\set altis_seq :altis_i * :altis_clients + :client_id",
        "\\set altis_n 1000000000000000 + :altis_seq",
    ]
