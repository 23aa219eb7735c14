"""What each role may do on pages that are no model's own: the second table that the pages are held against."""

from tests.backoffice.roles import Cells, _cells

# By the name of the page: method, address below /admin/, and who may. {flight} is a cancelled one.
# nobody analyst manager agent finance auditor administrator
_VIEWS = """
work_lists                      GET   worklists/                            yes  yes  yes  yes  yes  yes  yes
work_list/disrupted             GET   worklists/disrupted/                  -    -    -    yes  yes  yes  yes
work_list/stuck-payments        GET   worklists/stuck-payments/             -    -    -    yes  yes  yes  yes
work_list/failed-refunds        GET   worklists/failed-refunds/             -    -    -    yes  yes  yes  yes
work_list/webhooks              GET   worklists/webhooks/                   -    -    -    -    yes  yes  yes
work_list/gate-drift            GET   worklists/gate-drift/                 -    yes  yes  yes  -    yes  yes
work_list/parked-events         GET   worklists/parked-events/              -    -    -    -    -    yes  yes
work_flight                     GET   worklists/flights/{flight}/           -    -    -    yes  yes  yes  yes
work_begin/rebook               POST  worklists/flights/{flight}/rebook/    -    -    -    yes  -    -    yes
work_begin/refund               POST  worklists/flights/{flight}/refund/    -    -    -    yes  yes  -    yes
work_run                        GET   worklists/runs/0/                     -    -    -    yes  yes  yes  yes
invariants                      GET   invariants/                           -    -    -    -    -    yes  yes
bundle_preview                  GET   catalog/bundle/preview/               -    yes  yes  yes  yes  yes  yes
catalog_inventory_gate          GET   catalog/inventory/gate/               -    yes  yes  yes  -    yes  yes
catalog_inventory_gate/mend     POST  catalog/inventory/gate/               -    -    yes  -    -    -    yes
catalog_product_import          GET   catalog/product/import/               -    -    yes  -    -    -    yes
catalog_product_process_import  POST  catalog/product/process_import/       -    -    yes  -    -    -    yes
catalog_product_export          GET   catalog/product/export/               -    yes  yes  yes  yes  yes  yes
catalog_bundle_import           GET   catalog/bundle/import/                -    -    yes  -    -    -    yes
catalog_bundle_process_import   POST  catalog/bundle/process_import/        -    -    yes  -    -    -    yes
catalog_bundle_export           GET   catalog/bundle/export/                -    yes  yes  yes  yes  yes  yes
catalog_schedule_import         GET   catalog/schedule/import/              -    yes  yes  -    -    -    yes
catalog_schedule_process_import POST  catalog/schedule/process_import/      -    yes  yes  -    -    -    yes
catalog_schedule_export         GET   catalog/schedule/export/              -    yes  yes  yes  yes  yes  yes
saved_filter_keep               POST  saved-filters/orders.order/           -    -    -    yes  yes  yes  yes
saved_filter_drop               POST  saved-filters/0/delete/               yes  yes  yes  yes  yes  yes  yes
audit_entry_export              GET   audit/entry/export/                   -    -    -    -    -    yes  yes
"""
# Of each button of a work list: who may press it.
_COMMANDS = """
failed-refunds/send     -  -  -    -    yes  -  yes
failed-refunds/settled  -  -  -    -    yes  -  yes
gate-drift/mend         -  -  yes  -    -    -  yes
parked-events/release   -  -  -    -    -    -  yes
stuck-payments/ask      -  -  -    yes  yes  -  yes
webhooks/settled        -  -  -    -    yes  -  yes
"""


def _split() -> tuple[dict[str, tuple[str, str]], Cells]:
    lines = [line.split() for line in _VIEWS.strip().splitlines()]
    addresses = {name: (method, f"/admin/{path}") for name, method, path, *_ in lines}
    return addresses, _cells("\n".join(" ".join([name, *cells]) for name, _, _, *cells in lines))


ADDRESSES, VIEWS = _split()
COMMANDS = _cells(_COMMANDS)
# Those that the sidebar shows beside the pages of models.
BESIDE = ("invariants", "catalog_inventory_gate")
# Everybody's, or the theme's and Django's own.
OF_THE_SITE = {
    "index",
    "login",
    "logout",
    "password_change",
    "password_change_done",
    "autocomplete",
    "jsi18n",
    "view_on_site",
    "app_list",
    "search",
    "second_factor",
    "second_factor_code",
    "second_factor_set_up",
    "second_factor_leave",
    "work_act",  # the buttons of the work lists: COMMANDS
}
