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
auth.Group                 -      -       -       -     -       V       VACD
catalog.Aircraft           -      V       VAC     V     -       V       VACD
catalog.Airport            -      V       VAC     V     -       V       VACD
catalog.Bundle             -      VC      VACD    V     V       V       VACD
catalog.Flight             -      V       VC      V     V       V       VC
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
catalog.Product/delete_selected     -  -  yes  -  -    -  yes
catalog.Schedule/delete_selected    -  -  -  -    -    -  yes
orders.Order/archive_flown          -  -  -  -    yes  -  yes
orders.Order/cancel_unpaid          -  -  -  yes  -    -  yes
orders.Order/reveal_personal_data   -  -  -  yes  -    -  yes
store.OutboxEvent/try_again         -  -  -  -    -    -  yes
"""
Cells = dict[str, dict[str, str]]  # by row, then by role


def _cells(table: str) -> Cells:
    rows = (line.split() for line in table.strip().splitlines())
    return {name: dict(zip(WHO, cells, strict=True)) for name, *cells in rows}


PAGES, ACTIONS = _cells(_PAGES), _cells(_ACTIONS)
# The cards of the first page.
_ORDERS, _MONEY, _EVENTS = (
    ["Waiting for payment", "Documents owed"],
    ["Being paid", "Refunds on their way"],
    ["Events waiting", "Events parked"],
)
CARDS = {
    NOBODY: [],
    Role.PRICING_ANALYST.value: [],
    Role.PRODUCT_MANAGER.value: [],
    Role.CUSTOMER_AGENT.value: sorted(_ORDERS + _MONEY),
    Role.FINANCE.value: sorted(_ORDERS + _MONEY),
    Role.AUDITOR.value: sorted(_ORDERS + _MONEY + _EVENTS),
    Role.ADMINISTRATOR.value: sorted(_ORDERS + _MONEY + _EVENTS),
}
