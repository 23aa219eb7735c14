"""The sidebar: pages by task, each shown to those who may open it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

# Task: (title, app, model, icon) of each page
_TASKS = {
    "Sales": (("Orders", "orders", "order", "confirmation_number"), ("Offers", "offers", "offer", "sell")),
    "Flights": (
        ("Flights", "catalog", "flight", "flight"),
        ("Schedules", "catalog", "schedule", "calendar_month"),
        ("Inventory", "catalog", "inventory", "airline_seat_recline_normal"),
        ("Airports", "catalog", "airport", "location_on"),
        ("Aircraft", "catalog", "aircraft", "airlines"),
    ),
    "Products": (
        ("Products", "catalog", "product", "luggage"),
        ("Bundles", "catalog", "bundle", "package_2"),
    ),
    "Money": (
        ("Payments", "payments", "payment", "credit_card"),
        ("Refunds", "payments", "refund", "currency_exchange"),
        ("Webhook receipts", "payments", "webhookreceipt", "webhook"),
    ),
    "Operations": (
        ("Holds", "catalog", "hold", "lock_clock"),
        ("Inventory journal", "catalog", "journalentry", "history"),
        ("Outbox", "store", "outboxevent", "outbox"),
        ("Impressions", "offers", "impression", "visibility"),
    ),
    "People": (
        ("Users", "accounts", "user", "person"),
        ("Groups", "auth", "group", "group"),
        ("Reveals", "accounts", "reveal", "policy"),
        ("Changes by staff", "admin", "logentry", "edit_note"),
    ),
}


def sections(_request: HttpRequest) -> list[dict[str, Any]]:
    """The sidebar in unfold's form."""
    home = {"title": "Overview", "icon": "space_dashboard", "link": reverse("admin:index")}
    tasks = [
        {"title": title, "separator": True, "items": [_item(*page) for page in pages]}
        for title, pages in _TASKS.items()
    ]
    return [{"items": [home]}, *tasks]


def _item(title: str, app: str, model: str, icon: str) -> dict[str, Any]:
    return {
        "title": title,
        "icon": icon,
        "link": reverse(f"admin:{app}_{model}_changelist"),
        "permission": _may_look(f"{app}.view_{model}", f"{app}.change_{model}"),
    }


def _may_look(*rights: str) -> Callable[[HttpRequest], bool]:
    return lambda request: any(request.user.has_perm(right) for right in rights)
