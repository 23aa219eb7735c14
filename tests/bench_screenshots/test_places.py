"""One page of each kind is found by its links; what opens in a dialog, downloads or logs out is left alone."""

from bench.screenshots.places import kind_of, walk

_PAGES = {
    "/admin/": '<a href="/admin/orders/order/">Orders</a> <a href="/v1/docs">API</a>'
    '<a class="x" href="/admin/logout/"> <a href="/admin/audit/entry/export/">CSV</a>',
    "/admin/orders/order/": '<a href="ord_01/change/">1</a> <a href="ord_02/change/?x=1">2</a>'
    '<a href="/v1/orders.csv">CSV</a>',
    "/admin/orders/order/ord_01/change/": '<a href="cancel/" hx-get="cancel/">Cancel</a> <a hx-get="x/" href="x/">X</a>'
    '<a href="/admin/worklists/runs/17/">Run</a><link href="/static/admin.css">',
    "/admin/worklists/runs/17/": "",
}


def test_a_page_of_each_kind_is_visited_once() -> None:
    assert list(walk(_PAGES.__getitem__)) == list(_PAGES)


def test_rows_and_numbers_do_not_make_a_kind() -> None:
    assert kind_of("/admin/catalog/airport/LHR/change/") == "/admin/catalog/airport/*/change/"
    assert kind_of("/admin/worklists/runs/17/") == "/admin/worklists/runs/*/"
    assert kind_of("/admin/worklists/flights/flt_01abc/") == "/admin/worklists/flights/*/"
    assert kind_of("/admin/catalog/flight/") == "/admin/catalog/flight/"
