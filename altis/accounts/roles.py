"""The six staff roles and the rights of each: a pure table. `services/ensure_roles.py` keeps the groups equal to it."""

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """A group of staff. The value is the group's name, and how commands spell it."""

    PRICING_ANALYST = "Pricing analyst"  # sets prices, fares and discounts
    PRODUCT_MANAGER = "Product manager"  # decides what is sold, and on which flights
    CUSTOMER_AGENT = "Customer agent"  # helps customers; may see who they are, for a reason
    FINANCE = "Finance"  # follows the money and closes the books
    AUDITOR = "Auditor"  # sees everything but personal data, changes nothing
    ADMINISTRATOR = "Administrator"  # has every right, and gives others theirs


REVEAL = "accounts.reveal_personal_data"

_NETWORK = ("aircraft", "aircraftcabin", "airport", "schedule", "fare", "flight")
_GOODS = ("product", "bundle", "bundleitem")
_LEDGER = ("inventory", "hold", "journalentry")
_ORDER = ("order", "orderitem", "passenger", "orderevent", "document")
_MONEY = ("payment", "refund", "webhookreceipt")
_HELPS_TRAVELLERS = frozenset(
    f"orders.{button}_order" for button in ("cancel", "extend", "rebook", "reissue", "resend", "refund")
)


def _may(actions: str, app: str, *models: str) -> frozenset[str]:
    """`_may("view change", "catalog", "fare")` is `catalog.view_fare` and `catalog.change_fare`."""
    return frozenset(f"{app}.{action}_{model}" for action in actions.split() for model in models)


def _work(*commands: str) -> frozenset[str]:
    """Commands of the work lists."""
    return frozenset(f"backoffice.{command}" for command in commands)


_SEES_THE_CATALOG = _may("view", "catalog", *_NETWORK, *_GOODS, "inventory")
_SEES_ORDERS = _may("view", "orders", *_ORDER) | _may("view", "offers", "offer")

# None is every right that there is, also those of models to come.
RIGHTS: Mapping[Role, frozenset[str] | None] = {
    Role.PRICING_ANALYST: _SEES_THE_CATALOG
    | _may("view", "offers", "offer", "impression")
    | _may("overbook close", "catalog", "flight")
    | _may("change", "catalog", "product", "bundle", "schedule")
    | _may("add change delete", "catalog", "fare"),
    Role.PRODUCT_MANAGER: _SEES_THE_CATALOG
    | _may("view", "catalog", *_LEDGER)
    | _may("view", "offers", "offer", "impression")
    | _may("add change delete", "catalog", *_GOODS)
    | _may("add change", "catalog", "aircraft", "aircraftcabin", "airport", "schedule", "fare")
    | _may("resize overbook close cancel swap", "catalog", "flight")
    | {"catalog.mend_gate"},
    Role.CUSTOMER_AGENT: _SEES_THE_CATALOG
    | _SEES_ORDERS
    | _may("view", "catalog", "hold")
    | _may("view", "payments", "payment", "refund")
    | _may("view", "accounts", "user")
    | {REVEAL, *_HELPS_TRAVELLERS, *_work("rebook_flight", "refund_flight", "settle_payment")},
    Role.FINANCE: _SEES_ORDERS
    | _may("view", "catalog", *_GOODS, *_NETWORK)
    | _may("view", "payments", *_MONEY)
    | {"orders.archive_order", "orders.refund_order"}
    | _work("refund_flight", "settle_payment", "resend_refund", "settle_row"),
    Role.AUDITOR: _SEES_THE_CATALOG
    | _SEES_ORDERS
    | _may("view", "catalog", *_LEDGER)
    | _may("view", "offers", "impression")
    | _may("view", "payments", *_MONEY)
    | _may("view", "store", "outboxevent")
    | _may("view", "accounts", "user", "reveal")
    | _may("view", "auth", "group")
    | _may("view", "admin", "logentry")
    | _may("view", "audit", "entry")
    | _may("view", "insight", "invariantrun"),
    Role.ADMINISTRATOR: None,
}


def role_named(text: str) -> Role | None:
    """The role of this name, however it is typed: `customer agent`, `customer-agent`, `CUSTOMER_AGENT`."""
    plain = text.strip().replace("-", " ").replace("_", " ").lower()
    return next((role for role in Role if role.value.lower() == plain), None)
