"""The lives of an order and of its items. Pure: the diagram in the documents is drawn from these tables."""

from enum import StrEnum

from altis.shared.lifecycle import Lifecycle


class OrderStatus(StrEnum):
    """Where an order stands."""

    PROPOSED = "PROPOSED"
    PAYMENT_PENDING = "PAYMENT_PENDING"
    PAID = "PAID"
    FULFILLED = "FULFILLED"
    ARCHIVED = "ARCHIVED"
    EXPIRED = "EXPIRED"
    CANCELLED = "CANCELLED"


class OrderChange(StrEnum):
    """What may happen to an order that stays in its status."""

    REBOOKED = "rebooked"  # its travellers go on another flight
    REISSUED = "reissued"  # it has new documents
    RESENT = "resent"  # the customer was told again where they are
    EXTENDED = "extended"  # its hold lasts longer
    COMPENSATED = "compensated"  # a part of the money goes back
    REFUNDED = "refunded"  # money that went back has arrived, or was refused


class ItemStatus(StrEnum):
    """Where an order item stands."""

    HELD = "HELD"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"
    REFUNDED = "REFUNDED"
    EXCHANGED = "EXCHANGED"


_O = OrderStatus
ORDER = Lifecycle(
    {
        _O.PROPOSED: (_O.PAYMENT_PENDING, _O.EXPIRED, _O.CANCELLED),  # seats are held, nobody is paying
        _O.PAYMENT_PENDING: (_O.PAID, _O.PROPOSED, _O.CANCELLED),  # locked in: the sweep keeps off
        _O.PAID: (_O.FULFILLED, _O.CANCELLED),  # the money is ours, the documents are owed
        _O.FULFILLED: (_O.ARCHIVED, _O.CANCELLED),  # the customer has the documents
        _O.ARCHIVED: (),  # flown, and a day has passed
        _O.EXPIRED: (),  # not paid in time; the seats are for sale again
        _O.CANCELLED: (),  # given up, the money with it; the seats are for sale again
    },
    start=_O.PROPOSED,
)

_I = ItemStatus
ITEM = Lifecycle(
    {
        _I.HELD: (_I.CONFIRMED, _I.CANCELLED),  # priced and held, not paid
        _I.CONFIRMED: (_I.CANCELLED, _I.REFUNDED, _I.EXCHANGED),  # paid
        _I.CANCELLED: (),  # not to be delivered, nothing to give back
        _I.REFUNDED: (),  # not to be delivered, money given back
        _I.EXCHANGED: (),  # replaced by another item
    },
    start=_I.HELD,
)

# What the items of an unchanged order are, in each status of the order; of one that was paid, see `item_after`.
ITEMS_OF = {
    _O.PROPOSED: _I.HELD,
    _O.PAYMENT_PENDING: _I.HELD,
    _O.PAID: _I.CONFIRMED,
    _O.FULFILLED: _I.CONFIRMED,
    _O.ARCHIVED: _I.CONFIRMED,
    _O.EXPIRED: _I.CANCELLED,
    _O.CANCELLED: _I.CANCELLED,
}


SOLD = (_O.PAID, _O.FULFILLED)


def item_after(status: str, *, came_from: str | None, to: str) -> str:
    """What an item is once its order has moved: what was paid for and is given up is REFUNDED; a final one stays."""
    if ITEM.is_final(ItemStatus(status)):
        return status
    if came_from in SOLD and to == _O.CANCELLED:
        return _I.REFUNDED
    return ITEMS_OF[OrderStatus(to)]


def available_actions(status: str) -> list[str]:
    """What the order's owner may do now."""
    return ["pay", "cancel"] if status == _O.PROPOSED else []
