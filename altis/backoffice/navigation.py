"""The sidebar: pages by task, each shown to those who may open it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from altis.backoffice.worklists.counts import counts
from altis.backoffice.worklists.lists import LISTS

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
        ("Audit", "audit", "entry", "fact_check"),
        ("Changes by staff", "admin", "logentry", "edit_note"),
    ),
}
# Pages of no model, after those of the same task: (title, icon, name, right).
_BESIDE = {
    "Flights": (("Gate and ledger", "balance", "catalog_inventory_gate", "catalog.view_inventory"),),
    "Operations": (("Invariants", "rule", "invariants", "insight.view_invariantrun"),),
}


def sections(request: HttpRequest) -> list[dict[str, Any]]:
    """The sidebar in unfold's form. What waits on a work list is a badge: two queries for all, every few seconds."""
    tasks = [
        {"title": title, "separator": True, "items": [*(_item(*page) for page in pages), *_beside(title)]}
        for title, pages in _TASKS.items()
    ]
    home = _page("Overview", "space_dashboard", reverse("admin:index"))
    parts: list[dict[str, Any]] = [
        {"items": [home]},
        {"title": "Work lists", "separator": True, "items": _work()},
        *tasks,
    ]
    _mark(parts, request.path)
    return parts


def _work() -> list[dict[str, Any]]:
    waiting = counts()
    lists = [
        {
            **_page(work.title, work.icon, reverse("admin:work_list", args=[work.name]), work.right),
            "badge": waiting.get(work.name) or 0,
            "badge_variant": "danger",
        }
        for work in LISTS
    ]
    return [_page("All lists", "checklist", reverse("admin:work_lists"), *(work.right for work in LISTS)), *lists]


def _item(title: str, app: str, model: str, icon: str) -> dict[str, Any]:
    rights = (f"{app}.view_{model}", f"{app}.change_{model}")
    return _page(title, icon, reverse(f"admin:{app}_{model}_changelist"), *rights)


def _beside(task: str) -> list[dict[str, Any]]:
    return [_page(title, icon, reverse(f"admin:{name}"), right) for title, icon, name, right in _BESIDE.get(task, ())]


def _page(title: str, icon: str, link: str, *rights: str) -> dict[str, Any]:
    """A page for whoever has one of these rights; for everybody without any."""
    return {"title": title, "icon": icon, "link": link, "permission": _may_look(*rights)}


def _may_look(*rights: str) -> Callable[[HttpRequest], bool]:
    return lambda request: not rights or any(request.user.has_perm(right) for right in rights)


def _mark(parts: list[dict[str, Any]], path: str) -> None:
    """The page that is open, or the nearest above it. The theme would mark every page whose address is a part of it."""
    items = [item for part in parts for item in part["items"]]
    here = max((item["link"] for item in items if path.startswith(item["link"])), key=len, default="")
    home = items[0]["link"]
    for item in items:
        item["active"] = item["link"] == here and (here != home or path == home)
