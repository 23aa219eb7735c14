"""What each role may do on each page of the back-office: the table that the tests hold the pages against."""

from altis.accounts.roles import Role

NOBODY = "staff without a role"
WHO = (
    NOBODY,
    Role.PRICING_ANALYST.value,
    Role.PRODUCT_MANAGER.value,
    Role.CUSTOMER_AGENT.value,
    Role.FINANCE.value,
    Role.AUDITOR.value,
    Role.ADMINISTRATOR.value,
)
# Of each model: view, add, change, delete.
#                          nobody analyst manager agent finance auditor administrator
_PAGES = """
accounts.Reveal            -      -       -       -     -       V       V
accounts.User              -      -       -       V     -       V       VC
admin.LogEntry             -      -       -       -     -       V       V
audit.Entry                -      -       -       -     -       V       V
auth.Group                 -      -       -       -     -       V       VACD
catalog.Aircraft           -      V       VAC     V     V       V       VACD
catalog.Airport            -      V       VAC     V     V       V       VACD
catalog.Bundle             -      VC      VACD    V     V       V       VACD
catalog.Flight             -      V       V       V     V       V       V
catalog.Hold               -      -       V       V     -       V       V
catalog.Inventory          -      V       V       V     -       V       V
catalog.JournalEntry       -      -       V       -     -       V       V
catalog.Product            -      VC      VACD    V     V       V       VACD
catalog.Schedule           -      VC      VAC     V     V       V       VACD
offers.Impression          -      V       V       -     -       V       V
offers.Offer               -      V       V       V     V       V       V
orders.Order               -      -       -       V     V       V       V
payments.Payment           -      -       -       V     V       V       V
payments.Refund            -      -       -       V     V       V       V
payments.WebhookReceipt    -      -       -       -     V       V       V
store.OutboxEvent          -      -       -       -     -       V       V
"""
# Of each model and button: who may press it.
_ACTIONS = """
accounts.User/reveal_personal_data  -  -  -  yes  -    -  yes
auth.Group/delete_selected          -  -  -  -    -    -  yes
catalog.Aircraft/delete_selected    -  -  -  -    -    -  yes
catalog.Airport/delete_selected     -  -  -  -    -    -  yes
catalog.Bundle/delete_selected      -  -  yes  -  -    -  yes
catalog.Flight/authorise_overbooking  -  yes  yes  -  -  -  yes
catalog.Flight/cancel_flight        -  -  yes  -  -    -  yes
catalog.Flight/change_capacity      -  -  yes  -  -    -  yes
catalog.Flight/close_sales          -  yes  yes  -  -  -  yes
catalog.Flight/reopen_sales         -  yes  yes  -  -  -  yes
catalog.Flight/swap_aircraft        -  -  yes  -  -    -  yes
catalog.Product/delete_selected     -  -  yes  -  -    -  yes
catalog.Schedule/delete_selected    -  -  -  -    -    -  yes
orders.Order/archive_flown          -  -  -  -    yes  -  yes
orders.Order/cancel_unpaid          -  -  -  yes  -    -  yes
orders.Order/extend_unpaid          -  -  -  yes  -    -  yes
orders.Order/give_back              -  -  -  yes  yes  -  yes
orders.Order/rebook_paid            -  -  -  yes  -    -  yes
orders.Order/reissue_documents      -  -  -  yes  -    -  yes
orders.Order/resend_documents       -  -  -  yes  -    -  yes
orders.Order/reveal_personal_data   -  -  -  yes  -    -  yes
orders.Order/show_barcodes          -  -  -  yes  -    -  yes
store.OutboxEvent/try_again         -  -  -  -    -    -  yes
"""
Cells = dict[str, dict[str, str]]  # by row, then by role


def _cells(table: str) -> Cells:
    rows = (line.split() for line in table.strip().splitlines())
    return {name: dict(zip(WHO, cells, strict=True)) for name, *cells in rows}


PAGES, ACTIONS = _cells(_PAGES), _cells(_ACTIONS)
# The cards of the first page.
_ORDERS, _MONEY, _EVENTS, _GATE = (
    ["Waiting for payment", "Documents owed", "Holds about to end"],
    ["Being paid", "Refunds on their way", "Stuck payments"],
    ["Events waiting", "Events parked", "Outbox lag"],
    ["Inventory drift"],
)
CARDS = {
    NOBODY: [],
    Role.PRICING_ANALYST.value: _GATE,
    Role.PRODUCT_MANAGER.value: _GATE,
    Role.CUSTOMER_AGENT.value: sorted(_ORDERS + _MONEY + _GATE),
    Role.FINANCE.value: sorted(_ORDERS + _MONEY),
    Role.AUDITOR.value: sorted(_ORDERS + _MONEY + _EVENTS + _GATE),
    Role.ADMINISTRATOR.value: sorted(_ORDERS + _MONEY + _EVENTS + _GATE),
}
# The work lists of the sidebar.
_CUSTOMERS = {"disrupted", "stuck-payments", "failed-refunds"}
WORK: dict[str, set[str]] = {
    NOBODY: set(),
    Role.PRICING_ANALYST.value: {"gate-drift"},
    Role.PRODUCT_MANAGER.value: {"gate-drift"},
    Role.CUSTOMER_AGENT.value: {*_CUSTOMERS, "gate-drift"},
    Role.FINANCE.value: {*_CUSTOMERS, "webhooks"},
    Role.AUDITOR.value: {*_CUSTOMERS, "webhooks", "gate-drift", "parked-events"},
    Role.ADMINISTRATOR.value: {*_CUSTOMERS, "webhooks", "gate-drift", "parked-events"},
}
