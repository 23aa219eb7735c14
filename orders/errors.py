"""What orders refuse."""

from altis.shared.errors import Conflict, Gone, Invalid, NotFound, TooMany


class OrderNotFound(NotFound):
    """Unknown, or somebody else's."""

    code = "order_not_found"
    message = "You have no such order."


class DocumentNotFound(NotFound):
    """Unknown, or somebody else's."""

    code = "document_not_found"
    message = "You have no such document."


class OrderGone(Gone):
    """The hold has ended."""

    code = "order_expired"
    message = "The hold has ended and the seats were released. Search again for a fresh offer."


class OrderNotPayable(Conflict):
    """Paid, cancelled or expired already."""

    code = "order_not_payable"
    message = "This order is not waiting for a payment."


class PaymentInProgress(Conflict):
    """A payment of this order is being decided."""

    code = "payment_in_progress"
    message = "A payment for this order is in progress. Wait for its outcome."


class OrderNotCancellable(Conflict):
    """Only an unpaid order with a running hold can be cancelled like this."""

    code = "order_not_cancellable"
    message = "Only an order that waits for its payment can be cancelled."


class OrderNotArchivable(Conflict):
    """Not fulfilled, or not flown for a day yet."""

    code = "order_not_archivable"
    message = "Only a fulfilled order whose last flight landed a day ago can be archived."


class OrderNotRefundable(Conflict):
    """Not paid, or its money goes back already."""

    code = "order_not_refundable"
    message = "Only a paid order whose money has not been given back can be refunded."


class OrderFlown(Conflict):
    """The departure is past."""

    code = "order_flown"
    message = "The flight has departed."


class OrderNotChangeable(Conflict):
    """Not paid, without documents, or over."""

    code = "order_not_changeable"
    message = "The present status of this order does not allow that."


class RebookingImpossible(Conflict):
    """The other flight does not take the place of this one."""

    code = "rebooking_impossible"
    message = "The travellers cannot be moved to this flight."


class ConnectionMissed(Conflict):
    """Too little time is left between two flights of the trip."""

    code = "connection_missed"
    message = "With this flight a connection of the trip would be missed."


class HoldNotExtendable(Conflict):
    """Not waiting for a payment, or the limits are reached."""

    code = "hold_not_extendable"
    message = "This hold cannot be made longer."


class DocumentVoided(Gone):
    """Another document has taken its place, or its order was given up."""

    code = "document_voided"
    message = "This document is void."


class TooManyHolds(TooMany):
    """The caller holds as much as one may hold unpaid."""

    code = "too_many_holds"
    message = "Too many unpaid orders are open. Pay or cancel one first."


class PassengerMismatch(Invalid):
    """The passengers are not the ones that were searched for."""

    code = "passenger_mismatch"
    message = "Name exactly the passengers that were searched for, in the same order."


class PassengerTypeMismatch(Invalid):
    """The birth date contradicts the passenger's type on the day of the first departure."""

    code = "passenger_type_mismatch"
    message = "The birth date does not fit the passenger's type on the day of departure."


class UnknownProduct(Invalid):
    """No such product is on sale."""

    code = "unknown_product"
    message = "No such product is on sale."


class NotAnExtra(Invalid):
    """This product cannot be added like this."""

    code = "not_an_extra"
    message = "This product cannot be added to this offer in this way."


class UnknownSeat(Invalid):
    """The aircraft has no such seat in the booked cabin."""

    code = "unknown_seat"
    message = "There is no such seat in the booked cabin of this flight."
