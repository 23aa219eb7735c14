"""The journal in words: what changed, by how much, through whom and for which order."""

from collections.abc import Iterable
from typing import Any

from django.utils.safestring import SafeString

from altis.store.admin.readonly import by_whom, coloured_label, instant, link_to, shortened, unbroken
from catalog.admin.cabins import what_of
from catalog.models import JournalEntry

KIND_COLOURS = {
    "HOLD": "info",
    "SELL": "success",
    "RELEASE": "",
    "RETURN": "danger",
    "CAPACITY": "warning",
    "CLOSE": "danger",
    "REOPEN": "success",
}


def effect_of(line: JournalEntry) -> SafeString:
    """`held -2, sold +2`; a dash where no figure changed."""
    changes = {"capacity": line.d_capacity, "overbooking": line.d_over, "held": line.d_held, "sold": line.d_sold}
    return unbroken(", ".join(f"{name} {by:+}" for name, by in changes.items() if by) or "–")


def order_of(line: JournalEntry, *, linked: bool = True) -> SafeString:
    """The order that the change was for, as a link for those who may follow it."""
    if line.hold is None:
        return unbroken("–")
    key = line.hold.order_id
    return link_to("orders_order", key, shortened(key)) if linked else shortened(key)


def journal_table(lines: Iterable[JournalEntry], *, linked: bool) -> dict[str, Any]:
    """The lines of one flight in the form of the theme's table; `linked`: the orders too."""
    return {
        "headers": ["At (UTC)", "What", "Change", "Effect", "Reason", "By", "Order"],
        "rows": [
            [
                unbroken(instant(line.at)),
                what_of(line.inventory),
                coloured_label(line.kind, KIND_COLOURS),
                effect_of(line),
                line.reason.replace("_", " "),
                by_whom(line.actor),
                order_of(line, linked=linked),
            ]
            for line in lines
        ],
    }
