"""What pages that only show say of ids, actors and stored JSON."""

from altis.store.admin.readonly import by_whom, pretty, shortened


def test_json_is_told_name_by_name_and_not_as_json() -> None:
    told = pretty(
        {"max_weight_kg": 23, "carry_on": True, "covers": ["delay", "loss"], "gone": None, "parts": [{"a": 1}]}
    )

    assert told == (
        '<div class="desk-tree"><dl>'
        "<div><dt>Max weight kg</dt><dd>23</dd></div><div><dt>Carry on</dt><dd>yes</dd></div>"
        "<div><dt>Covers</dt><dd>delay, loss</dd></div><div><dt>Gone</dt><dd>–</dd></div>"
        "<div><dt>Parts</dt><dd><ol><li><dl><div><dt>A</dt><dd>1</dd></div></dl></li></ol></dd></div>"
        "</dl></div>"
    )


def test_what_stands_in_json_is_text_and_no_markup() -> None:
    assert pretty({"<b>": "<script>"}) == (
        '<div class="desk-tree"><dl><div><dt>&lt;b&gt;</dt><dd>&lt;script&gt;</dd></div></dl></div>'
    )
    assert pretty([]) == '<div class="desk-tree">–</div>'


def test_an_id_is_shortened_and_whole_in_its_hint() -> None:
    told = shortened("ord_01m83s9hjdx7wgxxds9gbcdn5e")

    assert told == '<span class="whitespace-nowrap" title="ord_01m83s9hjdx7wgxxds9gbcdn5e">ord_…bcdn5e</span>'


def test_actors_are_called_as_people_call_them() -> None:
    assert by_whom("system:webhook:simulator") == "Webhook, simulator"
    assert by_whom("system:seed") == "Seed"
    assert by_whom("user:usr_1") == '<span class="whitespace-nowrap">Customer</span>'
    assert by_whom("staff:usr_01aaaaaaaa").startswith("Staff <span")
